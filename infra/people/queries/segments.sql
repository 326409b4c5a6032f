-- How large each segment is, what it spent, and how much of it is at high risk.
select
    features.segment,
    count(*) as customers,
    sum(features.monetary_value) as net_spend,
    count(*) filter (where scores.risk_band = 'high') as at_high_risk,
    sum(scores.value_at_risk) as value_at_risk
from customer_features as features
inner join churn_scores as scores on features.customer_key = scores.customer_key
group by features.segment
order by value_at_risk desc
