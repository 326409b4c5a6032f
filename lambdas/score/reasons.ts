import { applyCalibrator } from '../model/calibration.ts';
import { forEachContributions } from '../model/explain-forest.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import { linearVector } from '../model/feature-vector.ts';
import type { Forest } from '../model/forest.ts';
import { type LogisticModel, sigmoid } from '../model/logistic.ts';
import type { FeatureMatrix } from '../model/matrix.ts';
import type { FittedMethod, MethodInput } from '../model/methods.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';

/** Features that say one thing to a marketer, with the reason for either direction. */
interface ReasonGroup {
  readonly features: readonly string[];
  readonly raises: ReasonCode;
  readonly lowers: ReasonCode;
}

const rhythm = [
  'expected_gap_days',
  'overdue',
  'gap_variation',
  'gap_longest_days',
  'gap_last_days',
  'gap_last_to_mean',
];

const groups: readonly ReasonGroup[] = [
  { features: ['recency_days'], raises: 'days_since_last_order', lowers: 'days_since_last_order' },
  {
    features: [...rhythm, 'bgnbd_no_purchase', 'bgnbd_expected_orders'],
    raises: 'overdue_for_own_rhythm',
    lowers: 'regular_rhythm',
  },
  {
    features: ['frequency', 'orders_365d', 'products', 'lines_per_order', 'rfm_score'],
    raises: 'few_orders',
    lowers: 'many_orders',
  },
  {
    features: ['orders_30d', 'orders_90d', 'orders_180d', 'spend_90d'],
    raises: 'recent_orders',
    lowers: 'recent_orders',
  },
  { features: ['orders_trend'], raises: 'slowing_down', lowers: 'speeding_up' },
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

/** One reason of one customer: what, the number that its sentence names, and what it adds in percentage points. */
export interface Reason {
  readonly code: ReasonCode;
  readonly value: number;
  readonly points: number;
}

/** Change of the orders of the last 90 days against the 90 days before, in percent. */
function trendPct(last90: number, last180: number): number {
  const before = last180 - last90;
  return before === 0 ? (last90 > 0 ? 100 : 0) : (100 * (last90 - before)) / before;
}

/** The number that the sentence of a reason names, for one row. */
function reasonNumbers(rows: FeatureRows): (code: ReasonCode, row: number) => number {
  const columns = new Map<string, Float64Array>();
  const of = (name: string, row: number): number => {
    const column = columns.get(name) ?? rows.numbers(name);
    columns.set(name, column);
    return column[row] as number;
  };
  const averageGap = (row: number) => of('gap_sum_days', row) / Math.max(1, of('gap_count', row));
  return (code, row) => {
    switch (code) {
      case 'days_since_last_order':
      case 'one_time_buyer':
        return of('recency_days', row);
      case 'overdue_for_own_rhythm':
        return of('recency_days', row) / averageGap(row);
      case 'regular_rhythm':
        return averageGap(row);
      case 'few_orders':
      case 'many_orders':
        return of('orders', row);
      case 'recent_orders':
        return of('orders_90d', row);
      case 'slowing_down':
      case 'speeding_up':
        return trendPct(of('orders_90d', row), of('orders_180d', row));
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
      case 'channel_or_country':
        return 0;
    }
  };
}

/** Contributions of each feature in the unit in which a method adds up. */
interface Additive {
  readonly matrix: FeatureMatrix;
  forEach(visit: (row: number, contributions: Float64Array) => void): void;
}

function linearAdditive(model: LogisticModel, matrix: FeatureMatrix): Additive {
  const slopes = model.coefficients.map((coefficient, f) => coefficient / (model.scale[f] || 1));
  const contributions = new Float64Array(matrix.names.length);
  return {
    matrix,
    forEach(visit) {
      for (let row = 0; row < matrix.rows; row++) {
        for (let f = 0; f < slopes.length; f++) {
          contributions[f] = (slopes[f] as number) * ((matrix.columns[f]?.[row] as number) - (model.mean[f] as number));
        }
        visit(row, contributions);
      }
    },
  };
}

/** BG/NBD knows a customer only by when and how often they bought. */
function silenceOnly(input: MethodInput): Additive {
  const names = ['recency_days', 'overdue', 'frequency'];
  const columns = names.map((name) => input.vector.columns[input.vector.names.indexOf(name)] as Float64Array);
  const matrix = { names, rows: input.vector.rows, columns };
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length));
  const scale = columns.map((column, f) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - (mean[f] as number)) ** 2, 0) / Math.max(1, column.length)),
  );
  return linearAdditive({ names, intercept: 0, coefficients: [1, 1, -1], mean, scale }, matrix);
}

