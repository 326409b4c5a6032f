/**
 * How well scores foretell a yes-or-no outcome. Throughout, `scores[i]` is the score of row i (higher = outcome more
 * likely) and `labels[i]` is 1 where it happened (for churn: no purchase in the horizon), else 0. A figure that needs
 * both outcomes is null when only one is there: that is "not enough data", not zero.
 */
export interface Metrics {
  readonly n: number;
  readonly positives: number;
  /** Share of positives; null without rows. */
  readonly baseRate: number | null;
  readonly rocAuc: number | null;
  readonly prAuc: number | null;
  /** Lift of the tenth of rows with the highest scores: how much more often the outcome happens there. */
  readonly liftAt10: Lift | null;
  /**
   * Lift of the tenth with the lowest scores, for the opposite outcome: the figure to read where nearly all are
   * positive.
   */
  readonly retainedLiftAt10: Lift | null;
  /** The next four are null where scores are no probabilities. */
  readonly brier: number | null;
  readonly logLoss: number | null;
  /** Log loss of the constant base rate on the same rows: what a model must beat. */
  readonly baseLogLoss: number | null;
  readonly calibrationError: number | null;
}

export interface Lift {
  /** Share of rows looked at, as asked for. */
  readonly share: number;
  readonly rows: number;
  /** Rate of the outcome among those rows divided by the base rate. */
  readonly lift: number;
  /** The best lift any ranking could reach there. */
  readonly ceiling: number;
}

export interface CalibrationBin {
  readonly n: number;
  readonly meanScore: number;
  readonly positiveRate: number;
}

type Scores = ArrayLike<number>;
type Labels = ArrayLike<number>;

/** Log loss clips probabilities to [EPSILON, 1 − EPSILON], so that one certain mistake costs 13.8 and not infinity. */
export const EPSILON = 1e-6;

/**
 * All metrics of one score vector, which is sorted once: functions that take an `order` expect `orderByScore(scores)`. Give `probabilities: false` for scores that only rank (days since the last order, an
 * RFM sum).
 */
export function evaluate(scores: Scores, labels: Labels, { probabilities = true } = {}): Metrics {
  const n = labels.length;
  const positives = countPositives(labels);
  const both = positives > 0 && positives < n;
  const order = orderByScore(scores);
  return {
    n,
    positives,
    baseRate: n === 0 ? null : positives / n,
    rocAuc: weightedRocAuc(scores, labels, order, null),
    prAuc: weightedPrAuc(scores, labels, order, null),
    liftAt10: liftAt(scores, labels, 0.1, order),
    retainedLiftAt10: retainedLiftAt(scores, labels, 0.1, order),
    brier: probabilities && both ? brier(scores, labels) : null,
    logLoss: probabilities && both ? logLoss(scores, labels) : null,
    baseLogLoss: probabilities && both ? logLoss(new Float64Array(n).fill(positives / n), labels) : null,
    calibrationError: probabilities && both ? expectedCalibrationError(scores, labels, order) : null,
  };
}

/** Indexes of rows by score, lowest first; ties in row order. */
export function orderByScore(scores: Scores): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((p, q) => scores[p]! - scores[q]! || p - q);
}

/**
 * Area under the ROC curve: the chance that a random positive scores higher than a random negative, a tie counting half
 * (Mann–Whitney). Null without both outcomes.
 */
export function rocAuc(scores: Scores, labels: Labels): number | null {
  return weightedRocAuc(scores, labels, orderByScore(scores), null);
}

/**
 * ROC AUC of rows that count `weights[i]` times (once each when null); `order` is `orderByScore(scores)`. One pass, so
 * a bootstrap sorts once.
 */
export function weightedRocAuc(
  scores: Scores,
  labels: Labels,
  order: Uint32Array,
  weights: ArrayLike<number> | null,
): number | null {
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]!]!;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!;
      const weight = weights === null ? 1 : weights[row]!;
      if (labels[row] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives === 0 || negatives === 0 ? null : pairs / (positives * negatives);
}

/**
 * Area under the precision-recall curve as average precision: the mean, over positives, of the precision at their score
 * (rows tied with one count as found together with it). A ranking by chance gives the base rate. Null without both
 * outcomes.
 */
export function prAuc(scores: Scores, labels: Labels): number | null {
  return weightedPrAuc(scores, labels, orderByScore(scores), null);
}

