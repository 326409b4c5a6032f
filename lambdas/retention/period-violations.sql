with rows_of_run as (
    select *
    from retention_by_period_runs
    where as_of = :as_of and run_id = :run_id
),

named as (
    select r.*, r.cohort || ', ' || r.period_kind || ' from ' || cast(r.period_start as varchar) as subject
    from rows_of_run as r
),

all_customers as (
    select *
    from named
    where cohort = 'all'
),

cohort_sums as (
    select
        period_kind,
        period_start,
        sum(customers_start) as customers_start,
        sum(customers_end) as customers_end,
        sum(customers_new) as customers_new,
        sum(customers_retained) as customers_retained
    from named
    where cohort <> 'all'
    group by period_kind, period_start
),

active_on_as_of as (
    select count(distinct customer_key) as customers
    from orders_runs
    where
        as_of = :as_of
        and run_id = :run_id
        and is_sale
        and order_date <= :as_of
        and order_date >= :window_start
        and (void_on is null or void_on > :as_of)
        and customer_key is not null
        and gross_reporting is not null
),

violations as (
    select 'E = retained + N + R' as rule, subject, customers_end as found,
        customers_retained + customers_new + customers_reactivated as expected
    from named
    where is_complete and customers_end <> customers_retained + customers_new + customers_reactivated
    union all
    select 'B = retained + L' as rule, subject, customers_start as found,
        customers_retained + customers_lost as expected
    from named
    where is_complete and customers_start <> customers_retained + customers_lost
    union all
    select 'B of the cohorts sums to all' as rule, a.subject, coalesce(s.customers_start, 0) as found,
        a.customers_start as expected
    from all_customers as a
    left join cohort_sums as s on a.period_kind = s.period_kind and a.period_start = s.period_start
    where coalesce(s.customers_start, 0) <> a.customers_start
    union all
    select 'E of the cohorts sums to all' as rule, a.subject, coalesce(s.customers_end, 0) as found,
        a.customers_end as expected
    from all_customers as a
    left join cohort_sums as s on a.period_kind = s.period_kind and a.period_start = s.period_start
    where a.is_complete and coalesce(s.customers_end, 0) <> a.customers_end
    union all
    select 'N of the cohorts sums to all' as rule, a.subject, coalesce(s.customers_new, 0) as found,
        a.customers_new as expected
    from all_customers as a
    left join cohort_sums as s on a.period_kind = s.period_kind and a.period_start = s.period_start
    where a.is_complete and coalesce(s.customers_new, 0) <> a.customers_new
    union all
    select 'retained of the cohorts sums to all' as rule, a.subject, coalesce(s.customers_retained, 0) as found,
        a.customers_retained as expected
    from all_customers as a
    left join cohort_sums as s on a.period_kind = s.period_kind and a.period_start = s.period_start
    where a.is_complete and coalesce(s.customers_retained, 0) <> a.customers_retained
    union all
    select 'E exists where the period is over, and only there' as rule, subject, customers_end as found,
        cast(null as bigint) as expected
    from named
    where
        is_complete <> (
            customers_end is not null
            and customers_new is not null
            and customers_reactivated is not null
            and customers_retained is not null
            and customers_lost is not null
        )
    union all
    select 'shares exist where the period is over and B is above 0' as rule, subject, customers_start as found,
        cast(null as bigint) as expected
    from named
    where
        (is_complete and customers_start > 0)
        <> (crr_pct is not null and retained_pct is not null and churn_rate_pct is not null)
    union all
    select 'retained_pct is between 0 and 100 and not above crr_pct' as rule, subject,
        cast(floor(retained_pct) as bigint) as found, cast(null as bigint) as expected
    from named
    where retained_pct < 0 or retained_pct > 100 or crr_pct < retained_pct or churn_rate_pct <> 100 - retained_pct
    union all
    select 'E of the horizon = customers with a purchase in the window' as rule, a.subject, a.customers_end as found,
        c.customers as expected
    from all_customers as a
    cross join active_on_as_of as c
    where a.period_kind = 'horizon' and a.customers_end <> c.customers
)

select * from violations
