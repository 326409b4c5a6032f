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

sightings as (
    select s.*, i.input_rank, coalesce(s.email_key, s.platform_key, s.phone_key) as identity_key
    from customer_sightings as s
    inner join inputs as i on s.ingest_id = i.ingest_id
),

persons as (
    select s.*, coalesce(m.customer_key, s.identity_key) as customer_key
    from sightings as s
    left join identity_map as m on s.identity_key = m.identity_key
    where s.identity_key is not null
),

ordered as (
    select
        p.*,
        row_number() over (
            partition by p.customer_key
            order by p.version_epoch_s, p.last_seen_at, p.input_rank, p.sighting_no
        ) as age_rank
    from persons as p
),

final as (
    select
        customer_key,
        max_by(email, age_rank) filter (where email is not null) as email,
        max_by(phone, age_rank) filter (where phone is not null) as phone,
        max_by(customer_id, age_rank) filter (where customer_id is not null) as customer_id,
        max_by(first_name, age_rank) filter (where first_name is not null) as first_name,
        max_by(last_name, age_rank) filter (where last_name is not null) as last_name,
        max_by(country, age_rank) filter (where country is not null) as country,
        max_by(birthday, age_rank) filter (where birthday is not null) as birthday,
        max_by(accepts_marketing, age_rank) filter (where accepts_marketing is not null) as accepts_marketing,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from ordered
    group by customer_key
)

select * from final
