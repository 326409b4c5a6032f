import { sigmoid } from './logistic.ts';

/**
 * Moves a probability to a level of loss: p = σ(logit(score) + shift). The order of customers stays. The level is that of
 * - `season`: the same season of the year before
 * - `process`: the purchase process (BG/NBD), where no season is known yet
 * - `history`: all outcomes known by now, for a model that has been in force for a while
 */
export interface Calibrator {
  readonly kind: 'season' | 'process' | 'history';
  /** In log odds: above 0 more customers are lost than the scores say. */
  readonly shift: number;
}

/** A shift with what it may be off by. */
export interface Shift {
  readonly shift: number;
  readonly standardError: number;
}

const LOGIT_BOUND = Math.log(1e6);
const MAX_ITERATIONS = 50;

/**
 * The shift in log odds after which the scores add up to what happened, by maximum likelihood (Newton's method): a
 * logistic regression with the scores' log odds as offset. Null when a class is missing.
 */
export function fitShift(scores: ArrayLike<number>, labels: ArrayLike<number>): Shift | null {
  const n = labels.length;
  const logits = Float64Array.from({ length: n }, (_, i) => boundedLogit(scores[i]!));
  let positives = 0;
  for (let i = 0; i < n; i++) positives += labels[i]!;
  if (positives === 0 || positives === n) return null;
  let shift = 0;
  let information = 0;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    let missing = positives;
    information = 1e-9;
    for (let i = 0; i < n; i++) {
      const p = sigmoid(logits[i]! + shift);
      missing -= p;
      information += p * (1 - p);
    }
    const step = Math.min(Math.max(missing / information, -2), 2);
    shift += step;
    if (Math.abs(step) < 1e-10) break;
  }
  return { shift, standardError: 1 / Math.sqrt(information) };
}

/** Shifted probabilities, strictly inside (0, 1), in the order of the scores (those within 1e-6 of 0 or 1 become ties). */
export function applyCalibrator({ shift }: Calibrator, scores: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: scores.length }, (_, i) => sigmoid(boundedLogit(scores[i]!) + shift));
}

/** ln(p / (1 − p)), with p held in [1e-6, 1 − 1e-6]. */
function boundedLogit(p: number): number {
  return Math.min(Math.max(Math.log(p) - Math.log1p(-p), -LOGIT_BOUND), LOGIT_BOUND);
}
