with final as (
    select question, group_kind, group_name, responses, promoters, passives, detractors, score, low, high
    from survey_scores_runs
    where as_of = :as_of and run_id = :run_id
)

select * from final
