with final as (
    select *
    from model_metrics_runs
    where as_of = :as_of and run_id = :run_id
)

select * from final
