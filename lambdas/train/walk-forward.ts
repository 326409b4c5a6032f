import { isoDate } from '../lake/day.ts';
import type { Calibrator } from '../model/calibration.ts';
import {
  blended,
  blendOf,
  type FittedMethod,
  fitBaseline,
  fitLinear,
  fitPurchaseProcess,
  lossProbabilities,
} from '../model/methods.ts';
import type { ScoreBasis } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { fitChurnForest, inputOf } from './fit-forest.ts';
import { customerNumber } from './intervals.ts';
import { allBelieved, calibratorOn } from './level.ts';
import type { OtherForest } from './other-trainer.ts';
import { at, customersByOutcome, type LabelledRows, latestDate, until } from './snapshots.ts';

/** All buyers, or those who bought within the last H days and are thus not lapsed yet: the ones a list is for. */
export const populations = ['all', 'active_h'] as const;
export type Population = (typeof populations)[number];

/** Tests name methods by their basis; `blend_calibrated` is the blend with its level shifted. */
export type TestedMethod = Exclude<ScoreBasis, 'rules'> | 'blend_calibrated' | OtherForest;

/** What one method foretold for the customers of one test snapshot, beside what happened. */
export interface Fold {
  readonly testOn: number;
  /** Latest snapshot that the methods learned from; its outcome reaches `horizonDays` further. */
  readonly trainedUntil: number;
  readonly horizonDays: number;
  readonly lost: Uint8Array;
  readonly isActive: Uint8Array;
  /** A number per customer, the same on every date. */
  readonly customers: Uint32Array;
  readonly foretold: ReadonlyMap<TestedMethod, Float64Array>;
  /** The shift in `blend_calibrated`; null where there is none. */
  readonly calibrator: Calibrator | null;
}

/** A model was to be judged on days that it has learned from. */
export class JudgedOnOwnWindow extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** @throws JudgedOnOwnWindow when what a method learned reaches past the date on which it is judged */
export function refuseOwnWindow({
  testOn,
  trainedUntil,
  horizonDays,
}: Pick<Fold, 'testOn' | 'trainedUntil' | 'horizonDays'>): void {
  if (trainedUntil + horizonDays <= testOn) return;
  const learned = isoDate(trainedUntil + horizonDays);
  throw new JudgedOnOwnWindow(
    `a model that learned from outcomes until ${learned} was to be judged on ${isoDate(testOn)}`,
    `Judge it on ${learned} or later, or fit it on snapshots ${horizonDays} days older than the test.`,
  );
}

/** Both outcomes occur. */
export const hasBothOutcomes = (lost: Uint8Array): boolean => lost.includes(0) && lost.includes(1);

/** Customers of either outcome without whom a test says nothing, whatever is asked of training. */
const fewestTested = 30;

const isEnough = (rows: LabelledRows, fewest: number): boolean => {
  const { lost, kept } = customersByOutcome(rows);
  return Math.min(lost, kept) >= fewest;
};

/**
 * Fits every method on the snapshots whose outcome was known on the test date, and lets it foretell the test snapshot.
 * Nothing that a method is fitted on reaches past the test date.
 * @returns null when it would be fitted on fewer customers of either outcome than training asks for, or tested on fewer
 * than 30 (where training asks for less: than that)
 */
export async function walkForward(
  all: LabelledRows,
  testOn: number,
  horizonDays: number,
  settings: Config['model'],
): Promise<Fold | null> {
  const known = until(all, testOn - horizonDays);
  const test = at(all, testOn);
  const trainedUntil = latestDate(known);
  const { min_per_class } = settings;
  if (trainedUntil === null || !isEnough(known, min_per_class)) return null;
  if (!isEnough(test, Math.min(fewestTested, min_per_class))) return null;

  const bgNbd = fitPurchaseProcess(at(known, trainedUntil).rows);
  const input = inputOf(known, horizonDays, bgNbd);
  const testInput = inputOf(test, horizonDays, bgNbd);
  const foretold = new Map<TestedMethod, Float64Array>();
  const foretell = (method: FittedMethod) => {
    const scores = lossProbabilities(method, testInput);
    foretold.set(method.basis, scores);
    return scores;
  };
  for (const basis of ['recency', 'rfm', 'bgnbd'] as const) foretell(fitBaseline(basis, input, known.lost, bgNbd));
  const linear = fitLinear(input, known.lost);
  const byLine = foretell({ basis: 'logistic', linear });
  const forest = await fitChurnForest(settings, input.vector, known.lost);
  const byForest = foretell({ basis: 'forest', forest });
  const blend = blendOf(forest, linear, known.lost.length);
  foretold.set('blend', blended(blend, byForest, byLine));
  const occasion = { date: testOn, horizonDays, known, buyers: test.rows };
  const calibrator = calibratorOn({ method: blend, bgNbd }, occasion, allBelieved);
  foretold.set('blend_calibrated', blended({ ...blend, calibrator }, byForest, byLine));
  return {
    testOn,
    trainedUntil,
    horizonDays,
    lost: test.lost,
    isActive: Uint8Array.from(test.rows.numbers('recency_days'), (days) => (days < horizonDays ? 1 : 0)),
    customers: Uint32Array.from(test.rows.customerKeys, customerNumber),
    foretold,
    calibrator,
  };
}

/** Scores and outcomes of one population of a fold. */
export function populationOf(fold: Fold, population: Population, method: TestedMethod) {
  const { lost, customers } = fold;
  const scores = fold.foretold.get(method) ?? new Float64Array(0);
  if (population === 'all') return { scores, lost, customers };
  const active = (_: number, row: number) => fold.isActive[row] === 1;
  return { scores: scores.filter(active), lost: lost.filter(active), customers: customers.filter(active) };
}
