with final as (
    select campaign, verdict, lift_points, lift_low, controls, controls_reactivated
    from campaign_results_runs
    where as_of = :previous_as_of and run_id = :previous_run_id
)

select * from final
