with inputs as (
    select ingest_id
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        rejected_rows.reason,
        coalesce(rejected_rows.column_name, '') as column_name,
        cast(count(*) as bigint) as records
    from rejected_rows
    inner join inputs on rejected_rows.ingest_id = inputs.ingest_id
    group by rejected_rows.reason, coalesce(rejected_rows.column_name, '')
)

select * from final
