with dates as (
    select snapshot_on
    from (values :dates) as given (snapshot_on)
),

first_sales as (
    select customer_key, min(order_date) as first_sale_on
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and gross_reporting is not null
        and is_sale
    group by customer_key
),

final as (
    select
        substr(f.customer_key, 1, 4) as key_prefix,
        cast(count(distinct f.customer_key) as bigint) as customers,
        cast(count(*) as bigint) as snapshots
    from first_sales as f
    inner join dates as d on f.first_sale_on <= d.snapshot_on
    group by substr(f.customer_key, 1, 4)
)

select * from final
