with inputs as (
    select ingest_id
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

sightings as (
    select s.email_key, s.phone_key, s.platform_key, s.first_seen_at
    from customer_sightings as s
    inner join inputs as i on s.ingest_id = i.ingest_id
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
