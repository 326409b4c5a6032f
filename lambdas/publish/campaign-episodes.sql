with members as (
    select *
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id and arm <> 'excluded'
),

campaigns as (
    select campaign, campaign_group, contact_cost, control_pct, max_days, ends_on_purchase
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

measures as (
    select customer_key, last_order_on, churn_probability, spend_if_active, value_at_risk
    from campaign_measures_runs
    where as_of = :as_of and run_id = :run_id
),

permissions as (
    select customer_key, refused_because
    from contact_permissions_runs
    where as_of = :as_of and run_id = :run_id
),

arms as (
    select customer_key, control_pct
    from customer_arms_runs
    where as_of = :as_of and run_id = :run_id
),

fits as (
    select campaign, customer_key
    from campaign_fits_runs
    where as_of = :as_of and run_id = :run_id and rule = 'stays'
),

-- people who turned out to be one may have entered on the same day, even in both arms
told_before as (
    select
        e.*,
        row_number() over (
            partition by e.campaign, e.customer_key, e.entered_on
            order by e.left_on is not null, e.arm, e.earlier_key
        ) as nth,
        min(e.arm) over (partition by e.campaign, e.customer_key, e.entered_on)
        <> max(e.arm) over (partition by e.campaign, e.customer_key, e.entered_on) as is_split
    from episodes_before_runs as e
    where e.as_of = :as_of and e.run_id = :run_id
),

before as (
    select
        e.campaign,
        e.customer_key,
        e.entered_on,
        case when e.left_on is null and t.customer_key is null then :as_of else e.left_on end as left_on,
        case
            when e.left_on is not null or t.customer_key is not null then e.left_because
            when c.campaign is null then 'campaign_ended'
            when p.refused_because is not null and p.refused_because <> 'ordered_since' then p.refused_because
            when c.ends_on_purchase and (m.last_order_on > e.last_order_on or p.refused_because = 'ordered_since')
                then 'purchase'
            when date_diff('day', e.entered_on, :as_of) >= c.max_days then 'max_days'
            when f.customer_key is null then 'rule'
            else 'merged'
        end as left_because,
        e.campaign_group,
        e.arm,
        e.arm_reason,
        e.control_share_pct,
        e.is_contaminated or e.is_split as was_contaminated,
        e.is_against_arm,
        e.offer,
        e.last_order_on,
        e.contact_cost,
        e.value_at_risk,
        e.spend_if_active,
        e.churn_probability,
        e.horizon_days
    from told_before as e
    left join campaigns as c on e.campaign = c.campaign
    left join members as t
        on e.campaign = t.campaign and e.customer_key = t.customer_key and e.entered_on = t.entered_on and e.arm = t.arm
    left join permissions as p on e.customer_key = p.customer_key
    left join measures as m on e.customer_key = m.customer_key
    left join fits as f on e.campaign = f.campaign and e.customer_key = f.customer_key
    where e.nth = 1
),

entered as (
    select
        t.campaign,
        t.customer_key,
        t.entered_on,
        cast(null as date) as left_on,
        cast(null as varchar) as left_because,
        c.campaign_group,
        t.arm,
        t.arm_reason,
        100 - (100 - a.control_pct) * (100 - c.control_pct) / 100 as control_share_pct,
        false as was_contaminated,
        false as is_against_arm,
        t.offer,
        m.last_order_on,
        c.contact_cost,
        m.value_at_risk,
        m.spend_if_active,
        m.churn_probability,
        :horizon_days as horizon_days
    from members as t
    inner join campaigns as c on t.campaign = c.campaign
    inner join measures as m on t.customer_key = m.customer_key
    inner join arms as a on t.customer_key = a.customer_key
    where t.is_new
),

episodes as (
    select * from before
    union all
    select * from entered
),

final as (
    select
        e.*,
        e.was_contaminated
        or bool_or(e.is_against_arm) over (partition by e.customer_key)
        or min(e.arm) over (partition by e.campaign, e.customer_key)
        <> max(e.arm) over (partition by e.campaign, e.customer_key) as is_contaminated
    from episodes as e
)

select * from final
