import { isoDate } from '../lake/day.ts';
import { bootstrapDifference } from '../model/bootstrap.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import { baselines, type MethodName } from '../model/methods.ts';
import { type Fold, type Population, populationOf, type TestedMethod } from './walk-forward.ts';

/** Which method scores, whether its calibrator is kept, and why. */
export interface Choice {
  readonly basis: MethodName;
  readonly keepCalibrator: boolean;
  readonly reason: string;
}

const mean = (values: readonly (number | null)[]): number => {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

const meanOf = (folds: readonly Fold[], population: Population, method: TestedMethod, metric: typeof rocAuc): number =>
  mean(
    folds.map((fold) => {
      const { scores, lost } = populationOf(fold, population, method);
      return metric(scores, lost);
    }),
  );

/** The calibrator is kept only where it lowered the log loss over the folds that have one. */
function calibratorHelps(folds: readonly Fold[]): boolean {
  const calibrated = folds.filter((fold) => fold.foretold.has('forest_calibrated'));
  if (calibrated.length === 0) return false;
  return meanOf(calibrated, 'all', 'forest_calibrated', logLoss) < meanOf(calibrated, 'all', 'forest', logLoss);
}

/** Folds whose population has both outcomes: without one of them nothing can be judged. */
const judgeable = (folds: readonly Fold[], population: Population): Fold[] =>
  folds.filter((fold) => new Set(populationOf(fold, population, 'forest').lost).size === 2);

/** Outcomes of all folds in a row, with what a method foretold for them. */
function pooled(folds: readonly Fold[], population: Population, method: TestedMethod) {
  const parts = folds.map((fold) => populationOf(fold, population, method));
  return {
    scores: Float64Array.from(parts.flatMap((part) => [...part.scores])),
    lost: Uint8Array.from(parts.flatMap((part) => [...part.lost])),
  };
}

const bootstrapSeed = 1;

/**
 * Judges the forest against the best baseline on customers who are not lapsed yet (on all, where nobody of them was lost
 * or nobody kept): it must not be worse by more than noise (paired bootstrap over all folds) in log loss or ROC AUC. Otherwise the baseline with the lowest log loss scores.
 */
export function chooseMethod(all: readonly Fold[]): Choice {
  const keepCalibrator = calibratorHelps(all);
  const forest: TestedMethod = keepCalibrator ? 'forest_calibrated' : 'forest';
  const population: Population = judgeable(all, 'active_h').length > 0 ? 'active_h' : 'all';
  const folds = judgeable(all, population);
  const loss = (method: TestedMethod) => meanOf(folds, population, method, logLoss);
  const best = baselines.reduce((a, b) => (loss(b) < loss(a) ? b : a));
  const ours = pooled(folds, population, forest);
  const theirs = pooled(folds, population, best);
  const differ = (metric: 'logLoss' | 'rocAuc') =>
    bootstrapDifference(ours.scores, theirs.scores, ours.lost, metric, { seed: bootstrapSeed, replicates: 500 });
  const isWorse = (differ('logLoss')?.low ?? 0) > 0 || (differ('rocAuc')?.high ?? 0) < 0;
  const figures = (method: TestedMethod) =>
    `ROC AUC ${meanOf(folds, population, method, rocAuc).toFixed(3)}, log loss ${loss(method).toFixed(3)}`;
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const tests = `on ${who}, tested on ${folds.map((fold) => isoDate(fold.testOn)).join(', ')}`;
  return {
    basis: isWorse ? best : 'forest',
    keepCalibrator: keepCalibrator && !isWorse,
    reason: `forest ${figures(forest)}; best baseline ${best} ${figures(best)}; ${tests}`,
  };
}
