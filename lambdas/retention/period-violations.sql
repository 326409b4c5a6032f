with rows_of_run as (
    select *
    from retention_by_period_runs
    where as_of = :as_of and run_id = :run_id
),

named as (
    select r.*, r.cohort || ', ' || r.period_kind || ' from ' || cast(r.period_start as varchar) as subject
    from rows_of_run as r
),

cohort_sums as (
    select
        period_kind,
        period_start,
        sum(customers_start) as customers_start,
        sum(customers_end) as customers_end,
        sum(customers_new) as customers_new,
        sum(customers_retained) as customers_retained
    from named
    where cohort <> 'all'
    group by period_kind, period_start
),

sums as (
    select
        a.subject,
        a.is_complete,
        a.customers_start,
        a.customers_end,
        a.customers_new,
        a.customers_retained,
        coalesce(s.customers_start, 0) as cohorts_start,
        coalesce(s.customers_end, 0) as cohorts_end,
        coalesce(s.customers_new, 0) as cohorts_new,
        coalesce(s.customers_retained, 0) as cohorts_retained
    from named as a
    left join cohort_sums as s on a.period_kind = s.period_kind and a.period_start = s.period_start
    where a.cohort = 'all'
),

violations as (
    select 'E = retained + N + R' as rule, subject, customers_end as found,
        customers_retained + customers_new + customers_reactivated as expected
    from named
    where is_complete and customers_end <> customers_retained + customers_new + customers_reactivated
    union all
    select 'B = retained + L' as rule, subject, customers_start as found,
        customers_retained + customers_lost as expected
    from named
    where is_complete and customers_start <> customers_retained + customers_lost
    union all
    select 'B of the cohorts sums to all' as rule, subject, cohorts_start as found,
        customers_start as expected
    from sums
    where cohorts_start <> customers_start
    union all
    select 'E of the cohorts sums to all' as rule, subject, cohorts_end as found,
        customers_end as expected
    from sums
    where is_complete and cohorts_end <> customers_end
    union all
    select 'N of the cohorts sums to all' as rule, subject, cohorts_new as found,
        customers_new as expected
    from sums
    where is_complete and cohorts_new <> customers_new
    union all
    select 'retained of the cohorts sums to all' as rule, subject, cohorts_retained as found,
        customers_retained as expected
    from sums
    where is_complete and cohorts_retained <> customers_retained
    union all
    select 'E exists where the period is over, and only there' as rule, subject, customers_end as found,
        cast(null as bigint) as expected
    from named
    where
        is_complete <> (
            customers_end is not null
            and customers_new is not null
            and customers_reactivated is not null
            and customers_retained is not null
            and customers_lost is not null
        )
    union all
    select 'shares exist where the period is over and B is above 0' as rule, subject, customers_start as found,
        cast(null as bigint) as expected
    from named
    where
        (is_complete and customers_start > 0)
        <> (crr_pct is not null and retained_pct is not null and churn_rate_pct is not null)
    union all
    select 'retained_pct is between 0 and 100 and not above crr_pct' as rule, subject,
        cast(floor(retained_pct) as bigint) as found, cast(null as bigint) as expected
    from named
    where retained_pct < 0 or retained_pct > 100 or crr_pct < retained_pct or churn_rate_pct <> 100 - retained_pct
    union all
    select 'E of the horizon = customers with a purchase in the window' as rule, subject, customers_end as found,
        :active_customers as expected
    from named
    where cohort = 'all' and period_kind = 'horizon' and customers_end <> :active_customers
)

select * from violations
