-- Retention of complete months with the counts that it rests on; left-censored months know too little of the past.
select
    period_start,
    customers_start,
    customers_retained,
    customers_new,
    customers_reactivated,
    customers_lost,
    retained_pct,
    crr_pct,
    retained_change_points,
    is_left_censored
from retention_by_period
where cohort = 'all' and period_kind = 'month' and is_complete
order by period_start desc
