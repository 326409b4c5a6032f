with inputs as (
    select ingest_id
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

-- what a later order tells of who is who is not known yet
sightings as (
    select v.email_key, v.phone_key, v.platform_key, min(v.ordered_at) as first_seen_at
    from order_versions as v
    inner join inputs as i on v.ingest_id = i.ingest_id
    where v.order_date <= :as_of
    group by v.email_key, v.phone_key, v.platform_key
),

first_seen as (
    select identity_key, min(first_seen_at) as first_seen_at
    from (
        select email_key as identity_key, first_seen_at from sightings
        union all
        select phone_key as identity_key, first_seen_at from sightings
        union all
        select platform_key as identity_key, first_seen_at from sightings
    ) as keys
    where identity_key is not null
    group by identity_key
),

links as (
    select email_key as left_key, platform_key as right_key from sightings
    union
    select email_key as left_key, phone_key as right_key from sightings
    union
    select platform_key as left_key, phone_key as right_key from sightings
),

final as (
    select
        l.left_key,
        l.right_key,
        a.first_seen_at as left_seen_at,
        b.first_seen_at as right_seen_at
    from links as l
    inner join first_seen as a on l.left_key = a.identity_key
    inner join first_seen as b on l.right_key = b.identity_key
)

select * from final
