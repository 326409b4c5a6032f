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
    select customer_key, arm, control_pct
    from customer_arms_runs
    where as_of = :as_of and run_id = :run_id
),

fits as (
    select campaign, customer_key
    from campaign_fits_runs
    where as_of = :as_of and run_id = :run_id and rule = 'stays'
),

identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

told_before as (
    select
        e.*,
        coalesce(i.customer_key, e.customer_key) as person,
        row_number() over (
            partition by e.campaign, coalesce(i.customer_key, e.customer_key), e.entered_on
            order by e.left_on is not null, e.arm, e.customer_key
        ) as nth
    from campaign_episodes_runs as e
    left join identity_map as i on e.customer_key = i.identity_key
    where e.as_of = :previous_as_of and e.run_id = :previous_run_id
),

-- people who turned out to be one may have entered on the same day in both arms
was_split as (
    select campaign, person, entered_on, min(arm) <> max(arm) as is_split
    from told_before
    group by campaign, person, entered_on
),

before as (
    select
        e.campaign,
        e.person as customer_key,
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
        e.is_contaminated or s.is_split as was_contaminated,
        e.offer,
        e.last_order_on,
        e.contact_cost,
        e.value_at_risk,
        e.spend_if_active,
        e.churn_probability,
        e.horizon_days
    from told_before as e
    inner join was_split as s on e.campaign = s.campaign and e.person = s.person and e.entered_on = s.entered_on
    left join campaigns as c on e.campaign = c.campaign
    left join members as t
        on e.campaign = t.campaign and e.person = t.customer_key and e.entered_on = t.entered_on and e.arm = t.arm
    left join permissions as p on e.person = p.customer_key
    left join measures as m on e.person = m.customer_key
    left join fits as f on e.campaign = f.campaign and e.person = f.customer_key
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

-- somebody of one global arm who has an episode in the other
against_arm as (
    select distinct e.customer_key
    from episodes as e
    inner join arms as a on e.customer_key = a.customer_key
    where (e.arm = 'treatment' and a.arm = 'control') or (e.arm_reason = 'global' and a.arm = 'treatment')
),

final as (
    select
        e.campaign,
        e.customer_key,
        e.entered_on,
        e.left_on,
        e.left_because,
        e.campaign_group,
        e.arm,
        e.arm_reason,
        e.control_share_pct,
        e.was_contaminated
        or x.customer_key is not null
        or min(e.arm) over (partition by e.campaign, e.customer_key)
        <> max(e.arm) over (partition by e.campaign, e.customer_key) as is_contaminated,
        e.offer,
        e.last_order_on,
        e.contact_cost,
        e.value_at_risk,
        e.spend_if_active,
        e.churn_probability,
        e.horizon_days
    from episodes as e
    left join against_arm as x on e.customer_key = x.customer_key
)

select * from final
