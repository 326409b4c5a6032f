import { applyCalibrator } from '../model/calibration.ts';
import { evaluate, type Metrics } from '../model/evaluation.ts';
import { baselines, fitBaseline, fitPurchaseProcess, lossProbabilities } from '../model/methods.ts';
import type { ModelMetric } from '../model/model-file.ts';
import type { ScoreBasis } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import { fitCalibratorAhead, fitChurnForest, hasBothClasses, inputOf } from './fit-forest.ts';
import { at, type LabelledRows, latestDate, until } from './snapshots.ts';

/** All buyers, or those who bought within the last H days and are thus not lapsed yet: the ones a list is for. */
export const populations = ['all', 'active_h'] as const;
export type Population = (typeof populations)[number];

export type TestedMethod = Exclude<ScoreBasis, 'rules'> | 'forest_calibrated';

/** What one method foretold for the customers of one test snapshot, beside what happened. */
export interface Fold {
  readonly testOn: number;
  readonly trainedUntil: number;
  readonly lost: Uint8Array;
  readonly isActive: Uint8Array;
  readonly foretold: ReadonlyMap<TestedMethod, Float64Array>;
}

/**
 * Fits every method on the snapshots whose outcome was known on the test date, and lets it foretell the test snapshot.
 * Nothing that a method is fitted on reaches past the test date.
 * @returns null when either side lacks one of the two outcomes
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
  if (trainedUntil === null || !hasBothClasses(known.lost) || !hasBothClasses(test.lost)) return null;

  const bgNbd = fitPurchaseProcess(at(known, trainedUntil).rows);
  const input = inputOf(known, horizonDays, bgNbd);
  const testInput = inputOf(test, horizonDays, bgNbd);
  const foretold = new Map<TestedMethod, Float64Array>();
  for (const basis of baselines) {
    foretold.set(basis, lossProbabilities(fitBaseline(basis, input, known.lost, bgNbd), testInput));
  }
  const forest = await fitChurnForest(settings, input.vector, known.lost);
  const scores = lossProbabilities({ basis: 'forest', forest, calibrator: null }, testInput);
  const calibrator = await fitCalibratorAhead(settings, known, horizonDays, bgNbd);
  foretold.set('forest', scores);
  if (calibrator) foretold.set('forest_calibrated', applyCalibrator(calibrator, scores));
  return {
    testOn,
    trainedUntil,
    lost: test.lost,
    isActive: Uint8Array.from(test.rows.numbers('recency_days'), (days) => (days < horizonDays ? 1 : 0)),
    foretold,
  };
}

/** Scores and outcomes of one population of a fold; without a calibrator the forest foretells as it is. */
export function populationOf(fold: Fold, population: Population, method: TestedMethod) {
  const plain = method === 'forest_calibrated' ? fold.foretold.get('forest') : undefined;
  const scores = fold.foretold.get(method) ?? plain ?? new Float64Array(0);
  if (population === 'all') return { scores, lost: fold.lost };
  const active = (_: number, row: number) => fold.isActive[row] === 1;
  return { scores: scores.filter(active), lost: fold.lost.filter(active) };
}

const named = (metrics: Metrics): Record<string, number | null> => ({
  roc_auc: metrics.rocAuc,
  pr_auc: metrics.prAuc,
  brier: metrics.brier,
  log_loss: metrics.logLoss,
  base_log_loss: metrics.baseLogLoss,
  calibration_error: metrics.calibrationError,
  lift_10: metrics.liftAt10?.lift ?? null,
  lift_10_ceiling: metrics.liftAt10?.ceiling ?? null,
  base_rate: metrics.baseRate,
});

/** Every metric of every method on every population of every fold, as rows of model_metrics. */
export function metricsOf(folds: readonly Fold[]): ModelMetric[] {
  return folds.flatMap((fold) =>
    populations.flatMap((population) =>
      [...fold.foretold.keys()].flatMap((method) => {
        const { scores, lost } = populationOf(fold, population, method);
        const metrics = evaluate(scores, lost);
        return Object.entries(named(metrics)).map(([metric, value]) => ({
          method,
          population,
          test_on: fold.testOn,
          metric,
          value,
          rows: metrics.n,
          lost: metrics.positives,
          trained_until: fold.trainedUntil,
        }));
      }),
    ),
  );
}
