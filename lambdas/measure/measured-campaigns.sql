with episodes as (
    select campaign, entered_on
    from campaign_episodes_runs
    where as_of = :as_of and run_id = :run_id
),

campaigns as (
    select campaign, expected_lift
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

entered as (
    select
        campaign,
        count(*) filter (where date_diff('day', entered_on, :as_of) < :window_days) as still_open
    from episodes
    group by campaign
),

-- a campaign that has ended is still measured
final as (
    select
        coalesce(c.campaign, e.campaign) as campaign,
        coalesce(e.still_open, 0) as still_open,
        c.expected_lift
    from campaigns as c
    full outer join entered as e on c.campaign = e.campaign
)

select * from final
