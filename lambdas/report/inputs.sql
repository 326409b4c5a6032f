with inputs as (
    select
        ingest_id,
        input_rank
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        inputs.input_rank,
        receipts.file_name,
        receipts.layout,
        receipts.records_read,
        receipts.orders_accepted + coalesce(receipts.people_accepted, 0) as accepted,
        receipts.lines_folded,
        receipts.duplicates,
        receipts.rejected,
        receipts.conflicts,
        receipts.first_order_date,
        receipts.last_order_date
    from inputs
    inner join receipts on inputs.ingest_id = receipts.ingest_id
)

select * from final
