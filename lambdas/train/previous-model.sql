with final as (
    select model_id, judged_on, judged_with
    from models_runs
    where as_of = :as_of and run_id = :run_id and is_champion
)

select * from final
