with inputs as (
    select ingest_id, input_rank
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

rates as (
    select currency, valid_from, valid_to, rate
    from (values :rates) as given (currency, valid_from, valid_to, rate)
),

versions as (
    select
        v.*,
        v.version_epoch_s * 1048576 + i.input_rank as version_seq,
        coalesce(v.email_key, v.platform_key, v.phone_key) as identity_key,
        v.status = 'credit_note' as is_credit_note,
        -- an export made on the day after as_of tells what was so at the end of as_of
        case when date_diff('day', :as_of, v.version_on) = 1 then :as_of else v.version_on end as told_on
    from order_versions as v
    inner join inputs as i on v.ingest_id = i.ingest_id
),

-- a refund in a record of its own may bear the number of its order: it never takes the place of the sale
told_again as (
    select source, order_id, is_credit_note, max(version_seq) as version_seq, count(*) as versions_seen
    from versions
    group by source, order_id, is_credit_note
    having count(*) > 1
),

latest as (
    select v.*, coalesce(t.versions_seen, 1) as versions_seen
    from versions as v
    left join told_again as t
        on v.source = t.source and v.order_id = t.order_id and v.is_credit_note = t.is_credit_note
    where t.version_seq is null or v.version_seq = t.version_seq
),

credit_notes as (
    select source, order_id, refunded_amount, order_date, versions_seen
    from latest
    where is_credit_note
),

notes_of_sales as (
    select c.source, c.order_id
    from credit_notes as c
    inner join latest as l on c.source = l.source and c.order_id = l.order_id
    where not l.is_credit_note
),

winners as (
    select
        l.source,
        l.order_id,
        l.ingest_id,
        l.record_no,
        l.version_seq,
        l.told_on,
        l.identity_key,
        l.ordered_at,
        l.order_date,
        l.status,
        l.currency,
        l.gross_amount,
        case when c.refunded_amount > l.refunded_amount then c.refunded_amount else l.refunded_amount end as refunded_amount,
        l.discount_amount,
        case when c.refunded_amount > l.refunded_amount then c.order_date else l.refunded_on end as refunded_on,
        l.cancelled_on,
        l.country,
        l.channel,
        l.line_count,
        l.versions_seen + coalesce(c.versions_seen, 0) as versions_seen
    from latest as l
    left join credit_notes as c
        on not l.is_credit_note and l.source = c.source and l.order_id = c.order_id
    left join notes_of_sales as n
        on l.is_credit_note and l.source = n.source and l.order_id = n.order_id
    where n.order_id is null
),

-- a refund or cancellation without a date counts from the first export that shows it
first_told as (
    select
        w.source,
        w.order_id,
        min(case when v.status = 'cancelled' then v.told_on end) as cancel_told_on,
        min(case when v.refunded_amount >= w.refunded_amount then v.told_on end) as refund_told_on
    from winners as w
    inner join versions as v on w.source = v.source and w.order_id = v.order_id
    where w.status = 'cancelled' or w.refunded_amount > 0
    group by w.source, w.order_id
),

dated as (
    select
        w.*,
        w.status in ('completed', 'refunded', 'cancelled') and w.gross_amount > 0 as is_sale,
        case when w.status = 'cancelled' then coalesce(w.cancelled_on, f.cancel_told_on) end as cancel_known_on,
        case
            when w.refunded_amount <= 0 then null
            when w.status = 'credit_note' then w.order_date
            else coalesce(w.refunded_on, f.refund_told_on)
        end as refund_known_on
    from winners as w
    left join first_told as f on w.source = f.source and w.order_id = f.order_id
),

voided as (
    select
        d.*,
        case
            when d.cancel_known_on is null and d.refunded_amount < d.gross_amount then null
            when d.cancel_known_on is null then d.refund_known_on
            when d.refunded_amount < d.gross_amount then d.cancel_known_on
            when d.refund_known_on < d.cancel_known_on then d.refund_known_on
            else d.cancel_known_on
        end as void_on
    from dated as d
),

final as (
    select
        v.source,
        v.order_id,
        v.ingest_id,
        v.record_no,
        v.versions_seen,
        v.version_seq,
        coalesce(m.customer_key, v.identity_key) as customer_key,
        v.ordered_at,
        v.order_date,
        v.status,
        v.currency,
        v.gross_amount,
        v.refunded_amount,
        cast(v.gross_amount - v.refunded_amount as decimal(18, 4)) as net_amount,
        try_cast(cast(v.gross_amount as decimal(20, 6)) * r.rate as decimal(18, 4)) as gross_reporting,
        try_cast(cast(v.refunded_amount as decimal(20, 6)) * r.rate as decimal(18, 4)) as refunded_reporting,
        try_cast(cast(v.discount_amount as decimal(20, 6)) * r.rate as decimal(18, 4)) as discount_reporting,
        v.is_sale,
        v.refund_known_on,
        v.void_on,
        v.cancel_known_on,
        v.country,
        v.channel,
        v.line_count
    from voided as v
    left join identity_map as m on v.identity_key = m.identity_key
    left join rates as r
        on v.currency = r.currency and v.order_date >= r.valid_from and v.order_date < r.valid_to
)

select * from final
