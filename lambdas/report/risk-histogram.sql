with scores as (
    select
        case
            when churn_probability >= 1 then 19
            else cast(floor(churn_probability * 20) as integer)
        end as bucket,
        risk_band
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id
),

final as (
    select
        bucket,
        risk_band,
        cast(count(*) as bigint) as customers
    from scores
    group by bucket, risk_band
)

select * from final
