/**
 * A question that an analyst asks of a table, and the statement that answers it. On Athena a table is read by its name;
 * locally `published('<name>')` stands for it.
 */
export interface TableExample {
  readonly question: string;
  /** The statement; the published table stands as `{table}`. */
  readonly sql: string;
}

/** Examples by table, for those that people ask things of. */
export const tableExamples: Readonly<Record<string, TableExample>> = {
  orders: {
    question: 'Sales per month',
    sql: `select date_trunc('month', order_date) as month, count(*) as orders, sum(gross_reporting) as gross
from {table}
where is_sale
group by 1
order by 1`,
  },
  order_lines: {
    question: 'What is bought most',
    sql: `select product, count(distinct customer_key) as buyers, sum(quantity) as pieces
from {table}
group by 1
order by 2 desc, 1
limit 20`,
  },
  customer_features: {
    question: 'How large each segment is and what it is worth',
    sql: `select segment, count(*) as buyers, sum(monetary_value) as net_spend
from {table}
group by 1
order by 3 desc`,
  },
  retention_by_period: {
    question: 'Retention by month, with the number of customers that it rests on',
    sql: `select period_start, customers_start, retained_pct, crr_pct
from {table}
where cohort = 'all' and period_kind = 'month' and is_complete
order by 1`,
  },
  cohort_matrix: {
    question: 'Who came back half a year after the first purchase, by cohort',
    sql: `select cohort_month, cohort_customers, active_pct
from {table}
where month_number = 6 and active_customers is not null
order by 1`,
  },
  shop_metrics: {
    question: 'The headline figures with their definitions',
    sql: `select metric, value, unit, covered_days, definition
from {table}
order by 1`,
  },
  horizons: {
    question: 'After how many days a customer counts as lost, and why',
    sql: `select horizon_days, rule, gap_p50_days, gap_p90_days, resurrection_pct
from {table}`,
  },
  models: {
    question: 'What the scores rest on',
    sql: `select basis, verdict, reason, trained_on, rows, churn_rate_pct
from {table}
where is_champion`,
  },
  model_metrics: {
    question: 'The model against its baselines, with intervals',
    sql: `select metric, method, value, low, high
from {table}
where split = 'walk_forward_mean' and population = 'active_h' and metric in ('roc_auc', 'log_loss')
order by 1, 3`,
  },
  churn_scores: {
    question: 'The customers with most value at risk',
    sql: `select customer_key, churn_probability, value_at_risk, reason_1_code, reason_1_value
from {table}
where risk_band = 'high'
order by value_at_risk desc, customer_key
limit 50`,
  },
  campaign_members: {
    question: 'How large the campaigns are, by arm',
    sql: `select campaign, arm, count(*) as customers, sum(value_at_risk) as value_at_risk
from {table}
group by 1, 2
order by 1, 2`,
  },
  segment_moves: {
    question: 'Where customers went since the night before',
    sql: `select from_segment, to_segment, cause, count(*) as customers
from {table}
group by 1, 2, 3
order by 4 desc`,
  },
};
