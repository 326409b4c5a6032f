with people_before as (
    select earlier_key, customer_key
    from people_before_runs
    where as_of = :as_of and run_id = :run_id
),

arms as (
    select customer_key, arm
    from customer_arms_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        e.campaign,
        p.earlier_key,
        p.customer_key,
        e.entered_on,
        e.left_on,
        e.left_because,
        e.campaign_group,
        e.arm,
        e.arm_reason,
        e.control_share_pct,
        e.is_contaminated,
        (a.arm = 'control' and e.arm = 'treatment')
        or (a.arm = 'treatment' and coalesce(e.arm_reason, '') = 'global') as is_against_arm,
        e.offer,
        e.last_order_on,
        e.contact_cost,
        e.value_at_risk,
        e.spend_if_active,
        e.churn_probability,
        e.horizon_days
    from campaign_episodes_runs as e
    inner join people_before as p on e.customer_key = p.earlier_key
    inner join arms as a on p.customer_key = a.customer_key
    where e.as_of = :previous_as_of and e.run_id = :previous_run_id
)

select * from final
