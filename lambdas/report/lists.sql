with campaigns as (
    select campaign, name, hint
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

members as (
    select campaign, offer, arm, is_new, value_at_risk
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        c.campaign,
        c.name,
        c.hint,
        m.offer,
        m.arm,
        count(*) as members,
        count(*) filter (where m.is_new) as new_members,
        sum(m.value_at_risk) as value_at_risk
    from campaigns as c
    inner join members as m on c.campaign = m.campaign
    group by c.campaign, c.name, c.hint, m.offer, m.arm
)

select * from final
