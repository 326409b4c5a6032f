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
        customers as found, :customers as expected
    from matrix_totals
    where customers <> :customers
    union all
    select 'purchases of the cohorts sum to all purchases' as rule, 'all cohorts' as subject,
        orders as found, :customer_orders as expected
    from matrix_totals
    where orders <> :customer_orders
)

select * from violations
