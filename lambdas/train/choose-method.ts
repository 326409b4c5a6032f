import { isoDate } from '../lake/day.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import { baselines, type MethodName } from '../model/methods.ts';
import {
  type Baseline,
  bestOf,
  by,
  type Criterion,
  decisive,
  differenceIn,
  isWorse,
  judgeable,
  meanOf,
} from './compare.ts';
import { type Fold, type Population, refuseOwnWindow, type TestedMethod } from './walk-forward.ts';

/** Which method scores, and why. */
export interface Choice {
  readonly basis: MethodName;
  readonly reason: string;
}

/** Somebody without a model would take the baseline that was best on earlier dates; on the first date the best in hindsight. */
function baselineFor(
  folds: readonly Fold[],
  population: Population,
  criterion: Criterion,
): ReadonlyMap<Fold, Baseline> {
  const inOrder = [...folds].sort((a, b) => a.testOn - b.testOn);
  return new Map(
    inOrder.map((fold, i) => [fold, bestOf(inOrder.slice(0, Math.max(1, i)), population, baselines, criterion)]),
  );
}

/** One that learns from the whole history, unless recency or RFM alone is better than both by more than noise. */
function fallback(folds: readonly Fold[], population: Population): Baseline {
  const learned = bestOf(folds, population, ['logistic', 'bgnbd'] as const, 'logLoss');
  const plain = bestOf(folds, population, ['recency', 'rfm'] as const, 'logLoss');
  const apart = differenceIn('logLoss', folds, population, by(plain), by(learned));
  return (apart?.high ?? 0) < 0 ? plain : learned;
}

/** The baseline with the lowest log loss as published, its own level included. */
function bestPublished(folds: readonly Fold[], population: Population): Baseline {
  const loss = (method: Baseline) => meanOf(folds, population, method, logLoss);
  return baselines.reduce((a, b) => (loss(b) < loss(a) ? b : a));
}

/**
 * Decides which method scores, on customers who are not lapsed yet (on all, where nobody of them was lost or nobody
 * kept).
 *
 * 1. The blend of forest and logistic regression stands for the model; the forest alone takes its place only where it is
 *    better by more than noise.
 * 2. It must hold up against the baseline that was best on earlier dates: worse by more than noise (paired bootstrap over
 *    the mean of all folds, customers drawn whole) neither in ROC AUC nor in log loss at the level that came true, and as
 *    good on average in at least one of the two, or in log loss at its own level, which a believed season sets. Otherwise
 *    the best baseline scores, by log loss at the level that came true.
 * @param all folds whose blend is shifted where that is believed
 * @throws JudgedOnOwnWindow for a fold whose methods learned from days on which they are judged
 */
export function chooseMethod(all: readonly Fold[]): Choice {
  for (const fold of all) refuseOwnWindow(fold);
  const population = decisive(all);
  const folds = judgeable(all, population);
  const instead = differenceIn('logLoss', folds, population, by('forest'), by('blend_calibrated'));
  const forestIsBetter = (instead?.high ?? 0) < 0;
  const ours = forestIsBetter ? 'forest' : 'blend_calibrated';

  const against = (criterion: Criterion) => {
    const theirs = baselineFor(folds, population, criterion);
    return differenceIn(criterion, folds, population, by(ours), (fold) => by(theirs.get(fold) as Baseline)(fold));
  };
  const apart = { logLoss: against('logLoss'), rocAuc: against('rocAuc') };
  const atOwnLevel =
    meanOf(folds, population, ours, logLoss) - meanOf(folds, population, bestPublished(folds, population), logLoss);
  const isAsGood = (apart.logLoss?.estimate ?? 0) <= 0 || (apart.rocAuc?.estimate ?? 0) >= 0 || atOwnLevel <= 0;
  const holdsUp = !isWorse(apart) && isAsGood;
  const basis: MethodName = holdsUp ? (forestIsBetter ? 'forest' : 'blend') : fallback(folds, population);

  const figures = (method: TestedMethod) =>
    `ROC AUC ${meanOf(folds, population, method, rocAuc).toFixed(3)}, log loss ${meanOf(folds, population, method, logLoss).toFixed(3)}`;
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const dates = folds.map((fold) => isoDate(fold.testOn)).join(', ');
  const name = forestIsBetter ? 'forest' : 'forest and logistic regression';
  const best = holdsUp ? bestPublished(folds, population) : (basis as Baseline);
  return {
    basis,
    reason: `${name} ${figures(ours)}; best baseline ${best} ${figures(best)}; compared at the level of loss that came true, on ${who}, tested on ${dates}`,
  };
}
