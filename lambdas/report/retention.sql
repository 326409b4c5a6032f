with final as (
    select *
    from retention_by_period_runs
    where as_of = :as_of and run_id = :run_id and cohort = 'all'
)

select * from final
