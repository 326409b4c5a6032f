with campaigns as (
    select campaign, name
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

results as (
    select *
    from campaign_results_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select r.*, c.name
    from results as r
    left join campaigns as c on r.campaign = c.campaign
)

select * from final
