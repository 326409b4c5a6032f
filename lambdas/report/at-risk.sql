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

members as (
    select
        customer_key,
        coalesce(min(campaign) filter (where campaign like 'win_back%'), min(campaign)) as campaign,
        coalesce(
            min_by(position, campaign) filter (where campaign like 'win_back%'),
            min_by(position, campaign)
        ) as list_place,
        cast(count(*) filter (where arm = 'control') as bigint) as control_places,
        cast(count(*) filter (where arm = 'excluded') as bigint) as excluded_places
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id
    group by customer_key
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
        members.campaign,
        members.list_place,
        coalesce(members.control_places, 0) as control_places,
        coalesce(members.excluded_places, 0) as excluded_places
    from ranked
    inner join buyers on ranked.customer_key = buyers.customer_key
    left join members on ranked.customer_key = members.customer_key
    where ranked.place <= :most
)

select * from final
