import {
  count,
  date,
  flag,
  integer,
  optionalCount,
  optionalMoney,
  optionalReal,
  optionalText,
  text,
} from '../column.ts';
import { defineTable } from '../table.ts';

export const horizons = defineTable({
  name: 'horizons',
  kind: 'run',
  grain: 'One run: the churn horizon in force, with its evidence.',
  key: ['horizon_days'],
  columns: {
    horizon_days: integer('H: days without a purchase after which a customer counts as lost.', 'days'),
    active_window_days: integer(
      'W: a customer is active at the end of a day who bought in the W days up to it.',
      'days',
    ),
    is_fixed: flag('True when configuration or the command line fixed H.'),
    rule: text('How H came about, as a sentence.'),
    gaps_seen: count('Gaps between purchase days that ended.', 'gaps'),
    gaps_open: count('Customers whose latest gap is still open: censored.', 'customers'),
    gap_p50_days: optionalReal('Median of the gaps that end, corrected for censoring.', 'days'),
    gap_p80_days: optionalReal('80th percentile of the gaps that end.', 'days'),
    gap_p90_days: optionalReal('90th percentile of the gaps that end.', 'days'),
    resurrection_pct: optionalReal('Share of customers silent for H days who later came back.', 'percent'),
    observed_to_days: integer(
      'Longest silence that was watched often enough to count; later returns are in none of these.',
      'days',
    ),
    history_days: integer('Days from the first order to as_of.', 'days'),
    is_limited_by_history: flag('The gaps ask for a longer H than the history allows to be tested.'),
  },
});

export const gapHistogram = defineTable({
  name: 'gap_histogram',
  kind: 'run',
  grain: 'One length of gap between purchase days.',
  key: ['days'],
  columns: {
    days: integer('Length of the gap.', 'days'),
    purchases: count('Gaps of this length that ended with a purchase.', 'gaps'),
    censored: count('Customers whose open gap is this long on as_of.', 'customers'),
  },
});

export const retentionByPeriod = defineTable({
  name: 'retention_by_period',
  kind: 'run',
  grain: 'One cohort (or all customers) in one period.',
  key: ['cohort', 'period_kind', 'period_start'],
  columns: {
    cohort: text('Month of the first purchase as YYYY-MM, or all.'),
    period_kind: text('month, quarter, year, or horizon = the H days up to as_of.'),
    period_start: date('First day of the period.'),
    period_end: date('Last day of the period.'),
    active_window_days: integer(
      'W: a customer is active at the end of a day who bought in the W days up to it.',
      'days',
    ),
    is_complete: flag('The period is over on as_of.'),
    is_left_censored: flag('The window of the start reaches before the first day of data.'),
    customers_start: count('B: active at the end of the day before the period.', 'customers'),
    customers_end: optionalCount('E: active at the end of its last day; null while the period runs.', 'customers'),
    customers_new: optionalCount('N: first ever purchase in the period and active at its end.', 'customers'),
    customers_reactivated: optionalCount('R: active at the end, not at the start, and not new.', 'customers'),
    customers_retained: optionalCount('Active at the start and at the end.', 'customers'),
    customers_lost: optionalCount('L: active at the start, not at the end.', 'customers'),
    crr_pct: optionalReal('Textbook customer retention rate: (E − N) / B × 100. Null where B is 0.', 'percent'),
    retained_pct: optionalReal('Share of B still active at the end: retained / B × 100.', 'percent'),
    churn_rate_pct: optionalReal('100 − retained_pct.', 'percent'),
    crr_counts_reactivated: flag('True where crr_pct and retained_pct differ, because win-backs count as retained.'),
    retained_change_points: optionalReal('retained_pct less that of the period before.', 'percentage points'),
  },
});

export const cohortMatrix = defineTable({
  name: 'cohort_matrix',
  kind: 'run',
  grain: 'One acquisition month × months since the first purchase.',
  key: ['cohort_month', 'month_number'],
  columns: {
    cohort_month: date('First day of the month of the first purchase.'),
    month_number: integer('Months since that month; 0 is the month itself.', 'months'),
    cohort_customers: count('Customers of the cohort.', 'customers'),
    is_complete: flag('The month is over on as_of.'),
    is_left_censored: flag('The cohort holds the first day of data: earlier customers look new.'),
    active_customers: optionalCount(
      'Customers of the cohort who bought in that month; null if it has not begun.',
      'customers',
    ),
    active_pct: optionalReal('active_customers / cohort_customers × 100.', 'percent'),
    orders: optionalCount('Their purchases in that month.', 'orders'),
    net_spend: optionalMoney('Net spend on these purchases.', 'reporting currency'),
  },
});

export const shopMetrics = defineTable({
  name: 'shop_metrics',
  kind: 'run',
  grain: 'One headline figure of the shop.',
  key: ['metric'],
  columns: {
    metric: text('Name of the figure; docs/metrics.md defines it.'),
    value: optionalReal('The figure; null where there is not enough data.'),
    unit: text('What it is counted in.'),
    numerator: optionalReal('What was divided, where it is a share.'),
    denominator: optionalReal('What it was divided by.'),
    definition: text('The definition as a sentence.'),
    covered_days: optionalText('The days that it covers: first and last, both included.'),
  },
});