function additiveOf(method: FittedMethod, input: MethodInput): Additive {
  switch (method.basis) {
    case 'forest':
      return {
        matrix: input.vector,
        forEach: (visit) => forEachContributions(method.forest, input.vector, visit),
      };
    case 'logistic':
      return linearAdditive(method.linear, linearVector(input.vector));
    case 'recency':
    case 'rfm':
    case 'bgnbd':
      return silenceOnly(input);
  }
}

const codeFor = (group: ReasonGroup, raises: boolean, isOneTimeBuyer: boolean): ReasonCode => {
  if (!raises) return group.lowers === 'regular_rhythm' && isOneTimeBuyer ? 'days_since_last_order' : group.lowers;
  const speaksOfOrders = group.raises === 'few_orders' || group.raises === 'overdue_for_own_rhythm';
  return speaksOfOrders && isOneTimeBuyer ? 'one_time_buyer' : group.raises;
};

/**
 * Up to three reasons per customer, strongest first, all of which push the way the score went: up where it is above that
 * of the average customer, else down. The contributions of a method are exact and additive; where a score is a
 * transformed sum (calibrated, logistic) they are scaled so that they add up to its distance from the average customer's.
 * @param probabilities what the method gave for these rows
 */
export function reasonsFor(
  method: FittedMethod,
  input: MethodInput,
  probabilities: Float64Array,
  baseProbability: number,
): readonly (readonly Reason[])[] {
  const additive = additiveOf(method, input);
  const groupIndex = additive.matrix.names.map((name) => groups.findIndex((group) => group.features.includes(name)));
  const numberOf = reasonNumbers(input.rows);
  const frequency = input.rows.numbers('frequency');
  const sums = new Float64Array(groups.length);
  const result: Reason[][] = [];
  additive.forEach((row, contributions) => {
    sums.fill(0);
    let total = 0;
    for (const [f, contribution] of contributions.entries()) {
      total += contribution;
      const group = groupIndex[f] as number;
      if (group >= 0) sums[group] = (sums[group] as number) + contribution;
    }
    const distance = (probabilities[row] as number) - baseProbability;
    const scale = total === 0 ? 0 : Math.abs(distance / total);
    const raises = distance >= 0;
    const strongest = [...sums.entries()]
      .filter(([, sum]) => (raises ? sum > 0 : sum < 0))
      .sort(([g, a], [h, b]) => Math.abs(b) - Math.abs(a) || g - h);
    const reasons = strongest.map(([group, sum]): Reason => {
      const code = codeFor(groups[group] as ReasonGroup, raises, frequency[row] === 1);
      return { code, value: numberOf(code, row), points: 100 * sum * scale };
    });
    const seen = new Set<ReasonCode>();
    result[row] = reasons.filter(({ code }) => !seen.has(code) && seen.add(code)).slice(0, 3);
  });
  return result;
}

/** Mean prediction of the roots: what a forest says of a customer of whom nothing is known. */
function rootMean({ treeStart, value, trees }: Forest): number {
  let sum = 0;
  for (let tree = 0; tree < trees; tree++) sum += value[treeStart[tree] as number] as number;
  return sum / trees;
}

/**
 * Probability of the average customer: what contributions are measured from.
 * @param churnRate share of lost among the rows of training
 */
export function averageProbability(method: FittedMethod, churnRate: number): number {
  if (method.basis === 'logistic') return sigmoid(method.linear.intercept);
  if (method.basis !== 'forest') return churnRate;
  const base = rootMean(method.forest);
  return method.calibrator ? (applyCalibrator(method.calibrator, [base])[0] as number) : base;
}
