import { evaluate, orderByScore, rowLogLoss, weightedPrAuc, weightedRocAuc } from '../model/evaluation.ts';

/** A figure with its 95 % interval; nulls where it cannot be computed. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A figure and what it came to in each bootstrap replicate, from which the interval of a mean of figures is made too. */
export interface Replicated {
  readonly value: number | null;
  readonly replicates: Float64Array;
  /** √(rows drawn / rows there are): replicates of a sample spread wider than those of all rows. */
  readonly shrink: number;
}

/** What was foretold for some customers beside what happened. */
export interface Outcomes {
  readonly scores: Float64Array;
  readonly lost: Uint8Array;
  /** A number per customer, the same wherever the customer appears. */
  readonly customers: Uint32Array;
}

const replicateCount = 100;

/** Rows beyond this many do not change an interval that anybody reads, but the time it takes. */
const mostRows = 20_000;

/** FNV-1a of a customer key. */
export function customerNumber(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Even bits out of two numbers (the finaliser of MurmurHash3). */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b + 1, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Poisson(1): how often a bootstrap sample holds a row, by the cumulative shares of 0, 1, 2 … times. */
const poissonUpTo = [0.36788, 0.73576, 0.9197, 0.98101, 0.99634, 0.99941, 0.99992].map((share) => share * 2 ** 32);

function timesDrawn(customer: number, replicate: number): number {
  const at = mixed(customer, replicate);
  let times = 0;
  while (times < poissonUpTo.length && at >= (poissonUpTo[times] as number)) times++;
  return times;
}

type Weights = ArrayLike<number>;

/** Weight of all rows, and of those that were lost. */
function weighed(lost: Uint8Array, weights: Weights) {
  let total = 0;
  let losses = 0;
  for (let row = 0; row < lost.length; row++) {
    total += weights[row] as number;
    losses += (weights[row] as number) * (lost[row] as number);
  }
  return { total, losses };
}

/** Mean gap between told and true rate over tenths of the weight, from the lowest score up. */
function weightedCalibrationError({ scores, lost }: Outcomes, order: Uint32Array, weights: Weights): number | null {
  const { total } = weighed(lost, weights);
  if (total === 0) return null;
  let seen = 0;
  let gap = 0;
  let binGap = 0;
  let bin = 1;
  for (const row of order) {
    const weight = weights[row] as number;
    binGap += weight * ((scores[row] as number) - (lost[row] as number));
    seen += weight;
    if (seen >= (bin * total) / 10) {
      gap += Math.abs(binGap);
      binGap = 0;
      bin = Math.floor((10 * seen) / total) + 1;
    }
  }
  return (gap + Math.abs(binGap)) / total;
}

/** Rate of an outcome among the first tenth of the weight, ties in proportion, divided by its base rate. */
function weightedLift(
  { scores, lost }: Outcomes,
  ranked: Uint32Array,
  weights: Weights,
  outcome: 0 | 1,
): number | null {
  const { total, losses } = weighed(lost, weights);
  if (losses === 0 || losses === total) return null;
  let room = total / 10;
  let found = 0;
  for (let i = 0; i < ranked.length && room > 0; ) {
    const score = scores[ranked[i] as number];
    let tied = 0;
    let tiedHits = 0;
    for (; i < ranked.length && scores[ranked[i] as number] === score; i++) {
      const row = ranked[i] as number;
      tied += weights[row] as number;
      if (lost[row] === outcome) tiedHits += weights[row] as number;
    }
    if (tied > 0) found += tiedHits * Math.min(1, room / tied);
    room -= tied;
  }
  return found / (total / 10) / ((outcome === 1 ? losses : total - losses) / total);
}

function weightedMean(weights: Weights, values: Float64Array): number | null {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    sum += (weights[row] as number) * (values[row] as number);
    total += weights[row] as number;
  }
  return total === 0 ? null : sum / total;
}

/** The bootstrap samples of some customers: made once for all that was foretold of them. */
export interface Resamples {
  /** Rows that samples are drawn from; null for all. */
  readonly rows: Uint32Array | null;
  /** How often each sample holds each of these rows. */
  readonly weights: readonly Uint8Array[];
}

/**
 * Poisson bootstrap, one draw per customer and replicate, the same wherever the customer appears. Where there are too many
 * rows, the customers with the lowest numbers: in the sample at every date or at none.
 */
