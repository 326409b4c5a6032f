with months as (
    select month_start, month_index, month_end <= :as_of as is_complete
    from (values :months) as given (month_start, month_end, month_index)
),

purchases as (
    select
        customer_key,
        order_date,
        gross_reporting
        - case when refund_known_on <= :as_of then coalesce(refunded_reporting, 0) else 0 end as net_spend
    from orders_runs
    where
        as_of = :as_of
        and run_id = :run_id
        and is_sale
        and order_date <= :as_of
        and (void_on is null or void_on > :as_of)
        and customer_key is not null
        and gross_reporting is not null
),

customer_months as (
    select
        customer_key,
        cast(date_trunc('month', order_date) as date) as month_start,
        count(*) as orders,
        sum(net_spend) as net_spend
    from purchases
    group by customer_key, cast(date_trunc('month', order_date) as date)
),

customers_in_cohorts as (
    select
        month_start,
        orders,
        net_spend,
        min(month_start) over (partition by customer_key) as cohort_month
    from customer_months
),

activity as (
    select
        c.cohort_month,
        m.month_index,
        count(*) as active_customers,
        cast(sum(c.orders) as bigint) as orders,
        sum(c.net_spend) as net_spend
    from customers_in_cohorts as c
    inner join months as m on c.month_start = m.month_start
    group by c.cohort_month, m.month_index
),

-- everybody in a cohort bought in its first month
cohorts as (
    select a.cohort_month, a.month_index as cohort_index, a.active_customers as cohort_customers
    from activity as a
    inner join months as m on a.cohort_month = m.month_start and a.month_index = m.month_index
),

grid as (
    select
        c.cohort_month,
        c.cohort_index + n.month_index as month_index,
        n.month_index as month_number,
        c.cohort_customers,
        c.cohort_index = 0 as is_left_censored
    from cohorts as c
    cross join months as n
),

final as (
    select
        g.cohort_month,
        g.month_number,
        g.cohort_customers,
        coalesce(m.is_complete, false) as is_complete,
        g.is_left_censored,
        case when m.month_index is not null then coalesce(a.active_customers, 0) end as active_customers,
        case
            when m.month_index is not null
                then cast(100 * coalesce(a.active_customers, 0) as double) / cast(g.cohort_customers as double)
        end as active_pct,
        case when m.month_index is not null then coalesce(a.orders, 0) end as orders,
        case when m.month_index is not null then coalesce(a.net_spend, 0) end as net_spend
    from grid as g
    left join months as m on g.month_index = m.month_index
    left join activity as a on g.cohort_month = a.cohort_month and g.month_index = a.month_index
)

select * from final
