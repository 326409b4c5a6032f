with final as (
    select count(*) as people
    from contact_permissions_runs
    where as_of = :as_of and run_id = :run_id and refused_because = 'suppressed'
)

select * from final
