with final as (
    select *
    from gap_histogram_runs
    where as_of = :as_of and run_id = :run_id
)

select * from final
