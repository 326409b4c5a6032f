import { type BgNbdParameters, expectedPurchases, probabilityNoPurchase } from './bgnbd.ts';
import type { FeatureRows } from './feature-rows.ts';
import type { FeatureMatrix } from './matrix.ts';

/** What a feature is made from, besides the row itself. */
export interface VectorSettings {
  readonly horizonDays: number;
  /** Fitted on the training window; null leaves its features out. */
  readonly bgNbd: BgNbdParameters | null;
}

/** Ten-thousandths in one unit of money. */
const unit = 10_000;

/** Ratio that is 0 where there is nothing to divide by. */
const ratio = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => (b[i] ? value / (b[i] as number) : 0));

const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - (b[i] as number));

const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + (b[i] as number));

const inUnits = (amounts: Float64Array): Float64Array => amounts.map((amount) => amount / unit);

/**
 * Mean gap drawn towards the horizon as if one more gap of that length had been seen: defined for a customer with one
 * purchase too, and not fooled by a single short gap.
 */
export function expectedGapDays(rows: FeatureRows, horizonDays: number): Float64Array {
  const count = rows.numbers('gap_count');
  const sum = rows.numbers('gap_sum_days');
  return sum.map((days, i) => (days + horizonDays) / ((count[i] as number) + 1));
}

/** Gaps of a customer who buys at random, whose spread is their mean, that every customer's own are seen beside. */
const gapsAtRandom = 2;

/**
 * Spread of the gaps relative to their mean, drawn towards 1, that of purchases at random: two or three gaps that happen
 * to be alike make no clockwork.
 */
function gapVariation(rows: FeatureRows): Float64Array {
  const sum = rows.numbers('gap_sum_days');
  const squares = rows.numbers('gap_sum_squares');
  return rows.numbers('gap_count').map((count, i) => {
    if (count < 2 || !sum[i]) return 1;
    const mean = (sum[i] as number) / count;
    const spread = Math.max(0, (squares[i] as number) / mean ** 2 - count);
    return Math.sqrt((gapsAtRandom + spread) / (gapsAtRandom + count - 1));
  });
}

/** The latest gap relative to the mean of those before it (drawn towards the horizon); 1 after one purchase. */
function lastGapToEarlier(rows: FeatureRows, horizonDays: number): Float64Array {
  const last = rows.numbers('gap_last_days');
  const sum = rows.numbers('gap_sum_days');
  return rows.numbers('gap_count').map((count, i) => {
    const days = last[i] as number;
    return count === 0 ? 1 : (days * count) / ((sum[i] as number) - days + horizonDays);
  });
}

/**
 * The silence in the middle of the horizon, if it lasts, as seen by a customer's own rhythm: by how many of their usual
 * spreads it is longer than their mean gap. A week too late says more of somebody who comes every Friday.
 */
function overdueBySpread(rows: FeatureRows, expectedGap: Float64Array, variation: Float64Array, horizonDays: number) {
  return rows.numbers('recency_days').map((days, i) => {
    const mean = expectedGap[i] as number;
    return (days + horizonDays / 2 - mean) / (mean * (variation[i] as number));
  });
}

/** Purchase histories in the terms of BG/NBD, in days: repeats x, time of the last repeat t_x, age T. */
export function bgNbdHistory(rows: FeatureRows): { x: Float64Array; tx: Float64Array; T: Float64Array } {
  const T = rows.numbers('tenure_days');
  return { x: rows.numbers('frequency').map((f) => f - 1), tx: minus(T, rows.numbers('recency_days')), T };
}

function bgNbdFeatures(rows: FeatureRows, parameters: BgNbdParameters, horizonDays: number) {
  const { x, tx, T } = bgNbdHistory(rows);
  const each = (formula: typeof expectedPurchases) =>
    x.map((repeats, i) => formula(parameters, repeats, tx[i] as number, T[i] as number, horizonDays));
  return { bgnbd_no_purchase: each(probabilityNoPurchase), bgnbd_expected_orders: each(expectedPurchases) };
}

