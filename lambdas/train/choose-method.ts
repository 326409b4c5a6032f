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
  type Foretold,
  isBetter,
  isWorse,
  judgeable,
  leastGain,
  meanOf,
} from './compare.ts';
import { type Fold, type Population, refuseOwnWindow } from './walk-forward.ts';

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
  const learned = bestOf(folds, population, ['logistic', 'bgnbd'] as const, 'levelLogLoss');
  const plain = bestOf(folds, population, ['recency', 'rfm'] as const, 'levelLogLoss');
  const apart = differenceIn('levelLogLoss', folds, population, by(plain), by(learned));
  return (apart?.high ?? 0) < 0 ? plain : learned;
}

/** A baseline as its name, or as those of the dates where they differ. */
const namesOf = (theirs: ReadonlyMap<Fold, Baseline>): string => [...new Set(theirs.values())].join(', then ');

/** What was compared with whom, each opponent once. */
function grouped(compared: readonly (readonly [what: string, theirs: string])[]): string {
  const opponents = [...new Set(compared.map(([, theirs]) => theirs))];
  return opponents
    .map((one) => {
      const whats = compared.flatMap(([what, theirs]) => (theirs === one ? [what] : []));
      return `${one} in ${whats.join(' and ')}`;
    })
    .join(', ');
}

/**
 * Decides which method scores, on customers who are not lapsed yet (on all, where nobody of them was lost or nobody
 * kept).
 *
 * 1. The blend of forest and logistic regression stands for the model; the forest alone takes its place only where it is
 *    better by more than noise.
 * 2. It is held against the baseline that was best on earlier dates in ROC AUC, against that in log loss at the level that
 *    came true, and against logistic regression in log loss as told. It must be worse by more than noise (paired bootstrap
 *    over the mean of all folds, customers drawn whole) in none of the three; in ROC AUC and in log loss as told it must
 *    be as good on average, where .002 behind in one is a tie if it is not behind in the other.
 * 3. Otherwise the best baseline scores, by log loss at the level that came true: unless nothing was worse by more than
 *    noise, and that baseline itself is, in one of the two and by .002, and better in neither.
 * @param all folds whose blend is shifted unless earlier tests spoke against it
 * @throws JudgedOnOwnWindow for a fold whose methods learned from days on which they are judged
 */
export function chooseMethod(all: readonly Fold[]): Choice {
  for (const fold of all) refuseOwnWindow(fold);
  const population = decisive(all);
  const folds = judgeable(all, population);
  const instead = differenceIn('levelLogLoss', folds, population, by('forest'), by('blend_calibrated'));
  const forestIsBetter = (instead?.high ?? 0) < 0;
  const ours = by(forestIsBetter ? 'forest' : 'blend_calibrated');

  const earlier = {
    rocAuc: baselineFor(folds, population, 'rocAuc'),
    levelLogLoss: baselineFor(folds, population, 'levelLogLoss'),
  };
  const best = (criterion: keyof typeof earlier) => (fold: Fold) => by(earlier[criterion].get(fold) as Baseline)(fold);
  const against = (criterion: Criterion, theirs: Foretold) => differenceIn(criterion, folds, population, ours, theirs);
  const ranking = against('rocAuc', best('rocAuc'));
  const level = against('levelLogLoss', best('levelLogLoss'));
  const asTold = against('logLoss', by('logistic'));

  const isNowhereWorse =
    !isWorse({ rocAuc: ranking, levelLogLoss: level }) && !isWorse({ rocAuc: null, levelLogLoss: asTold });
  const behind = [-(ranking?.estimate ?? 0), asTold?.estimate ?? 0];
  const isAsGood = Math.max(...behind) <= leastGain && Math.min(...behind) <= 0;
  const baseline = fallback(folds, population);
  const baselineIsWorse = () =>
    isBetter({ rocAuc: against('rocAuc', by(baseline)), levelLogLoss: against('logLoss', by(baseline)) });
  const holdsUp = isNowhereWorse && (isAsGood || baselineIsWorse());
  const basis: MethodName = holdsUp ? (forestIsBetter ? 'forest' : 'blend') : baseline;

  const figures = (of: Foretold) =>
    `ROC AUC ${meanOf(folds, population, of, rocAuc).toFixed(3)}, log loss ${meanOf(folds, population, of, logLoss).toFixed(3)}`;
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const dates = folds.map((fold) => isoDate(fold.testOn)).join(', ');
  const name = forestIsBetter ? 'forest' : 'forest and logistic regression';
  const named = (theirs: string, of: Foretold) => `${theirs} (${figures(of)})`;
  const held = grouped([
    ['ranking', named(namesOf(earlier.rocAuc), best('rocAuc'))],
    ['log loss at the level that came true', named(namesOf(earlier.levelLogLoss), best('levelLogLoss'))],
    ['log loss as told', named('logistic', by('logistic'))],
  ]);
  const verdict = holdsUp ? 'holds up' : `does not hold up, ${baseline} scores (${figures(by(baseline))})`;
  return {
    basis,
    reason: `${name} ${figures(ours)}; held against ${held}: ${verdict}; on ${who}, tested on ${dates}`,
  };
}
