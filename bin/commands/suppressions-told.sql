with told_now as (
    select given.ingest_id
    from (values :told_now) as given (ingest_id)
),

told_before as (
    select given.ingest_id
    from (values :told_before) as given (ingest_id)
),

people as (
    select distinct s.email_key, s.phone_key, s.platform_key
    from suppressions as s
    inner join told_now as n on s.ingest_id = n.ingest_id
),

earlier as (
    select s.email_key, s.phone_key, s.platform_key, s.told_epoch_s, s.is_lifted
    from suppressions as s
    inner join told_before as b on s.ingest_id = b.ingest_id
),

earlier_by_key as (
    select email_key as identity_key, told_epoch_s, is_lifted from earlier
    union all
    select phone_key as identity_key, told_epoch_s, is_lifted from earlier
    union all
    select platform_key as identity_key, told_epoch_s, is_lifted from earlier
),

suppressed_keys as (
    select identity_key
    from earlier_by_key
    where identity_key is not null
    group by identity_key
    having max(told_epoch_s) filter (where not is_lifted) >= coalesce(max(told_epoch_s) filter (where is_lifted), -1)
),

buyers_by_key as (
    select email_key as identity_key from order_versions
    union
    select phone_key as identity_key from order_versions
    union
    select platform_key as identity_key from order_versions
),

people_by_key as (
    select
        coalesce(email_key, platform_key, phone_key) as person,
        email_key as identity_key
    from people
    union
    select coalesce(email_key, platform_key, phone_key) as person, phone_key as identity_key from people
    union
    select coalesce(email_key, platform_key, phone_key) as person, platform_key as identity_key from people
),

final as (
    select
        count(distinct p.person) as people,
        count(distinct case when s.identity_key is not null then p.person end) as suppressed_before,
        count(distinct case when b.identity_key is not null then p.person end) as buyers
    from people_by_key as p
    left join suppressed_keys as s on p.identity_key = s.identity_key
    left join buyers_by_key as b on p.identity_key = b.identity_key
)

select * from final
