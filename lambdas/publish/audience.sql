with members as (
    select *
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id and arm = 'treatment'
),

contacts as (
    select *
    from customers_runs
    where as_of = :as_of and run_id = :run_id
),

measures as (
    select customer_key, last_order_on, spend_if_active
    from campaign_measures_runs
    where as_of = :as_of and run_id = :run_id
),

scores as (
    select *
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select *
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        m.campaign,
        m.position,
        m.customer_key,
        m.entered_on,
        m.is_new,
        m.offer,
        m.expected_profit,
        k.customer_id,
        k.email,
        k.phone,
        k.first_name,
        k.last_name,
        coalesce(k.country, f.country) as country,
        k.accepts_marketing,
        k.birthday,
        s.churn_probability,
        s.basis,
        s.risk_band,
        m.value_at_risk,
        b.spend_if_active,
        s.average_gap_days,
        s.expected_next_order_on,
        s.reason_1_code,
        s.reason_1_value,
        s.reason_2_code,
        s.reason_2_value,
        s.reason_3_code,
        s.reason_3_value,
        b.last_order_on,
        date_diff('day', b.last_order_on, :as_of) as recency_days,
        coalesce(f.orders, 0) as orders,
        cast(coalesce(f.monetary_value, 0) as decimal(18, 4)) as monetary_value,
        f.segment,
        f.favourite_category
    from members as m
    inner join measures as b on m.customer_key = b.customer_key
    left join scores as s on m.customer_key = s.customer_key
    left join features as f on m.customer_key = f.customer_key
    left join contacts as k on m.customer_key = k.customer_key
)

select * from final
