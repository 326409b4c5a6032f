with identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

-- everybody whom a night has seen has an arm
before as (
    select customer_key
    from customer_arms_runs
    where as_of = :previous_as_of and run_id = :previous_run_id
),

final as (
    select
        b.customer_key as earlier_key,
        coalesce(m.customer_key, b.customer_key) as customer_key
    from before as b
    left join identity_map as m on b.customer_key = m.identity_key
)

select * from final
