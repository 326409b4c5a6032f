with winners as (
    select source, order_id, ingest_id, customer_key, order_date
    from orders_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        l.source,
        l.order_id,
        l.line_no,
        w.customer_key,
        w.order_date,
        l.sku,
        l.product,
        l.category,
        l.quantity,
        l.unit_price,
        l.amount
    from order_line_versions as l
    inner join winners as w
        on l.ingest_id = w.ingest_id and l.source = w.source and l.order_id = w.order_id
)

select * from final