/** Average precision with row weights; see `weightedRocAuc`. */
export function weightedPrAuc(
  scores: Scores,
  labels: Labels,
  order: Uint32Array,
  weights: ArrayLike<number> | null,
): number | null {
  let found = 0;
  let seen = 0;
  let total = 0;
  for (let i = order.length - 1; i >= 0; ) {
    const score = scores[order[i]!]!;
    let tiedPositives = 0;
    for (; i >= 0 && scores[order[i]!] === score; i--) {
      const row = order[i]!;
      const weight = weights === null ? 1 : weights[row]!;
      seen += weight;
      if (labels[row] === 1) tiedPositives += weight;
    }
    found += tiedPositives;
    if (seen > 0) total += tiedPositives * (found / seen);
  }
  return found === 0 || found === seen ? null : total / found;
}

/** Mean squared difference between probability and outcome (Brier 1950). Null without rows. */
export function brier(scores: Scores, labels: Labels): number | null {
  return meanOver(labels.length, (i) => (scores[i]! - labels[i]!) ** 2);
}

/** Mean of −ln(probability given to what happened), probabilities clipped by `EPSILON`. Null without rows. */
export function logLoss(scores: Scores, labels: Labels): number | null {
  return meanOver(labels.length, (i) => rowLogLoss(scores[i]!, labels[i]!));
}

/** Log loss of one row. */
export function rowLogLoss(score: number, label: number): number {
  const p = Math.min(Math.max(score, EPSILON), 1 - EPSILON);
  return -Math.log(label === 1 ? p : 1 - p);
}

/**
 * Rows sorted by score and cut into `bins` groups of equal count (±1), with the mean probability told and the rate that
 * came true. Fewer groups when there are fewer rows; equal scores at a cut are divided in row order.
 */
export function calibrationCurve(
  scores: Scores,
  labels: Labels,
  bins = 10,
  order = orderByScore(scores),
): CalibrationBin[] {
  const groups = Math.min(bins, order.length);
  return Array.from({ length: groups }, (_, g) => {
    const rows = order.subarray(Math.floor((g * order.length) / groups), Math.floor(((g + 1) * order.length) / groups));
    const mean = (f: (row: number) => number) => rows.reduce((total, row) => total + f(row), 0) / rows.length;
    return { n: rows.length, meanScore: mean((row) => scores[row]!), positiveRate: mean((row) => labels[row]!) };
  });
}

/**
 * Expected calibration error: mean absolute gap between told and true rate over ten groups of equal count, weighted by
 * their size. Even a perfect model has one by chance, up to 0.4 / √(rows per group). Null without rows.
 */
export function expectedCalibrationError(scores: Scores, labels: Labels, order = orderByScore(scores)): number | null {
  if (labels.length === 0) return null;
  const curve = calibrationCurve(scores, labels, 10, order);
  return curve.reduce((total, bin) => total + bin.n * Math.abs(bin.meanScore - bin.positiveRate), 0) / labels.length;
}

/**
 * Lift of the `share` (0 to 1) of rows with the highest scores, at least one row. Rows tied at the cut count in
 * proportion, so row order plays no part. Null without both outcomes.
 */
export function liftAt(scores: Scores, labels: Labels, share: number, order = orderByScore(scores)): Lift | null {
  return liftOf(order.toReversed(), scores, share, (row) => labels[row] === 1);
}

/** As `liftAt`, for the rows with the lowest scores and the opposite outcome: of those told safe, how many stayed. */
export function retainedLiftAt(
  scores: Scores,
  labels: Labels,
  share: number,
  order = orderByScore(scores),
): Lift | null {
  return liftOf(order, scores, share, (row) => labels[row] !== 1);
}

function liftOf(ranked: Uint32Array, scores: Scores, share: number, isHit: (row: number) => boolean): Lift | null {
  const n = ranked.length;
  const hits = ranked.reduce((total, row) => total + (isHit(row) ? 1 : 0), 0);
  if (hits === 0 || hits === n) return null;
  const rows = Math.min(n, Math.max(1, Math.round(share * n)));
  const cut = scores[ranked[rows - 1]!]!;
  let surely = 0;
  let surelyHits = 0;
  let tied = 0;
  let tiedHits = 0;
  for (let i = 0; i < n; i++) {
    const row = ranked[i]!;
    const hit = isHit(row) ? 1 : 0;
    if (scores[row] === cut) {
      tied++;
      tiedHits += hit;
    } else if (i < rows) {
      surely++;
      surelyHits += hit;
    }
  }
  const found = surelyHits + ((rows - surely) * tiedHits) / tied;
  const baseRate = hits / n;
  return { share, rows, lift: found / rows / baseRate, ceiling: Math.min(1, hits / rows) / baseRate };
}

function countPositives(labels: Labels): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  return positives;
}

function meanOver(n: number, f: (row: number) => number): number | null {
  if (n === 0) return null;
  let total = 0;
  for (let i = 0; i < n; i++) total += f(i);
  return total / n;
}