/**
 * The features that a model sees: integers and days from SQL, and ratios, spreads and trends made here, so that no
 * engine's rounding flips a split. No value is missing: what a customer with one purchase cannot have gets the number
 * that says so.
 */
export function featureVector(rows: FeatureRows, { horizonDays, bgNbd }: VectorSettings): FeatureMatrix {
  const of = (name: string) => rows.numbers(name);
  const orders = of('orders');
  const expectedGap = expectedGapDays(rows, horizonDays);
  const variation = gapVariation(rows);
  const longestGap = of('gap_longest_days').map((days) => days || horizonDays);
  const averageOrder = ratio(inUnits(of('monetary_value')), orders);
  const features: Record<string, Float64Array> = {
    recency_days: of('recency_days'),
    tenure_days: of('tenure_days'),
    frequency: of('frequency'),
    expected_gap_days: expectedGap,
    overdue: ratio(of('recency_days'), expectedGap),
    overdue_by_spread: overdueBySpread(rows, expectedGap, variation, horizonDays),
    recency_to_longest_gap: ratio(of('recency_days'), longestGap),
    gap_variation: variation,
    gap_longest_days: of('gap_longest_days'),
    gap_last_days: of('gap_last_days'),
    gap_last_to_longest: ratio(of('gap_last_days'), longestGap),
    gap_last_to_earlier: lastGapToEarlier(rows, horizonDays),
    orders_30d: of('orders_30d'),
    orders_90d: of('orders_90d'),
    orders_180d: of('orders_180d'),
    orders_365d: of('orders_365d'),
    orders_trend: minus(of('orders_90d'), minus(of('orders_180d'), of('orders_90d'))),
    orders_same_season: of('orders_same_season'),
    monetary_value: inUnits(of('monetary_value')),
    average_order_value: averageOrder,
    spend_90d: inUnits(of('spend_90d')),
    spend_365d: inUnits(of('spend_365d')),
    last_order_to_average: ratio(inUnits(of('last_order_amount')), averageOrder),
    refunded_share: ratio(of('refunded_amount'), of('gross_spend')),
    refunds: plus(of('refunded_orders'), of('credit_notes')),
    discounted_share: ratio(of('discounted_orders'), orders),
    lines_per_order: ratio(of('lines'), orders),
    products: of('products'),
    categories: of('categories'),
    ...(bgNbd && bgNbdFeatures(rows, bgNbd, horizonDays)),
  };
  return { names: Object.keys(features), rows: rows.rows, columns: Object.values(features) };
}

/** Names of the features, in order: what a model must have been trained on to be of use to this version. */
export const featureNames = (): readonly string[] => {
  const nobody: FeatureRows = { rows: 0, customerKeys: [], numbers: () => new Float64Array(), texts: () => [] };
  return featureVector(nobody, { horizonDays: 1, bgNbd: { r: 1, alpha: 1, a: 1, b: 1 } }).names;
};

/** The feature that is a probability of loss already. */
export const foretoldByBgNbd = 'bgnbd_no_purchase';

const logarithm = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/** Log odds, held within ±8: what is nearer to certain than 1 in 3,000 makes no difference. */
const logOdds = (p: number): number => Math.min(Math.max(Math.log(p) - Math.log1p(-p), -8), 8);

/**
 * The same features for a linear model of log odds: skewed counts, days and amounts as sign(x) × ln(1 + |x|), the
 * probability that BG/NBD foretells as its log odds.
 */
export const linearVector = (vector: FeatureMatrix): FeatureMatrix => ({
  ...vector,
  columns: vector.columns.map((column, f) => column.map(vector.names[f] === foretoldByBgNbd ? logOdds : logarithm)),
});

/** One feature alone, as a matrix. */
export const singleFeature = (name: string, column: Float64Array): FeatureMatrix => ({
  names: [name],
  rows: column.length,
  columns: [column],
});
