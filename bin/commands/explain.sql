with named as (
    select identity_key
    from (values :keys) as given (identity_key)
),

persons as (
    select coalesce(i.customer_key, n.identity_key) as customer_key
    from named as n
    left join identities as i on n.identity_key = i.identity_key
),

found as (
    select distinct customer_key
    from persons
),

final as (
    select
        f.customer_key,
        f.as_of,
        f.segment,
        f.recency_score,
        f.frequency_score,
        f.monetary_score,
        f.first_order_on,
        f.last_order_on,
        f.recency_days,
        f.orders,
        f.frequency,
        f.monetary_value,
        f.refunded_amount,
        f.favourite_category,
        s.churn_probability,
        s.basis,
        s.model_id,
        d.verdict,
        d.reason,
        d.trained_on,
        s.risk_band,
        s.horizon_days,
        s.spend_if_active,
        s.value_at_risk,
        s.p_alive,
        s.average_gap_days,
        s.expected_next_order_on,
        s.reason_1_code,
        s.reason_1_value,
        s.reason_1_points,
        s.reason_2_code,
        s.reason_2_value,
        s.reason_2_points,
        s.reason_3_code,
        s.reason_3_value,
        s.reason_3_points
    from found as k
    inner join customer_features as f on k.customer_key = f.customer_key
    inner join churn_scores as s on k.customer_key = s.customer_key
    inner join models as d on s.model_id = d.model_id
)

select * from final
