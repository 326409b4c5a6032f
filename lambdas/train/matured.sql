with predictions as (
    select customer_key, churn_probability
    from churn_scores_runs
    where as_of = :predicted_on and run_id = :predicted_by
),

buyers as (
    select customer_key, recency_days
    from customer_features_runs
    where as_of = :predicted_on and run_id = :predicted_by
),

-- keys that have become one person since
persons as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

-- what followed, as it was known when the horizon ended
purchases as (
    select customer_key, count(*) as orders
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and gross_reporting is not null
        and is_sale
        and date_diff('day', :predicted_on, order_date) between 1 and :horizon_days
        and (void_on is null or date_diff('day', :predicted_on, void_on) > :horizon_days)
    group by customer_key
),

outcomes as (
    select
        -- ten-thousandths of the probability: fine enough for every figure, and few enough to count
        cast(floor(p.churn_probability * 10000) as integer) as score,
        b.recency_days < :horizon_days as is_active,
        w.orders is null as is_lost
    from predictions as p
    inner join buyers as b on p.customer_key = b.customer_key
    left join persons as i on p.customer_key = i.identity_key
    left join purchases as w on coalesce(i.customer_key, p.customer_key) = w.customer_key
),

final as (
    select score, is_active, is_lost, cast(count(*) as bigint) as customers
    from outcomes
    group by score, is_active, is_lost
)

select * from final
