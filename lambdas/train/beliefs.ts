import { fitShift } from '../model/calibration.ts';
import { plural } from '../wording/counts.ts';
import type { Beliefs } from './level.ts';
import { type Fold, populationOf } from './walk-forward.ts';

/** What tests say of shifts: how many each kind was made at, and by how much it strayed there, the mean in log odds. */
export interface Believed extends Beliefs {
  readonly tests: Readonly<Record<keyof Beliefs, number>>;
  readonly strayed: Readonly<Record<keyof Beliefs, number>>;
}

/** Log odds by which the level of one date differs from another for no reason that anybody could know. */
const luckOfDate = 0.15;

/**
 * By how much further a shift brought the level of customers not yet lapsed from the truth, in log odds, below 0 where it
 * brought it nearer; none where only one outcome came.
 */
function strayedAt(fold: Fold): number[] {
  const { scores, lost } = populationOf(fold, 'active_h', 'blend');
  const truth = fitShift(scores, lost);
  if (!truth || !fold.calibrator) return [];
  return [Math.abs(truth.shift - fold.calibrator.shift) - Math.abs(truth.shift)];
}

function judged(folds: readonly Fold[]): { isBelieved: boolean; tests: number; strayed: number } {
  const by = folds.flatMap(strayedAt);
  const strayed = by.reduce((sum, value) => sum + value, 0) / Math.max(1, by.length);
  return { isBelieved: by.length === 0 || strayed < luckOfDate / Math.sqrt(by.length), tests: by.length, strayed };
}

/**
 * What the tests say of each kind of shift, over those at which one was made. Each is believed until it has led them
 * further from the truth by more than the luck of so many dates: a shift is made only where the shop's own past shows one
 * beyond noise (see `calibratorOn`), and a shop with two years of orders has at most a test or two in a season that it has
 * seen before.
 *
 * Measured over three dates, H = 90, on customers not yet lapsed, against no shift: Online Retail I log loss .560 → .552 and
 * calibration error .061 → .039, Online Retail II .548 → .536 and .061 → .034, CDNOW .621 → .617 and .047 → .031. The price
 * is an extraordinary year taken for a season until its test has passed: a simulated shop that lost half of its orders for
 * two months has, at the one date a year later, a calibration error of .037 instead of .025 and a log loss of .601 instead
 * of .598.
 */
export function weigh(folds: readonly Fold[]): Believed {
  const of = (kind: keyof Beliefs) => judged(folds.filter((fold) => fold.calibrator?.kind === kind));
  const [season, process] = [of('season'), of('process')];
  return {
    season: season.isBelieved,
    process: process.isBelieved,
    tests: { season: season.tests, process: process.tests },
    strayed: { season: season.strayed, process: process.strayed },
  };
}

/** What a night on some date could have known of the shifts: tests whose horizon had passed by then. */
export const weighOn = (folds: readonly Fold[], date: number): Believed =>
  weigh(folds.filter(({ testOn, horizonDays }) => testOn + horizonDays <= date));

/** A fold whose blend is moved only where that kind of shift is believed. */
export function asBelieved(fold: Fold, beliefs: Beliefs): Fold {
  const { calibrator, foretold } = fold;
  if (!calibrator || calibrator.kind === 'history' || beliefs[calibrator.kind]) return fold;
  const plain = foretold.get('blend') as Float64Array;
  return { ...fold, calibrator: null, foretold: new Map(foretold).set('blend_calibrated', plain) };
}

/** Each fold as a night on its date would have published it: no shift is judged on a test that had a say in it. */
export const asPublished = (folds: readonly Fold[]): Fold[] =>
  folds.map((fold) => asBelieved(fold, weighOn(folds, fold.testOn)));

const names = { season: 'the season of the year before', process: 'the level of the purchase process' } as const;

function verdict(believed: Believed, kind: keyof Beliefs): string {
  const tests = believed.tests[kind];
  if (tests === 0) return 'not tested yet';
  const verb = !believed[kind] ? 'did not hold' : believed.strayed[kind] < 0 ? 'held' : 'was not refuted';
  return `${verb} at ${plural(tests, 'date')}`;
}

/** What became of either shift in the tests, as a clause. */
export const beliefsClause = (believed: Believed): string =>
  (['season', 'process'] as const).map((kind) => `${names[kind]} ${verdict(believed, kind)}`).join(', ');
