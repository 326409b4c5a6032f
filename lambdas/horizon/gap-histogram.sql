with purchase_days as (
    select distinct customer_key, order_date
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and gross_reporting is not null
        and is_sale
        and order_date <= :as_of
        and (void_on is null or void_on > :as_of)
),

followed_days as (
    select
        order_date,
        lead(order_date) over (partition by customer_key order by order_date) as next_on
    from purchase_days
),

gaps as (
    select
        order_date,
        date_diff('day', order_date, coalesce(next_on, :as_of)) as days,
        next_on is null as is_open
    from followed_days
),

final as (
    select
        cast(days as integer) as days,
        cast(count(*) filter (where not is_open) as bigint) as purchases,
        cast(count(*) filter (where is_open) as bigint) as censored,
        min(order_date) as earliest_on
    from gaps
    group by days
)

select * from final
