with final as (
    select *
    from shop_metrics_runs
    where as_of = :as_of and run_id = :run_id
)

select * from final
