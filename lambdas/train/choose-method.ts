import { isoDate } from '../lake/day.ts';
import { bootstrapDifference } from '../model/bootstrap.ts';
import { applyCalibrator, fitShift } from '../model/calibration.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import { baselines, type MethodName } from '../model/methods.ts';
import { type Fold, type Population, populationOf, refuseOwnWindow, type TestedMethod } from './walk-forward.ts';

/** Which method scores, whether the season of the year before is believed, and why. */
export interface Choice {
  readonly basis: MethodName;
  readonly believesSeason: boolean;
  readonly reason: string;
}

type Baseline = (typeof baselines)[number];

/**
 * Scores at the level of loss that came true. How many are lost after a date hangs on its season, which no method knows
 * from a first year; who is lost sooner than whom, and how sure a method is of it, can be learned and is compared.
 */
function atTrueLevel(scores: Float64Array, lost: Uint8Array): Float64Array {
  const found = fitShift(scores, lost);
  return found ? applyCalibrator({ kind: 'season', shift: found.shift }, scores) : scores;
}

const metrics = {
  rocAuc,
  logLoss,
  levelledLogLoss: (scores: Float64Array, lost: Uint8Array) => logLoss(atTrueLevel(scores, lost), lost),
} as const;
type Metric = keyof typeof metrics;
/** What methods are held against each other by. */
type Contested = Exclude<Metric, 'logLoss'>;

const mean = (values: readonly (number | null)[]): number => {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

const meanOf = (folds: readonly Fold[], population: Population, method: TestedMethod, metric: Metric): number =>
  mean(
    folds.map((fold) => {
      const { scores, lost } = populationOf(fold, population, method);
      return metrics[metric](scores, lost);
    }),
  );

/** The season of the year before is believed unless it raised the log loss of the tests that knew one, on average. */
const seasonHolds = (folds: readonly Fold[]): boolean =>
  meanOf(folds, 'all', 'blend_calibrated', 'logLoss') <= meanOf(folds, 'all', 'blend', 'logLoss');

/** Folds whose population has both outcomes: without one of them nothing can be judged. */
const judgeable = (folds: readonly Fold[], population: Population): Fold[] =>
  folds.filter((fold) => new Set(populationOf(fold, population, 'forest').lost).size === 2);

/** Best of some methods on average over folds. */
function bestOf<M extends TestedMethod>(
  folds: readonly Fold[],
  population: Population,
  methods: readonly M[],
  metric: Metric,
): M {
  const sign = metric === 'rocAuc' ? -1 : 1;
  const cost = (method: M) => sign * meanOf(folds, population, method, metric);
  return methods.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

/** Somebody without a model would take the baseline that was best on earlier dates; on the first date the best in hindsight. */
function baselineFor(folds: readonly Fold[], population: Population, metric: Contested): ReadonlyMap<Fold, Baseline> {
  const inOrder = [...folds].sort((a, b) => a.testOn - b.testOn);
  return new Map(
    inOrder.map((fold, i) => [fold, bestOf(inOrder.slice(0, Math.max(1, i)), population, baselines, metric)]),
  );
}

/** What a method foretold on all folds in a row, which method may differ from fold to fold. */
function pooled(folds: readonly Fold[], population: Population, methodOf: (fold: Fold) => TestedMethod) {
  const parts = folds.map((fold) => populationOf(fold, population, methodOf(fold)));
  return {
    scores: Float64Array.from(parts.flatMap((part) => [...atTrueLevel(part.scores, part.lost)])),
    lost: Uint8Array.from(parts.flatMap((part) => [...part.lost])),
    groups: Uint32Array.from(parts.flatMap((part) => [...part.customers])),
  };
}

const bootstrap = { seed: 1, replicates: 200 } as const;

/** Interval of a − b over all folds, customers drawn whole. */
function difference(
  folds: readonly Fold[],
  population: Population,
  a: (fold: Fold) => TestedMethod,
  b: (fold: Fold) => TestedMethod,
  metric: Contested,
) {
  const ours = pooled(folds, population, a);
  const theirs = pooled(folds, population, b);
  const compared = metric === 'rocAuc' ? 'rocAuc' : 'logLoss';
  return bootstrapDifference(ours.scores, theirs.scores, ours.lost, compared, { ...bootstrap, groups: ours.groups });
}

/** One that learns from the whole history, unless recency or RFM alone is better than both by more than noise. */
function fallback(folds: readonly Fold[], population: Population): Baseline {
  const learned = bestOf(folds, population, ['logistic', 'bgnbd'] as const, 'levelledLogLoss');
  const plain = bestOf(folds, population, ['recency', 'rfm'] as const, 'levelledLogLoss');
  const apart = difference(
    folds,
    population,
    () => plain,
    () => learned,
    'levelledLogLoss',
  );
  return (apart?.high ?? 0) < 0 ? plain : learned;
}

/**
 * Decides which method scores, on customers who are not lapsed yet (on all, where nobody of them was lost or nobody
 * kept).
 *
 * 1. The blend of forest and logistic regression stands for the model; the forest alone takes its place only where it is
 *    better by more than noise.
 * 2. It must hold up against the baseline that was best on earlier dates: worse by more than noise (paired bootstrap over
 *    all folds, customers drawn whole) neither in ROC AUC nor in log loss at the level that came true, and as good on
 *    average in at least one of the two. Otherwise the best baseline scores, by the same log loss.
 * @throws JudgedOnOwnWindow for a fold whose methods learned from days on which they are judged
 */
export function chooseMethod(all: readonly Fold[]): Choice {
  for (const fold of all) refuseOwnWindow(fold);
  const population: Population = judgeable(all, 'active_h').length > 0 ? 'active_h' : 'all';
  const folds = judgeable(all, population);
  const believesSeason = seasonHolds(all);
  const blend: TestedMethod = believesSeason ? 'blend_calibrated' : 'blend';
  const constant = (method: TestedMethod) => () => method;
  const forestIsBetter =
    (difference(folds, population, constant('forest'), constant(blend), 'levelledLogLoss')?.high ?? 0) < 0;
  const ours = forestIsBetter ? 'forest' : blend;

  const against = (metric: Contested) => {
    const theirs = baselineFor(folds, population, metric);
    return difference(folds, population, constant(ours), (fold) => theirs.get(fold) as Baseline, metric);
  };
  const [loss, auc] = [against('levelledLogLoss'), against('rocAuc')];
  const isWorse = (loss?.low ?? 0) > 0 || (auc?.high ?? 0) < 0;
  const isAsGood = (loss?.estimate ?? 0) <= 0 || (auc?.estimate ?? 0) >= 0;
  const best = fallback(folds, population);
  const basis: MethodName = isWorse || !isAsGood ? best : forestIsBetter ? 'forest' : 'blend';

  const figures = (method: TestedMethod) =>
    `ROC AUC ${meanOf(folds, population, method, 'rocAuc').toFixed(3)}, log loss ${meanOf(folds, population, method, 'levelledLogLoss').toFixed(3)}`;
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const dates = folds.map((fold) => isoDate(fold.testOn)).join(', ');
  const name = forestIsBetter ? 'forest' : 'forest and logistic regression';
  return {
    basis,
    believesSeason,
    reason: `${name} ${figures(ours)}; best baseline ${best} ${figures(best)}; log loss at the level that came true, on ${who}, tested on ${dates}`,
  };
}
