import type { Columns, RowOf } from '../lake/column.ts';
import type { StepInput } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { type ResultShape, rowsOf } from '../platform/query-engine.ts';
import { type Parameters, runParameters, sqlFile } from '../platform/statement.ts';
import { IncompleteRun } from './errors.ts';
import { type ReportData, shapes } from './report-data.ts';

const statements = {
  horizon: sqlFile(import.meta.url, './horizon.sql'),
  metrics: sqlFile(import.meta.url, './shop-metrics.sql'),
  periods: sqlFile(import.meta.url, './retention.sql'),
  cohorts: sqlFile(import.meta.url, './cohorts.sql'),
  rfm: sqlFile(import.meta.url, './rfm.sql'),
  bands: sqlFile(import.meta.url, './risk-bands.sql'),
  buckets: sqlFile(import.meta.url, './risk-histogram.sql'),
  models: sqlFile(import.meta.url, './model.sql'),
  modelMetrics: sqlFile(import.meta.url, './model-metrics.sql'),
  calibration: sqlFile(import.meta.url, './calibration-curves.sql'),
  drift: sqlFile(import.meta.url, './drift.sql'),
  gaps: sqlFile(import.meta.url, './gaps.sql'),
  lists: sqlFile(import.meta.url, './lists.sql'),
  results: sqlFile(import.meta.url, './campaign-results.sql'),
  customers: sqlFile(import.meta.url, './at-risk.sql'),
  inputs: sqlFile(import.meta.url, './inputs.sql'),
  rejections: sqlFile(import.meta.url, './rejections.sql'),
  surveys: sqlFile(import.meta.url, './survey-scores.sql'),
} as const satisfies Readonly<Record<keyof typeof shapes, unknown>>;

/** Customers that the report names. */
const mostCustomers = 50;

/**
 * Reads what a report shows from this run's tables.
 * @throws IncompleteRun where the run has no horizon or no model in force
 */
export async function readTables(
  { engine, config }: Pick<Context, 'engine' | 'config'>,
  input: StepInput<'report'>,
): Promise<ReportData> {
  const { run } = input.night;
  const read = <C extends Columns>(
    statement: keyof typeof statements,
    shape: ResultShape<C>,
    more: Parameters = {},
  ): Promise<RowOf<C>[]> => {
    const parameters = { ...runParameters(run), ...more };
    return rowsOf(engine, statements[statement](parameters), shape);
  };
  const only = <T>(rows: readonly T[], table: string): T => {
    const [row] = rows;
    if (rows.length === 1 && row) return row;
    throw new IncompleteRun(
      `the report of run ${run.runId} needs one row of ${table} and found ${rows.length}`,
      'Run the night again from its first step.',
    );
  };
  return {
    input,
    watch: config.watch,
    horizon: only(await read('horizon', shapes.horizon), 'horizons'),
    model: only(await read('models', shapes.models), 'models with is_champion'),
    metrics: await read('metrics', shapes.metrics),
    periods: await read('periods', shapes.periods),
    cohorts: await read('cohorts', shapes.cohorts),
    rfm: await read('rfm', shapes.rfm),
    bands: await read('bands', shapes.bands),
    buckets: await read('buckets', shapes.buckets),
    modelMetrics: await read('modelMetrics', shapes.modelMetrics),
    calibration: await read('calibration', shapes.calibration),
    drift: await read('drift', shapes.drift),
    gaps: await read('gaps', shapes.gaps),
    lists: await read('lists', shapes.lists),
    results: await read('results', shapes.results),
    customers: await read('customers', shapes.customers, { most: { integer: mostCustomers } }),
    inputs: await read('inputs', shapes.inputs),
    rejections: await read('rejections', shapes.rejections),
    surveys: await read('surveys', shapes.surveys),
  };
}
