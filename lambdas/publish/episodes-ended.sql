with final as (
    select campaign, left_because, count(*) as episodes
    from campaign_episodes_runs
    where as_of = :as_of and run_id = :run_id and left_on = :as_of
    group by campaign, left_because
)

select * from final
