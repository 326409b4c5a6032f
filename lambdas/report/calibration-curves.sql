with final as (
    select *
    from calibration_curves_runs
    where as_of = :as_of and run_id = :run_id
)

select * from final
