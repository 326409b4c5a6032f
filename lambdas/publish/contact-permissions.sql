with people as (
    select customer_key
    from campaign_people_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select customer_key, orders_365d, largest_order_amount
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

contacts as (
    select
        customer_key,
        accepts_marketing,
        email is not null or phone is not null or customer_id is not null as is_reachable
    from customers_runs
    where as_of = :as_of and run_id = :run_id
),

identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

inputs as (
    select ingest_id, last_order_date
    from watermark_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

suppressions_told as (
    select s.email_key, s.phone_key, s.platform_key, s.told_epoch_s, s.is_lifted
    from suppressions as s
    inner join inputs as i on s.ingest_id = i.ingest_id
),

suppressions_by_key as (
    select email_key as identity_key, told_epoch_s, is_lifted from suppressions_told
    union all
    select phone_key as identity_key, told_epoch_s, is_lifted from suppressions_told
    union all
    select platform_key as identity_key, told_epoch_s, is_lifted from suppressions_told
),

suppressed_persons as (
    select
        coalesce(m.customer_key, s.identity_key) as customer_key,
        max(s.told_epoch_s) filter (where not s.is_lifted) as suppressed_at,
        max(s.told_epoch_s) filter (where s.is_lifted) as lifted_at
    from suppressions_by_key as s
    left join identity_map as m on s.identity_key = m.identity_key
    where s.identity_key is not null
    group by coalesce(m.customer_key, s.identity_key)
),

-- the second watermark: whatever any export has told by now of orders after as_of, each as told last
later_versions as (
    select
        v.email_key,
        v.phone_key,
        v.platform_key,
        v.status,
        row_number() over (partition by v.source, v.order_id order by v.version_epoch_s desc, v.ingest_id) as age
    from order_versions as v
    inner join inputs as i on v.ingest_id = i.ingest_id and i.last_order_date > :as_of
    where v.order_date > :as_of
),

later_orders as (
    select email_key, phone_key, platform_key
    from later_versions
    where age = 1 and status in ('completed', 'pending')
),

later_orders_by_key as (
    select email_key as identity_key from later_orders
    union
    select phone_key as identity_key from later_orders
    union
    select platform_key as identity_key from later_orders
),

later_buyers as (
    select distinct coalesce(m.customer_key, l.identity_key) as customer_key
    from later_orders_by_key as l
    left join identity_map as m on l.identity_key = m.identity_key
    where l.identity_key is not null
),

final as (
    select
        p.customer_key,
        case
            when s.suppressed_at >= coalesce(s.lifted_at, -1) then 'suppressed'
            when k.accepts_marketing = false then 'no_consent'
            when k.accepts_marketing is null and :unknown_consent_excluded = 1 then 'unknown_consent'
            when coalesce(k.is_reachable, false) = false then 'no_contact'
            when :wholesale_orders > 0 and f.orders_365d >= :wholesale_orders then 'wholesale'
            when :wholesale_amount > 0 and f.largest_order_amount >= :wholesale_amount then 'wholesale'
            when l.customer_key is not null then 'ordered_since'
        end as refused_because
    from people as p
    left join features as f on p.customer_key = f.customer_key
    left join contacts as k on p.customer_key = k.customer_key
    left join suppressed_persons as s on p.customer_key = s.customer_key
    left join later_buyers as l on p.customer_key = l.customer_key
)

select * from final
