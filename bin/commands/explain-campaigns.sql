with campaigns as (
    select campaign, priority, name
    from campaigns
),

members as (
    select campaign, arm, arm_reason, position, entered_on, offer
    from campaign_members
    where customer_key = :customer_key
),

final as (
    select c.priority, c.name, m.campaign, m.arm, m.arm_reason, m.position, m.entered_on, m.offer
    from members as m
    inner join campaigns as c on m.campaign = c.campaign
)

select * from final
