import type { FeatureRows } from '../model/feature-rows.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';

/** Features that say one thing to a marketer, with the reason for either direction. */
export interface ReasonGroup {
  readonly features: readonly string[];
  readonly raises: ReasonCode;
  readonly lowers: ReasonCode;
}

export const reasonGroups: readonly ReasonGroup[] = [
  { features: ['recency_days'], raises: 'days_since_last_order', lowers: 'days_since_last_order' },
  {
    features: [
      'expected_gap_days',
      'overdue',
      'overdue_by_spread',
      'recency_to_longest_gap',
      'gap_variation',
      'gap_longest_days',
      'gap_last_days',
      'gap_last_to_longest',
      'gap_last_to_earlier',
      'bgnbd_no_purchase',
      'bgnbd_expected_orders',
    ],
    raises: 'overdue_for_own_rhythm',
    lowers: 'regular_rhythm',
  },
  {
    features: ['frequency', 'orders_365d', 'products', 'lines_per_order', 'rfm_score'],
    raises: 'few_orders',
    lowers: 'many_orders',
  },
  {
    features: ['orders_30d', 'orders_90d', 'orders_180d', 'orders_trend', 'spend_90d'],
    raises: 'recent_orders',
    lowers: 'recent_orders',
  },
  {
    features: ['monetary_value', 'average_order_value', 'spend_365d', 'last_order_to_average'],
    raises: 'low_spend',
    lowers: 'high_spend',
  },
  { features: ['refunded_share', 'refunds'], raises: 'refunds', lowers: 'refunds' },
  { features: ['tenure_days'], raises: 'short_tenure', lowers: 'long_tenure' },
  { features: ['orders_same_season'], raises: 'same_season_last_year', lowers: 'same_season_last_year' },
  { features: ['discounted_share'], raises: 'discounts', lowers: 'discounts' },
  { features: ['categories'], raises: 'category', lowers: 'category' },
];

/** What a sentence is about. One of a kind is enough: "silent for 90 days" and "no order in 90 days" are one reason. */
export const reasonKinds = {
  days_since_last_order: 'silence',
  overdue_for_own_rhythm: 'silence',
  one_time_buyer: 'silence',
  recent_orders: 'silence',
  regular_rhythm: 'rhythm',
  slowing_down: 'rhythm',
  speeding_up: 'rhythm',
  few_orders: 'orders',
  many_orders: 'orders',
  low_spend: 'spend',
  high_spend: 'spend',
  refunds: 'refunds',
  short_tenure: 'tenure',
  long_tenure: 'tenure',
  same_season_last_year: 'season',
  discounts: 'discounts',
  category: 'categories',
} as const satisfies Readonly<Record<ReasonCode, string>>;

/** Columns of some rows, read when a sentence asks for them. */
export interface ReasonFacts {
  of(name: string, row: number): number;
}

export function reasonFacts(rows: FeatureRows): ReasonFacts {
  const columns = new Map<string, Float64Array>();
  return {
    of(name, row) {
      const column = columns.get(name) ?? rows.numbers(name);
      columns.set(name, column);
      return column[row] as number;
    },
  };
}

/** Days after which a customer is not new any more. */
const newForDays = 180;

/**
 * The sentence that a customer's orders bear out, or null where none does: nobody is called frequent after one order, or
 * overdue within their own rhythm, whatever a split of the model says.
 */
export function reasonCode(group: ReasonGroup, raises: boolean, { of }: ReasonFacts, row: number): ReasonCode | null {
  const code = raises ? group.raises : group.lowers;
  const orders = of('orders', row);
  const gaps = of('gap_count', row);
  const only = (holds: boolean, otherwise: ReasonCode | null = null) => (holds ? code : otherwise);
  switch (code) {
    case 'overdue_for_own_rhythm': {
      if (orders === 1) return 'one_time_buyer';
      const isOverdue = of('recency_days', row) * gaps > of('gap_sum_days', row);
      return only(gaps > 1 && isOverdue, 'days_since_last_order');
    }
    case 'regular_rhythm':
      return only(gaps > 1, 'days_since_last_order');
    case 'few_orders':
      return orders === 1 ? 'one_time_buyer' : only(orders <= 3);
    case 'many_orders':
      return only(orders >= 4);
    case 'recent_orders':
      return orderTrend(raises, of('orders_90d', row), of('orders_180d', row));
    case 'low_spend':
      return only(of('monetary_score', row) <= 2);
    case 'high_spend':
      return only(of('monetary_score', row) >= 4);
    case 'short_tenure':
    case 'long_tenure':
      return of('tenure_days', row) <= newForDays ? 'short_tenure' : 'long_tenure';
    case 'refunds':
      return only(of('refunded_orders', row) + of('credit_notes', row) > 0);
    case 'discounts':
      return only(of('discounted_orders', row) > 0);
    case 'same_season_last_year':
      return only(of('tenure_days', row) >= 365);
    default:
      return code;
  }
}

/** What the last 90 days say beside the 90 before. */
function orderTrend(raises: boolean, last90: number, last180: number): ReasonCode | null {
  const before = last180 - last90;
  if (raises) return last90 === 0 ? 'recent_orders' : before > last90 ? 'slowing_down' : null;
  if (last90 === 0) return null;
  return before > 0 && last90 > before ? 'speeding_up' : 'recent_orders';
}

/** The number that the sentence of a reason names, for one row. */
export function reasonNumber({ of }: ReasonFacts, code: ReasonCode, row: number): number {
  const averageGap = of('gap_sum_days', row) / Math.max(1, of('gap_count', row));
  const before90 = of('orders_180d', row) - of('orders_90d', row);
  switch (code) {
    case 'days_since_last_order':
    case 'one_time_buyer':
      return of('recency_days', row);
    case 'overdue_for_own_rhythm':
      return of('recency_days', row) / averageGap;
    case 'regular_rhythm':
      return averageGap;
    case 'few_orders':
    case 'many_orders':
      return of('orders', row);
    case 'recent_orders':
      return of('orders_90d', row);
    case 'slowing_down':
    case 'speeding_up':
      return (100 * (of('orders_90d', row) - before90)) / before90;
    case 'low_spend':
    case 'high_spend':
      return of('monetary_value', row) / 10_000;
    case 'refunds':
      return of('refunded_orders', row) + of('credit_notes', row);
    case 'short_tenure':
    case 'long_tenure':
      return of('tenure_days', row);
    case 'same_season_last_year':
      return of('orders_same_season', row);
    case 'discounts':
      return (100 * of('discounted_orders', row)) / of('orders', row);
    case 'category':
      return of('categories', row);
  }
}
