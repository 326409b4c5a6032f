with members as (
    select campaign, arm, excluded_because, is_new, value_at_risk
    from campaign_members_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        campaign,
        count(*) filter (where arm = 'treatment') as treatment,
        count(*) filter (where arm = 'treatment' and is_new) as new_members,
        coalesce(sum(value_at_risk) filter (where arm = 'treatment'), 0) as value_at_risk,
        count(*) filter (where arm = 'control') as control,
        count(*) filter (where excluded_because = 'no_consent') as no_consent,
        count(*) filter (where excluded_because = 'unknown_consent') as unknown_consent
    from members
    group by campaign
)

select * from final
