with buyers as (
    select
        segment,
        recency_score,
        cast(ceil(cast(frequency_score + monetary_score as double) / 2) as integer) as value_score,
        monetary_value
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        recency_score,
        value_score,
        segment,
        cast(count(*) as bigint) as customers,
        cast(sum(monetary_value) as decimal(18,4)) as net_spend
    from buyers
    group by recency_score, value_score, segment
)

select * from final
