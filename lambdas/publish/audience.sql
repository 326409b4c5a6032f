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
        s.value_at_risk,
        s.spend_if_active,
        s.average_gap_days,
        s.expected_next_order_on,
        s.reason_1_code,
        s.reason_1_value,
        s.reason_2_code,
        s.reason_2_value,
        s.reason_3_code,
        s.reason_3_value,
        f.last_order_on,
        f.recency_days,
        f.orders,
        f.monetary_value,
        f.segment,
        f.favourite_category
    from members as m
    inner join scores as s on m.customer_key = s.customer_key
    inner join features as f on m.customer_key = f.customer_key
    left join contacts as k on m.customer_key = k.customer_key
)

select * from final
