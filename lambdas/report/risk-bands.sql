with final as (
    select
        risk_band,
        basis,
        band_from,
        band_to,
        cast(count(*) as bigint) as customers,
        cast(sum(value_at_risk) as decimal(18,4)) as value_at_risk
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id
    group by risk_band, basis, band_from, band_to
)

select * from final
