with inputs as (
    select ingest_id
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

told as (
    select r.*
    from receipts as r
    inner join inputs as i on r.ingest_id = i.ingest_id
),

-- one answer of a person to several questions is one record
taken as (
    select ingest_id, record_no from order_versions
    union all
    select ingest_id, record_no from suppressions
    union all
    select distinct ingest_id, record_no from survey_responses
),

stored as (
    select t.ingest_id, count(*) as records
    from taken as t
    inner join inputs as i on t.ingest_id = i.ingest_id
    group by t.ingest_id
),

orders_now as (
    select *
    from orders_runs
    where as_of = :as_of and run_id = :run_id
),

orders_before as (
    select count(*) as orders
    from orders_runs
    where as_of = :previous_as_of and run_id = :previous_run_id and order_date <= :previous_as_of
),

broken_receipts as (
    select count(*) as files
    from told
    where records_read <> orders_accepted + coalesce(people_accepted, 0) + lines_folded + duplicates + rejected
),

unstored as (
    select count(*) as files
    from told as t
    left join stored as s on t.ingest_id = s.ingest_id
    where t.orders_accepted + coalesce(t.people_accepted, 0) <> coalesce(s.records, 0)
),

repeated as (
    select count(*) as orders
    from (select source, order_id from orders_now group by source, order_id having count(*) > 1) as more_than_once
),

-- totals, repeated headers and shipments of what was sold elsewhere are no orders that were lost
no_orders as (
    select r.ingest_id, count(*) as records
    from rejected_rows as r
    inner join inputs as i on r.ingest_id = i.ingest_id
    where r.reason in ('summary_row', 'repeated_header', 'no_sale')
    group by r.ingest_id
),

-- an export all of whose orders another one told again does not matter any more
in_force as (
    select
        t.file_name,
        cast(100 as double) * (t.rejected - coalesce(n.records, 0))
            / nullif(t.records_read - coalesce(n.records, 0), 0) as rejected_pct
    from told as t
    inner join (select distinct ingest_id from orders_now) as w on t.ingest_id = w.ingest_id
    left join no_orders as n on t.ingest_id = n.ingest_id
),

rejects as (
    select coalesce(max(rejected_pct), 0) as worst_pct, max_by(file_name, rejected_pct) as worst_file
    from in_force
),

now as (
    select
        count(*) as orders,
        count(*) filter (where order_date <= :as_of and is_sale) as sales_by_as_of,
        max(case when order_date <= :as_of then order_date end) as newest_order_on,
        count(*) filter (where order_date <= :previous_as_of) as orders_by_previous,
        count(*) filter (where customer_key is null) as without_customer,
        count(*) filter (where gross_reporting is null) as without_rate,
        count(*) filter (where order_date <= :as_of and (refund_known_on > :as_of or cancel_known_on > :as_of))
            as undone_later
    from orders_now
),

final as (
    select
        b.files as broken_receipts,
        u.files as unstored_ingests,
        p.orders as repeated_orders,
        j.worst_pct as worst_rejected_pct,
        j.worst_file as worst_rejected_file,
        n.orders,
        n.sales_by_as_of,
        n.newest_order_on,
        n.orders_by_previous,
        n.without_customer,
        n.without_rate,
        n.undone_later,
        o.orders as orders_before
    from now as n
    cross join broken_receipts as b
    cross join unstored as u
    cross join repeated as p
    cross join rejects as j
    cross join orders_before as o
)

select * from final
