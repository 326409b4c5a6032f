import { count, text } from '../lake/column.ts';
import { segmentCells } from '../lake/segments.ts';
import { customerFeatures, customerSnapshots } from '../lake/tables/features.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { type Parameter, runParameters, type Statement, sqlFile } from '../platform/statement.ts';
import { chooseSample, everybody, type Sample } from './sample.ts';

const featuresOf = sqlFile(import.meta.url, './features.sql');
const countSnapshots = sqlFile(import.meta.url, './snapshot-counts.sql');

const segments: Parameter = {
  rows: segmentCells.map((cell) => [
    { integer: cell.recencyScore },
    { integer: cell.valueScore },
    { token: cell.segment },
  ]),
};

const rowsOfDates = (dates: readonly number[]): Parameter => ({ rows: dates.map((date) => [{ date }]) });

/**
 * Describes every buyer as of the night's date, and, when a training is due, a stable sample of them as of each past
 * snapshot date together with what they did in the horizon after it. Both come from one statement.
 * @throws QueryError when the engine fails a statement
 */
export async function features(context: Context, input: StepInput<'features'>): Promise<StepOutputs['features']> {
  const { run } = input.night;
  const { horizonDays, snapshotDates } = input.horizon;
  const parameters = runParameters(run);
  const statement = (dates: readonly number[], sample: Sample): Statement =>
    featuresOf({
      ...parameters,
      dates: rowsOfDates(dates),
      segments,
      horizon_days: { integer: horizonDays },
      sample_below: { token: sample.below },
    });

  const current = await context.engine.materialise(statement([run.asOf], everybody), customerFeatures, run);
  const done = { buyers: current.rows, featureFiles: current.files };
  if (snapshotDates.length === 0) return { ...done, snapshotFiles: [], sampleRatePct: everybody.ratePct };

  const counts = await rowsOf(context.engine, countSnapshots({ ...parameters, dates: rowsOfDates(snapshotDates) }), {
    columns: { key_prefix: text('First characters of customer keys.'), customers: count(''), snapshots: count('') },
    key: ['key_prefix'],
  });
  const sample = chooseSample(counts, context.config.model.max_training_rows);
  const past = await context.engine.materialise(statement(snapshotDates, sample), customerSnapshots, run);
  return { ...done, snapshotFiles: past.files, sampleRatePct: sample.ratePct };
}
