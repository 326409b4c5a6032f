with scores as (
    select *
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id and risk_band <> 'low'
),

buyers as (
    select
        customer_key,
        last_order_on,
        recency_days,
        favourite_category
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

campaigns as (
    select campaign, name, priority
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

-- of several campaigns the one that contacts, else the one that would
members as (
    select
        m.customer_key,
        m.arm,
        m.position,
        c.name,
        row_number() over (
            partition by m.customer_key
            order by case m.arm when 'treatment' then 1 when 'control' then 2 else 3 end, c.priority
        ) as nth
    from campaign_members_runs as m
    inner join campaigns as c on m.campaign = c.campaign
    where m.as_of = :as_of and m.run_id = :run_id
),

ranked as (
    select
        scores.*,
        row_number() over (
            order by scores.value_at_risk desc, scores.churn_probability desc, scores.customer_key
        ) as place
    from scores
),

final as (
    select
        ranked.place,
        ranked.customer_key,
        ranked.churn_probability,
        ranked.risk_band,
        ranked.value_at_risk,
        buyers.last_order_on,
        buyers.recency_days,
        buyers.favourite_category,
        ranked.reason_1_code,
        ranked.reason_1_value,
        ranked.reason_1_points,
        ranked.reason_2_code,
        ranked.reason_2_value,
        ranked.reason_2_points,
        ranked.reason_3_code,
        ranked.reason_3_value,
        ranked.reason_3_points,
        members.name as list_name,
        members.position as list_place,
        members.arm
    from ranked
    inner join buyers on ranked.customer_key = buyers.customer_key
    left join members on ranked.customer_key = members.customer_key and members.nth = 1
    where ranked.place <= :most
)

select * from final
