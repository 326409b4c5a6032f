with inputs as (
    select ingest_id
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

lines_told as (
    select count(*) as lines
    from order_line_versions as l
    inner join inputs as i on l.ingest_id = i.ingest_id
),

winners as (
    select
        cast(coalesce(sum(versions_seen - 1), 0) as bigint) as superseded_orders,
        count(distinct customer_key) as persons,
        count(*) filter (where customer_key is null) as orders_without_customer,
        count(*) filter (where gross_reporting is null) as orders_without_rate
    from orders_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select l.lines, w.superseded_orders, w.persons, w.orders_without_customer, w.orders_without_rate
    from lines_told as l
    cross join winners as w
)

select * from final
