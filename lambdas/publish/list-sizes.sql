with members as (
    select campaign, arm, arm_reason, is_new, value_at_risk, expected_profit, churn_probability
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        campaign,
        arm,
        coalesce(arm_reason, '') as arm_reason,
        count(*) as members,
        count(*) filter (where is_new) as new_members,
        count(churn_probability) as scored,
        coalesce(sum(value_at_risk), 0) as value_at_risk,
        coalesce(sum(expected_profit), 0) as expected_profit,
        cast(coalesce(sum(cast(round(churn_probability * 1000000) as bigint)), 0) as bigint) as churn_millionths
    from members
    group by campaign, arm, coalesce(arm_reason, '')
)

select * from final
