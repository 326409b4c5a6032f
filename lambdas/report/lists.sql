with final as (
    select
        campaign,
        offer,
        arm,
        cast(count(*) as bigint) as members,
        cast(count(*) filter (where is_new) as bigint) as new_members,
        cast(sum(value_at_risk) as decimal(18,4)) as value_at_risk
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id
    group by campaign, offer, arm
)

select * from final
