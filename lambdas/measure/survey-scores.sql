with feedback as (
    select *
    from customer_feedback_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select customer_key, segment, substr(cast(first_order_on as varchar), 1, 7) as cohort
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

answers as (
    select customer_key, 'nps' as question, nps_theme as theme, nps_score >= 9 as is_promoter, nps_score <= 6 as is_detractor
    from feedback
    where nps_score is not null
    union all
    select customer_key, 'csat' as question, csat_theme as theme, csat_score >= 4 as is_promoter, csat_score <= 2 as is_detractor
    from feedback
    where csat_score is not null
),

described as (
    select a.*, coalesce(f.segment, 'unknown') as segment, coalesce(f.cohort, 'unknown') as cohort
    from answers as a
    left join features as f on a.customer_key = f.customer_key
),

grouped as (
    select question, 'all' as group_kind, 'all' as group_name, is_promoter, is_detractor from described
    union all
    select question, 'segment' as group_kind, segment as group_name, is_promoter, is_detractor from described
    union all
    select question, 'cohort' as group_kind, cohort as group_name, is_promoter, is_detractor from described
    union all
    select question, 'theme' as group_kind, theme as group_name, is_promoter, is_detractor from described
    where theme is not null
),

final as (
    select
        question,
        group_kind,
        group_name,
        count(*) as responses,
        count(*) filter (where is_promoter) as promoters,
        count(*) filter (where is_detractor) as detractors
    from grouped
    group by question, group_kind, group_name
)

select * from final
