-- Tonight's campaigns: who is to be contacted, who is held back to measure against, who is new on the list.
select
    campaign,
    arm,
    count(*) as customers,
    count(*) filter (where is_new) as new_members,
    sum(value_at_risk) as value_at_risk
from campaign_members
group by campaign, arm
order by campaign, arm
