with named as (
    select customer_key
    from (values :keys) as given (customer_key)
),

final as (
    select f.*
    from customer_features as f
    inner join named as n on f.customer_key = n.customer_key
)

select * from final
