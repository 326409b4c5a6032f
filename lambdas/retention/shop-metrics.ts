import { count, money } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import type { TableRow } from '../lake/table.ts';
import type { retentionByPeriod, shopMetrics } from '../lake/tables/retention.ts';

/** Days after the first purchase in which buying again counts for `second_order_within_90d_pct`. */
export const secondOrderDays = 90;

/** The counts and sums that headline figures are made of: one row of `shop-facts.sql`. */
export const shopFacts = {
  columns: {
    orders: count('Purchases.'),
    net_spend: money('Their amounts less refunds.'),
    credit_notes: money('Credit notes that name no order.'),
    customers: count('Customers with a purchase.'),
    repeat_customers: count('Customers with two or more.'),
    active_customers: count('Customers with a purchase in the active window.'),
    observed_customers: count('Customers first seen at least 90 days ago.'),
    second_order_customers: count('Of these, those who bought on a later day within 90 days of the first.'),
    customer_orders: count('Purchases with a known customer.'),
    horizon_orders: count('Of these, those of the last H days.'),
    returning_orders: count('Of these, those by earlier buyers.'),
    customer_net_spend: money('Net spend of known customers.'),
    buyer_credit_notes: money('Credit notes of customers who have a purchase.'),
  },
  key: ['orders'],
};

export type ShopFacts = { readonly [K in keyof typeof shopFacts.columns]: K extends MoneyFact ? bigint : number };
type MoneyFact = 'net_spend' | 'credit_notes' | 'customer_net_spend' | 'buyer_credit_notes';

/** What the figures are about, for their sentences. */
export interface MetricScope {
  readonly asOf: number;
  readonly firstOrderDate: number;
  readonly horizonDays: number;
  readonly activeWindowDays: number;
  readonly currency: string;
}

type MetricRow = TableRow<typeof shopMetrics>;
type HorizonRow = TableRow<typeof retentionByPeriod>;
type Wording = Pick<MetricRow, 'metric' | 'definition' | 'covered_days'>;

const moneyScale = 10_000;

const plain = (wording: Wording, unit: string, value: number | null): MetricRow => ({
  ...wording,
  value,
  unit,
  numerator: null,
  denominator: null,
});

const percent = (wording: Wording, numerator: number | null, denominator: number | null): MetricRow => ({
  ...wording,
  value: numerator === null || !denominator ? null : (100 * numerator) / denominator,
  unit: 'percent',
  numerator,
  denominator,
});

/** An amount per something, divided once: the sum stays an exact decimal until then. */
const amountPer = (wording: Wording, currency: string, total: bigint, denominator: number): MetricRow => ({
  ...wording,
  value: denominator === 0 ? null : Number(total) / (moneyScale * denominator),
  unit: currency,
  numerator: Number(total) / moneyScale,
  denominator,
});

const span = (from: number, to: number): string => `${isoDate(from)} to ${isoDate(to)}`;

function customerMetrics(facts: ShopFacts, scope: MetricScope): MetricRow[] {
  const all = span(scope.firstOrderDate, scope.asOf);
  const observedFrom = scope.asOf - secondOrderDays;
  return [
    plain(
      { metric: 'customers', covered_days: all, definition: 'Customers with at least one purchase.' },
      'customers',
      facts.customers,
    ),
    plain(
      {
        metric: 'active_customers',
        covered_days: span(scope.asOf - scope.activeWindowDays + 1, scope.asOf),
        definition: `Customers with a purchase in the ${scope.activeWindowDays} days up to as_of.`,
      },
      'customers',
      facts.active_customers,
    ),
    percent(
      {
        metric: 'repeat_customer_rate_pct',
        covered_days: all,
        definition:
          'Share of customers with two or more purchases. Purchases are counted, not days: two on one day are two.',
      },
      facts.repeat_customers,
      facts.customers,
    ),
    percent(
      {
        metric: `second_order_within_${secondOrderDays}d_pct`,
        covered_days: all,
        definition:
          `Share of customers who bought again on a later day, within ${secondOrderDays} days of the first purchase, ` +
          `among those first seen on or before ${isoDate(observedFrom)} and so watched that long.`,
      },
      facts.second_order_customers,
      facts.observed_customers,
    ),
    amountPer(
      {
        metric: 'historic_clv',
        covered_days: all,
        definition:
          'Net spend to date per customer: purchases less refunds and credit notes known by as_of. Not a forecast.',
      },
      scope.currency,
      facts.customer_net_spend - facts.buyer_credit_notes,
      facts.customers,
    ),
  ];
}

