with told_now as (
    select given.ingest_id
    from (values :told_now) as given (ingest_id)
),

final as (
    select r.reason, coalesce(r.column_name, '') as column_name, count(*) as records
    from rejected_rows as r
    inner join told_now as n on r.ingest_id = n.ingest_id
    group by r.reason, coalesce(r.column_name, '')
)

select * from final
