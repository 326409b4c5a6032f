-- The hundred customers with the most value at risk: how likely they are lost, when they last bought, and the first reason.
select
    scores.customer_key,
    scores.churn_probability,
    scores.risk_band,
    scores.value_at_risk,
    features.segment,
    features.last_order_on,
    features.frequency,
    features.monetary_value,
    scores.reason_1_code
from churn_scores as scores
inner join customer_features as features on scores.customer_key = features.customer_key
where scores.risk_band <> 'low'
order by scores.value_at_risk desc, scores.customer_key
limit 100
