with contacts as (
    select *
    from customers_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select customer_key, recency_days, country
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

permissions as (
    select customer_key, refused_because
    from contact_permissions_runs
    where as_of = :as_of and run_id = :run_id
),

arms as (
    select customer_key, arm
    from customer_arms_runs
    where as_of = :as_of and run_id = :run_id
),

excluded as (
    select customer_key, 'do_not_disturb' as audience, refused_because as because
    from permissions
    where refused_because in ('suppressed', 'no_consent', 'unknown_consent')

    union all

    select f.customer_key, 'recent_buyers' as audience, 'recent_buyer' as because
    from features as f
    inner join permissions as p on f.customer_key = p.customer_key
    where f.recency_days <= :recent_buyer_days or p.refused_because = 'ordered_since'

    union all

    select customer_key, 'control_group' as audience, 'control' as because
    from arms
    where arm = 'control'
),

final as (
    select
        e.audience,
        e.because,
        k.customer_key,
        k.customer_id,
        k.email,
        k.phone,
        k.first_name,
        k.last_name,
        coalesce(k.country, f.country) as country,
        k.accepts_marketing
    from excluded as e
    inner join contacts as k on e.customer_key = k.customer_key
    left join features as f on e.customer_key = f.customer_key
)

select * from final
