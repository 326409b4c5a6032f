import { bootstrapMeanDifference, type Interval } from '../model/bootstrap.ts';
import { applyCalibrator, fitShift } from '../model/calibration.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import type { baselines } from '../model/methods.ts';
import { type Fold, hasBothOutcomes, type Population, populationOf, type TestedMethod } from './walk-forward.ts';

/** What somebody foretold at a test, for all of its customers. */
export type Foretold = (fold: Fold) => Float64Array;

export type Baseline = (typeof baselines)[number];

export const by =
  (method: TestedMethod): Foretold =>
  (fold) =>
    populationOf(fold, 'all', method).scores;

/**
 * Scores at the level of loss that came true. How many are lost after a date hangs on its season, which no method knows
 * from a first year; who is lost sooner than whom, and how sure a method is of it, can be learned and is compared.
 */
function atTrueLevel(scores: Float64Array, lost: Uint8Array): Float64Array {
  const found = fitShift(scores, lost);
  return found ? applyCalibrator({ kind: 'history', shift: found.shift }, scores) : scores;
}

/** What methods are held against each other by: ranking, and log loss both at the level that came true and as told. */
export const criteria = {
  rocAuc,
  levelLogLoss: (scores: Float64Array, lost: Uint8Array) => logLoss(atTrueLevel(scores, lost), lost),
  logLoss,
} as const;
export type Criterion = keyof typeof criteria;

/** Not lapsed yet, where some test has both outcomes among them; else all. */
export const decisive = (folds: readonly Fold[]): Population =>
  judgeable(folds, 'active_h').length > 0 ? 'active_h' : 'all';

/** Folds whose population has both outcomes: without one of them nothing can be judged. */
export const judgeable = (folds: readonly Fold[], population: Population): Fold[] =>
  folds.filter((fold) => hasBothOutcomes(populationOf(fold, population, 'forest').lost));

/** What somebody foretold of one population. */
const toldOf = (fold: Fold, population: Population, of: Foretold): Float64Array =>
  population === 'all' ? of(fold) : of(fold).filter((_, row) => fold.isActive[row] === 1);

export function meanOf(
  folds: readonly Fold[],
  population: Population,
  of: Foretold,
  measure: (scores: Float64Array, lost: Uint8Array) => number | null,
): number {
  const values = folds.flatMap(
    (fold) => measure(toldOf(fold, population, of), populationOf(fold, population, 'forest').lost) ?? [],
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Best of some methods on average over folds. */
export function bestOf<M extends TestedMethod>(
  folds: readonly Fold[],
  population: Population,
  methods: readonly M[],
  criterion: Criterion,
): M {
  const sign = criterion === 'rocAuc' ? -1 : 1;
  const cost = (method: M) => sign * meanOf(folds, population, by(method), criteria[criterion]);
  return methods.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

/** a − b, the mean over dates. */
export interface Difference {
  readonly rocAuc: Interval | null;
  readonly levelLogLoss: Interval | null;
}

/** As many as bring a contest to a second or two; where rows are many, intervals are narrow and 300 tell them. */
const replicatesFor = (rows: number): number => (rows <= 10_000 ? 1000 : 300);

/** Interval of one criterion of a − b, the mean over dates; customers are drawn whole. */
export function differenceIn(
  criterion: Criterion,
  folds: readonly Fold[],
  population: Population,
  a: Foretold,
  b: Foretold,
): Interval | null {
  const pairs = folds.map((fold) => {
    const { lost, customers } = populationOf(fold, population, 'forest');
    const scores = (of: Foretold) => {
      const told = toldOf(fold, population, of);
      return criterion === 'levelLogLoss' ? atTrueLevel(told, lost) : told;
    };
    return { a: scores(a), b: scores(b), labels: lost, groups: customers };
  });
  return bootstrapMeanDifference(pairs, criterion === 'rocAuc' ? 'rocAuc' : 'logLoss', {
    seed: 1,
    replicates: replicatesFor(pairs.reduce((sum, { labels }) => sum + labels.length, 0)),
  });
}

export const differenceOf = (folds: readonly Fold[], population: Population, a: Foretold, b: Foretold): Difference => ({
  rocAuc: differenceIn('rocAuc', folds, population, a, b),
  levelLogLoss: differenceIn('levelLogLoss', folds, population, a, b),
});

/** Worse by more than noise in ranking or in log loss. */
export const isWorse = ({ levelLogLoss: loss, rocAuc: auc }: Difference): boolean =>
  (loss?.low ?? 0) > 0 || (auc?.high ?? 0) < 0;

/** Less than this, in ROC AUC or in log loss, is not worth another model however sure it is. */
export const leastGain = 0.002;

/** Better by more than noise and by at least .002 in log loss or ROC AUC, and worse by more than noise in neither. */
export function isBetter(difference: Difference): boolean {
  const { levelLogLoss: loss, rocAuc: auc } = difference;
  const fits = loss !== null && loss.high < 0 && loss.estimate <= -leastGain;
  const ranks = auc !== null && auc.low > 0 && auc.estimate >= leastGain;
  return (fits || ranks) && !isWorse(difference);
}
