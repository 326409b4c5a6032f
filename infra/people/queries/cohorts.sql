-- Of the customers of each first month, the share that bought again in each of the next twelve.
select cohort_month, month_number, cohort_customers, active_customers, active_pct
from cohort_matrix
where month_number between 1 and 12 and is_complete
order by cohort_month desc, month_number