function orderMetrics(facts: ShopFacts, scope: MetricScope): MetricRow[] {
  const all = span(scope.firstOrderDate, scope.asOf);
  const horizonStart = scope.asOf - scope.horizonDays + 1;
  const hasEarlierDays = horizonStart > scope.firstOrderDate;
  return [
    plain(
      { metric: 'orders', covered_days: all, definition: 'Purchases, with and without a known customer.' },
      'orders',
      facts.orders,
    ),
    percent(
      {
        metric: 'orders_without_customer_pct',
        covered_days: all,
        definition:
          'Share of purchases that name no customer. They count in orders and revenue, not in customer figures.',
      },
      facts.orders - facts.customer_orders,
      facts.orders,
    ),
    plain(
      {
        metric: 'net_revenue',
        covered_days: all,
        definition:
          'Amounts of all purchases less refunds on them and less credit notes that name no order, known by as_of.',
      },
      scope.currency,
      Number(facts.net_spend - facts.credit_notes) / moneyScale,
    ),
    amountPer(
      {
        metric: 'average_order_value',
        covered_days: all,
        definition:
          'Amounts of all purchases less refunds on them, per purchase. Credit notes that name no order are not in it.',
      },
      scope.currency,
      facts.net_spend,
      facts.orders,
    ),
    percent(
      {
        metric: 'returning_order_share_pct',
        covered_days: span(horizonStart, scope.asOf),
        definition:
          `Share of the purchases of the last ${scope.horizonDays} days made by customers who had bought before these days.` +
          (hasEarlierDays ? '' : ' There are no earlier days of data, so nobody can be told apart.'),
      },
      hasEarlierDays ? facts.returning_orders : null,
      facts.horizon_orders,
    ),
  ];
}

function horizonMetrics(period: HorizonRow, scope: MetricScope): MetricRow[] {
  const covered_days = span(period.period_start, period.period_end);
  const censored = period.is_left_censored
    ? ` The window of the start reaches before the first day of data (${isoDate(scope.firstOrderDate)}), so the start is counted too low.`
    : '';
  const told = (metric: string, definition: string): Wording => ({
    metric,
    covered_days,
    definition: definition + censored,
  });
  const active = `with a purchase in the ${scope.activeWindowDays} days up to`;
  const { customers_start: b, customers_end: e, customers_new: n } = period;
  const people = (metric: string, definition: string, value: number | null) =>
    plain(told(metric, definition), 'customers', value);
  return [
    people('customers_start', `B: customers ${active} the day before the period.`, b),
    people('customers_end', `E: customers ${active} the last day of the period.`, e),
    people('customers_new', 'N: customers whose first purchase lies in the period and who are active at its end.', n),
    people(
      'customers_reactivated',
      'R: customers active at the end, who had bought before the period but were not active at its start.',
      period.customers_reactivated,
    ),
    people('customers_retained', 'Customers active at the start and at the end.', period.customers_retained),
    people('customers_lost', 'L: customers active at the start and not at the end.', period.customers_lost),
    percent(
      told('crr_pct', 'Textbook customer retention rate: (E − N) / B × 100. Counts R as retained and may pass 100.'),
      e === null || n === null ? null : e - n,
      b,
    ),
    percent(told('retained_pct', 'Share of B still active at the end.'), period.customers_retained, b),
    percent(
      told('churn_rate_pct', 'Share of B no longer active at the end: 100 − retained_pct.'),
      period.customers_lost,
      b,
    ),
  ];
}

/** The headline figures of a shop, in the order of their names. */
export const shopMetricRows = (facts: ShopFacts, period: HorizonRow, scope: MetricScope): MetricRow[] =>
  [...customerMetrics(facts, scope), ...orderMetrics(facts, scope), ...horizonMetrics(period, scope)].sort((a, b) =>
    a.metric < b.metric ? -1 : 1,
  );
