with periods as (
    select
        period_no,
        period_kind,
        period_start,
        period_end,
        day_before,
        last_day,
        period_end <= :as_of as is_complete,
        day_before - :active_window_days + 1 < :first_day as is_left_censored
    from (values :periods) as given (period_no, period_kind, period_start, period_end, day_before, last_day)
),

cohorts as (
    select cohort_month
    from cohort_matrix_runs
    where as_of = :as_of and run_id = :run_id and month_number = 0
),

purchase_days as (
    select customer_key, order_date, date_diff('day', date '1970-01-01', order_date) as purchase_day
    from orders_runs
    where
        as_of = :as_of
        and run_id = :run_id
        and is_sale
        and order_date <= :as_of
        and (void_on is null or void_on > :as_of)
        and customer_key is not null
        and gross_reporting is not null
    group by customer_key, order_date
),

days_in_order as (
    select
        customer_key,
        purchase_day,
        min(order_date) over (partition by customer_key) as first_purchase_on,
        lag(purchase_day) over (partition by customer_key order by purchase_day) as previous_purchase_day
    from purchase_days
),

-- a spell goes on while the next purchase comes no later than the day after the window of the last one
days_in_spells as (
    select
        customer_key,
        first_purchase_on,
        purchase_day,
        sum(case when purchase_day - previous_purchase_day <= :active_window_days then 0 else 1 end) over (
            partition by customer_key order by purchase_day rows unbounded preceding
        ) as spell_no
    from days_in_order
),

spells as (
    select
        customer_key,
        first_purchase_on,
        cast(date_trunc('month', first_purchase_on) as date) as cohort_month,
        min(purchase_day) as active_from,
        max(purchase_day) + :active_window_days - 1 as active_to
    from days_in_spells
    group by customer_key, first_purchase_on, spell_no
),

-- only periods with a boundary inside the spell
spells_in_periods as (
    select
        s.customer_key,
        s.cohort_month,
        p.period_no,
        s.first_purchase_on >= p.period_start and s.first_purchase_on <= p.period_end as is_new,
        s.active_from <= p.day_before as at_start,
        s.active_to >= p.last_day and p.is_complete as at_end
    from spells as s
    inner join periods as p
        on s.active_from <= p.last_day
        and s.active_to >= p.day_before
        and (s.active_from <= p.day_before or s.active_to >= p.last_day)
),

-- who lapsed and came back within a period has two spells in it
customers_in_periods as (
    select
        customer_key,
        cohort_month,
        period_no,
        is_new,
        bool_or(at_start) as at_start,
        bool_or(at_end) as at_end
    from spells_in_periods
    group by customer_key, cohort_month, period_no, is_new
),

counts as (
    select
        cohort_month,
        period_no,
        count(*) filter (where at_start) as customers_start,
        count(*) filter (where at_end) as customers_end,
        count(*) filter (where at_end and is_new) as customers_new,
        count(*) filter (where at_end and not at_start and not is_new) as customers_reactivated,
        count(*) filter (where at_start and at_end) as customers_retained,
        count(*) filter (where at_start and not at_end) as customers_lost
    from customers_in_periods
    group by cohort_month, period_no
),

cohort_rows as (
    select
        substr(cast(c.cohort_month as varchar), 1, 7) as cohort,
        p.period_no,
        coalesce(n.customers_start, 0) as customers_start,
        coalesce(n.customers_end, 0) as customers_end,
        coalesce(n.customers_new, 0) as customers_new,
        coalesce(n.customers_reactivated, 0) as customers_reactivated,
        coalesce(n.customers_retained, 0) as customers_retained,
        coalesce(n.customers_lost, 0) as customers_lost
    from cohorts as c
    inner join periods as p on p.period_end >= c.cohort_month
    left join counts as n on c.cohort_month = n.cohort_month and p.period_no = n.period_no
),

all_rows as (
    select
        'all' as cohort,
        p.period_no,
        cast(coalesce(sum(n.customers_start), 0) as bigint) as customers_start,
        cast(coalesce(sum(n.customers_end), 0) as bigint) as customers_end,
        cast(coalesce(sum(n.customers_new), 0) as bigint) as customers_new,
        cast(coalesce(sum(n.customers_reactivated), 0) as bigint) as customers_reactivated,
        cast(coalesce(sum(n.customers_retained), 0) as bigint) as customers_retained,
        cast(coalesce(sum(n.customers_lost), 0) as bigint) as customers_lost
    from periods as p
    left join counts as n on p.period_no = n.period_no
    group by p.period_no
),

counted as (
    select * from cohort_rows
    union all
    select * from all_rows
),

rated as (
    select
        c.cohort,
        p.period_kind,
        p.period_start,
        p.period_end,
        p.is_complete,
        p.is_left_censored,
        c.customers_start,
        case when p.is_complete then c.customers_end end as customers_end,
        case when p.is_complete then c.customers_new end as customers_new,
        case when p.is_complete then c.customers_reactivated end as customers_reactivated,
        case when p.is_complete then c.customers_retained end as customers_retained,
        case when p.is_complete then c.customers_lost end as customers_lost,
        case
            when p.is_complete and c.customers_start > 0
                then cast(100 * (c.customers_end - c.customers_new) as double) / cast(c.customers_start as double)
        end as crr_pct,
        case
            when p.is_complete and c.customers_start > 0
                then cast(100 * c.customers_retained as double) / cast(c.customers_start as double)
        end as retained_pct,
        p.is_complete and c.customers_start > 0 and c.customers_reactivated > 0 as crr_counts_reactivated
    from counted as c
    inner join periods as p on c.period_no = p.period_no
),

final as (
    select
        cohort,
        period_kind,
        period_start,
        period_end,
        :active_window_days as active_window_days,
        is_complete,
        is_left_censored,
        customers_start,
        customers_end,
        customers_new,
        customers_reactivated,
        customers_retained,
        customers_lost,
        crr_pct,
        retained_pct,
        100 - retained_pct as churn_rate_pct,
        crr_counts_reactivated,
        retained_pct
        - lag(retained_pct) over (partition by cohort, period_kind order by period_start) as retained_change_points
    from rated
)

select * from final
