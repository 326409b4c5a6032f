import { orderByScore, rowLogLoss, weightedPrAuc, weightedRocAuc } from './evaluation.ts';
import { drawWithReplacement, randomFor } from './random.ts';

/** A metric that can be computed on rows counted several times. Higher is better for the AUCs, lower for the losses. */
export type BootstrapMetric = 'rocAuc' | 'prAuc' | 'brier' | 'logLoss';

export interface BootstrapOptions {
  readonly seed: number;
  /** Default 1000. */
  readonly replicates?: number;
  /** Coverage of the interval, default 0.95. */
  readonly level?: number;
}

/** An estimate with its percentile bootstrap interval (Efron 1979). */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Share of replicates above 0, those at 0 counting half: near 1 or 0 when a difference is no chance. */
  readonly shareAboveZero: number;
  readonly replicates: number;
}

type Weighted = (weights: ArrayLike<number> | null) => number | null;

/** Two scores of the same rows, and what happened. */
export interface Pair {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  /**
   * Group (customer) of each row, as any number, the same in every pair; whole groups are drawn, because rows of one
   * customer are not independent. Without groups each row of each pair is its own.
   */
  readonly groups?: ArrayLike<number>;
}

/**
 * Interval of metric(a) − metric(b), both computed on the same drawn rows (paired), so that what makes a sample easy or
 * hard for both cancels out. Null when a class is missing.
 */
export const bootstrapDifference = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  labels: ArrayLike<number>,
  metric: BootstrapMetric,
  options: BootstrapOptions,
): Interval | null => bootstrapMeanDifference([{ a, b, labels }], metric, options);

/**
 * Interval of the mean of metric(a) − metric(b) over several tests, such as dates: scores of different dates are never
 * ranked against each other. A customer is drawn equally often in all of them. Null when a class is missing in one.
 */
export function bootstrapMeanDifference(
  pairs: readonly Pair[],
  metric: BootstrapMetric,
  options: BootstrapOptions,
): Interval | null {
  if (!pairs.every(({ labels }) => hasBothClasses(labels))) return null;
  const groupOfRow = numberGroups(pairs);
  const differences = pairs.map(({ a, b, labels }) => {
    const [ofA, ofB] = [weightedMetric(a, labels, metric), weightedMetric(b, labels, metric)];
    return (weights: ArrayLike<number> | null) => minus(ofA(weights), ofB(weights));
  });
  return bootstrap(groupOfRow, (weights) => meanOf(differences.map((of, i) => of(weights?.[i] ?? null))), options);
}

function minus(p: number | null, q: number | null): number | null {
  return p === null || q === null ? null : p - q;
}

/** Sorts (or computes row losses) once; each call then costs one pass over the rows. */
function weightedMetric(scores: ArrayLike<number>, labels: ArrayLike<number>, metric: BootstrapMetric): Weighted {
  if (metric === 'rocAuc' || metric === 'prAuc') {
    const order = orderByScore(scores);
    const weighted = metric === 'rocAuc' ? weightedRocAuc : weightedPrAuc;
    return (weights) => weighted(scores, labels, order, weights);
  }
  const loss = (i: number) =>
    metric === 'logLoss' ? rowLogLoss(scores[i]!, labels[i]!) : (scores[i]! - labels[i]!) ** 2;
  const losses = Float64Array.from({ length: labels.length }, (_, i) => loss(i));
  return (weights) => {
    let total = 0;
    let rows = 0;
    for (let i = 0; i < losses.length; i++) {
      const weight = weights === null ? 1 : weights[i]!;
      total += weight * losses[i]!;
      rows += weight;
    }
    return rows === 0 ? null : total / rows;
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum / values.length;
}

/** Replicates in which a class is missing are left out; `replicates` tells how many remain. */
function bootstrap(
  groupOfRow: readonly Int32Array[],
  statistic: (weights: readonly Int32Array[] | null) => number | null,
  { seed, replicates = 1000, level = 0.95 }: BootstrapOptions,
): Interval | null {
  const estimate = statistic(null);
  if (estimate === null) return null;
  const groupCounts = new Int32Array(
    groupOfRow.reduce((most, rows) => rows.reduce((a, b) => Math.max(a, b), most), 0) + 1,
  );
  const weights = groupOfRow.map((rows) => new Int32Array(rows.length));
  const random = randomFor(seed);
  const drawn: number[] = [];
  for (let k = 0; k < replicates; k++) {
    drawWithReplacement(random, groupCounts.length, groupCounts);
    for (const [part, rows] of groupOfRow.entries()) {
      const counted = weights[part] as Int32Array;
      for (let i = 0; i < rows.length; i++) counted[i] = groupCounts[rows[i]!]!;
    }
    const value = statistic(weights);
    if (value !== null) drawn.push(value);
  }
  return drawn.length === 0 ? null : summarise(estimate, Float64Array.from(drawn).sort(), level);
}

function summarise(estimate: number, sorted: Float64Array, level: number): Interval {
  const n = sorted.length;
  const mean = sorted.reduce((total, v) => total + v, 0) / n;
  const variance = sorted.reduce((total, v) => total + (v - mean) ** 2, 0) / Math.max(n - 1, 1);
  const tail = (1 - level) / 2;
  return {
    estimate,
    low: quantile(sorted, tail),
    high: quantile(sorted, 1 - tail),
    standardError: Math.sqrt(variance),
    shareAboveZero: sorted.reduce((total, v) => total + (v > 0 ? 1 : v === 0 ? 0.5 : 0), 0) / n,
    replicates: n,
  };
}

/** Quantile of sorted values, interpolated between neighbours. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

function hasBothClasses(labels: ArrayLike<number>): boolean {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  return positives > 0 && positives < labels.length;
}

/** Groups numbered from 0 in order of first sight over all pairs. */
function numberGroups(pairs: readonly Pair[]): Int32Array[] {
  const numbers = new Map<number, number>();
  let next = 0;
  return pairs.map(({ labels, groups }) =>
    Int32Array.from({ length: labels.length }, (_, i) => {
      if (groups === undefined) return next++;
      const known = numbers.get(groups[i]!);
      if (known !== undefined) return known;
      numbers.set(groups[i]!, next);
      return next++;
    }),
  );
}
