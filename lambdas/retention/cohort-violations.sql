with matrix as (
    select m.*, cast(m.cohort_month as varchar) || ', month ' || cast(m.month_number as varchar) as subject
    from cohort_matrix_runs as m
    where m.as_of = :as_of and m.run_id = :run_id
),

matrix_totals as (
    select
        coalesce(sum(case when month_number = 0 then cohort_customers end), 0) as customers,
        coalesce(sum(orders), 0) as orders
    from matrix
),

purchase_totals as (
    select count(distinct customer_key) as customers, count(*) as orders
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

violations as (
    select 'everybody is active in month 0, nobody beyond the cohort ever' as rule, subject,
        active_customers as found, cohort_customers as expected
    from matrix
    where
        active_customers > cohort_customers
        or (month_number = 0 and active_customers <> cohort_customers)
        or active_pct < 0
        or active_pct > 100
    union all
    select 'a month that has not begun has nulls, every other month has figures' as rule, subject,
        active_customers as found, cast(null as bigint) as expected
    from matrix
    where
        (cohort_month > :as_of or is_complete and active_customers is null)
        or (active_customers is null) <> (orders is null)
        or (active_customers is null) <> (net_spend is null)
        or (active_customers is null) <> (active_pct is null)
    union all
    select 'customers of the cohorts sum to all customers' as rule, 'all cohorts' as subject,
        m.customers as found, p.customers as expected
    from matrix_totals as m
    cross join purchase_totals as p
    where m.customers <> p.customers
    union all
    select 'purchases of the cohorts sum to all purchases' as rule, 'all cohorts' as subject,
        m.orders as found, p.orders as expected
    from matrix_totals as m
    cross join purchase_totals as p
    where m.orders <> p.orders
)

select * from violations
