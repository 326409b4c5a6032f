with undone as (
    select ingest_id, source, order_id
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and status <> 'credit_note'
        and (refund_known_on is not null or cancel_known_on is not null)
),

final as (
    select
        cast(count(*) as bigint) as undone,
        cast(
            count(*) filter (
                where (v.status = 'cancelled' and v.cancelled_on is null)
                    or (v.refunded_amount > 0 and v.refunded_on is null)
            )
            as bigint
        ) as undated
    from undone as u
    inner join order_versions as v
        on u.ingest_id = v.ingest_id
        and u.source = v.source
        and u.order_id = v.order_id
)

select * from final