export function resample(customers: Uint32Array): Resamples {
  const below = (mostRows / customers.length) * 2 ** 32;
  const rows =
    customers.length <= mostRows
      ? null
      : Uint32Array.from(customers.keys()).filter((row) => mixed(customers[row] as number, -2) < below);
  const drawn = rows ? rows.map((row) => customers[row] as number) : customers;
  const weights = Array.from({ length: replicateCount }, (_, replicate) => {
    const times = new Uint8Array(drawn.length);
    for (let row = 0; row < times.length; row++) times[row] = timesDrawn(drawn[row] as number, replicate);
    return times;
  });
  return { rows, weights };
}

function sampled(all: Outcomes, rows: Uint32Array | null): Outcomes {
  if (rows === null) return all;
  return {
    scores: Float64Array.from(rows, (row) => all.scores[row] as number),
    lost: Uint8Array.from(rows, (row) => all.lost[row] as number),
    customers: Uint32Array.from(rows, (row) => all.customers[row] as number),
  };
}

/**
 * Every metric of some predictions, with its bootstrap replicates: dates and methods are paired.
 * @param isProbability false for ranks, whose losses and calibration mean nothing
 * @param resamples those of the customers
 */
export function replicated(
  all: Outcomes,
  isProbability = true,
  resamples = resample(all.customers),
): Readonly<Record<string, Replicated>> {
  const metrics = evaluate(all.scores, all.lost, { probabilities: isProbability });
  const values: Record<string, number | null> = {
    roc_auc: metrics.rocAuc,
    pr_auc: metrics.prAuc,
    brier: metrics.brier,
    log_loss: metrics.logLoss,
    calibration_error: metrics.calibrationError,
    lift_10: metrics.liftAt10?.lift ?? null,
    retained_lift_10: metrics.retainedLiftAt10?.lift ?? null,
  };
  const some = sampled(all, resamples.rows);
  const order = orderByScore(some.scores);
  const riskiest = order.toReversed();
  const perRow = (cost: (score: number, lost: number) => number) =>
    some.scores.map((score, row) => cost(score, some.lost[row] as number));
  const losses = perRow(rowLogLoss);
  const squares = perRow((score, lost) => (score - lost) ** 2);
  const statistics: Record<string, (weights: Weights) => number | null> = {
    roc_auc: (weights) => weightedRocAuc(some.scores, some.lost, order, weights),
    pr_auc: (weights) => weightedPrAuc(some.scores, some.lost, order, weights),
    brier: (weights) => weightedMean(weights, squares),
    log_loss: (weights) => weightedMean(weights, losses),
    calibration_error: (weights) => weightedCalibrationError(some, order, weights),
    lift_10: (weights) => weightedLift(some, riskiest, weights, 1),
    retained_lift_10: (weights) => weightedLift(some, order, weights, 0),
  };
  const names = Object.keys(values).filter((name) => values[name] !== null);
  const drawn = new Map(
    names.map((name) => [
      name,
      Float64Array.from(resamples.weights, (weights) => statistics[name]?.(weights) ?? (values[name] as number)),
    ]),
  );
  const shrink = Math.sqrt(some.lost.length / Math.max(1, all.lost.length));
  const result = (value: number | null, name: string): Replicated => ({
    value,
    replicates: drawn.get(name) ?? new Float64Array(),
    shrink,
  });
  return {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, result(value, name)])),
    base_log_loss: result(metrics.baseLogLoss, 'base_log_loss'),
    lift_10_ceiling: result(metrics.liftAt10?.ceiling ?? null, 'lift_10_ceiling'),
    retained_lift_10_ceiling: result(metrics.retainedLiftAt10?.ceiling ?? null, 'retained_lift_10_ceiling'),
    base_rate: result(metrics.baseRate, 'base_rate'),
  };
}

const spread = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
};

/**
 * The mean of figures over dates (of one: the figure), ± 1.96 standard errors of that mean over the replicates.
 * @param most the largest value that the figure can have
 */
export function estimate(parts: readonly Replicated[], most = Number.POSITIVE_INFINITY): Estimate {
  const known = parts.filter((part) => part.value !== null);
  if (known.length === 0) return { value: null, low: null, high: null };
  const value = known.reduce((sum, part) => sum + (part.value as number), 0) / known.length;
  if (known.some((part) => part.replicates.length === 0)) return { value, low: null, high: null };
  const means = Float64Array.from({ length: replicateCount }, (_, replicate) =>
    known.reduce(
      (sum, { value: told, replicates, shrink }) =>
        sum + ((told as number) + shrink * ((replicates[replicate] as number) - (told as number))) / known.length,
      0,
    ),
  );
  const error = 1.96 * spread(means);
  return { value, low: Math.max(0, value - error), high: Math.min(most, value + error) };
}
