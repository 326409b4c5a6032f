import { expectedCalibrationError, logLoss } from '../model/evaluation.ts';
import type { Beliefs } from './level.ts';
import { type Fold, hasBothOutcomes, type Population, populationOf, type TestedMethod } from './walk-forward.ts';

/** Tests at which a shift of each kind was made. */
export interface Believed extends Beliefs {
  readonly tests: Readonly<Record<keyof Beliefs, number>>;
}

type Measure = (scores: Float64Array, lost: Uint8Array) => number | null;

function meanOf(folds: readonly Fold[], population: Population, method: TestedMethod, measure: Measure): number {
  const judged = folds
    .map((fold) => populationOf(fold, population, method))
    .filter(({ lost }) => hasBothOutcomes(lost));
  return judged.reduce((sum, { scores, lost }) => sum + (measure(scores, lost) ?? 0), 0) / Math.max(1, judged.length);
}

/** Moved probabilities fit better than unmoved ones, and those of customers not yet lapsed are no worse calibrated. */
const holds = (folds: readonly Fold[]): boolean =>
  meanOf(folds, 'all', 'blend_calibrated', logLoss) < meanOf(folds, 'all', 'blend', logLoss) &&
  meanOf(folds, 'active_h', 'blend_calibrated', expectedCalibrationError) <=
    meanOf(folds, 'active_h', 'blend', expectedCalibrationError);

/**
 * What the tests say of each kind of shift, over the dates at which one was made. The season of the year before must have
 * held at one of them at least: a shop that was never tested in the same season of two years has no evidence that years
 * are alike. The level of the purchase process is believed until a test that it moved speaks against it: how well BG/NBD
 * foretold the level of earlier snapshots has been asked before it moves anything. Without any test nothing is believed.
 */
export function weigh(folds: readonly Fold[]): Believed {
  const of = (kind: keyof Beliefs) => folds.filter((fold) => fold.calibrator?.kind === kind);
  const [season, process] = [of('season'), of('process')];
  return {
    season: season.length > 0 && holds(season),
    process: folds.length > 0 && (process.length === 0 || holds(process)),
    tests: { season: season.length, process: process.length },
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

/** What became of either shift in the tests, as a clause. */
export const beliefsClause = (believed: Believed): string =>
  (['season', 'process'] as const)
    .map((kind) => {
      const tests = believed.tests[kind];
      const dates = `${tests} ${tests === 1 ? 'date' : 'dates'}`;
      return `${names[kind]} ${tests === 0 ? 'not tested' : `${believed[kind] ? 'held' : 'did not hold'} at ${dates}`}`;
    })
    .join(', ');
