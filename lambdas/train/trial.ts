import { isoDate } from '../lake/day.ts';
import type { CalibrationRow, ModelMetric } from '../model/model-file.ts';
import type { Night, StepInput } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { asPublished, type Believed, beliefsClause, weigh, weighOn } from './beliefs.ts';
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
  /** With the blend's level shifted unless earlier tests spoke against it. */
  readonly folds: readonly Fold[];
  /** What all tests say of the shifts: for tonight's model, not for any figure of theirs. */
  readonly believed: Believed;
  /** What was known of the shifts on a past date. */
  readonly believedOn: (date: number) => Believed;
  readonly judged: readonly Judged[];
  readonly choice: Choice;
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
}

/** Why there is no trial, as a sentence with counts against minima. */
export interface Shortage {
  readonly shortage: string;
}

/** The choice under the name that the figures give it. */
export const chosenName = ({ basis }: Choice): TestedMethod => (basis === 'blend' ? 'blend_calibrated' : basis);

/** What else a trial is to test. */
export interface TrialOptions {
  /** The forest of ml-random-forest too, where it is not the one that scores. */
  readonly withLibrary?: boolean;
}

/** Why no past date could be tested. */
function noFolds(
  { min_per_class }: Config['model'],
  night: Night,
  { horizonDays, testDates }: StepInput<'train'>['horizon'],
): string {
  if (testDates.length > 0) {
    return `no past date has ${min_per_class} lost and ${min_per_class} kept customers before it and enough of both after it`;
  }
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
  const tested: Fold[] = [];
  for (const [index, testOn] of horizon.testDates.entries()) {
    context.progress(index / (horizon.testDates.length + 1), `testing on ${isoDate(testOn)}`);
    const fold = await walkForward(rows, testOn, horizon.horizonDays, context.config.model);
    if (!fold) continue;
    const isCompared = withLibrary || context.config.model.trainer === 'ml-random-forest';
    tested.push(isCompared ? await withOtherTrainer(fold, rows, horizon.horizonDays, context.config.model) : fold);
  }
  if (tested.length === 0) return { shortage: noFolds(context.config.model, night, horizon) };
  const believed = weigh(tested);
  const folds = asPublished(tested);
  const choice = chooseMethod(folds);
  const judged = judgeFolds(folds);
  return {
    rows,
    folds,
    believed,
    believedOn: (date) => weighOn(tested, date),
    judged,
    choice: { ...choice, reason: `${choice.reason}; ${beliefsClause(believed)}` },
    metrics: [...metricRows(judged, 'walk_forward'), ...meanRows(judged)],
    calibration: calibrationRows(judged, 'walk_forward'),
  };
}
