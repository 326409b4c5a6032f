import { isoDate } from '../lake/day.ts';
import type { CalibrationRow, ModelMetric } from '../model/model-file.ts';
import type { Night, StepInput } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { type Choice, chooseMethod } from './choose-method.ts';
import { enoughData } from './enough-data.ts';
import { withOtherTrainer } from './other-trainer.ts';
import { calibrationRows, type Judged, judgeFolds, meanRows, metricRows } from './published-metrics.ts';
import { type LabelledRows, readSnapshots } from './snapshots.ts';
import type { TestedMethod } from './walk-forward.ts';
import { type Fold, walkForward } from './walk-forward.ts';

/** Every method tested on past dates, and which of them may score. */
export interface Trial {
  readonly rows: LabelledRows;
  readonly folds: readonly Fold[];
  readonly judged: readonly Judged[];
  readonly choice: Choice;
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
}

/** Why there is no trial, as a sentence with counts against minima. */
export interface Shortage {
  readonly shortage: string;
}

/** The choice under the name that the figures give it: with its season, where any test had one. */
export const chosenName = (choice: Choice, folds: readonly Fold[]): TestedMethod =>
  choice.basis === 'blend' && choice.believesSeason && folds.some((fold) => fold.foretold.has('blend_calibrated'))
    ? 'blend_calibrated'
    : choice.basis;

/** What else a trial is to test. */
export interface TrialOptions {
  /** The forest of ml-random-forest too, where it is not the one that scores. */
  readonly withLibrary?: boolean;
}

/** Why no past date could be tested. */
function noFolds(night: Night, { horizonDays, testDates }: StepInput<'train'>['horizon']): string {
  if (testDates.length > 0) return 'no past date has both lost and kept customers before and after it';
  const history = night.run.asOf - night.firstOrderDate + 1;
  return `${history} days of history hold no date that a horizon of ${horizonDays} days could be tested on`;
}

/**
 * Tests every method on the test dates of the horizon step, each fitted on what was known at the date. Publishes nothing:
 * training and `winback backtest` both rest on it.
 */
export async function trial(
  context: Context,
  { night, horizon, features }: Pick<StepInput<'train'>, 'night' | 'horizon' | 'features'>,
  { withLibrary = false }: TrialOptions = {},
): Promise<Trial | Shortage> {
  const rows = await readSnapshots(context.store, features.snapshotFiles);
  const shortage = enoughData(context.config.model, night, horizon, features.buyers, rows);
  if (shortage) return { shortage };
  const folds: Fold[] = [];
  for (const [index, testOn] of horizon.testDates.entries()) {
    context.progress(index / (horizon.testDates.length + 1), `testing on ${isoDate(testOn)}`);
    const fold = await walkForward(rows, testOn, horizon.horizonDays, context.config.model);
    if (!fold) continue;
    const isCompared = withLibrary || context.config.model.trainer === 'ml-random-forest';
    folds.push(isCompared ? await withOtherTrainer(fold, rows, horizon.horizonDays, context.config.model) : fold);
  }
  if (folds.length === 0) return { shortage: noFolds(night, horizon) };
  const judged = judgeFolds(folds);
  return {
    rows,
    folds,
    judged,
    choice: chooseMethod(folds),
    metrics: [...metricRows(judged, 'walk_forward'), ...meanRows(judged)],
    calibration: calibrationRows(judged, 'walk_forward'),
  };
}
