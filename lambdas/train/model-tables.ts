import type { Columns, RowOf } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';
import { calibrationCurves, drift, modelMetrics, models } from '../lake/tables/model.ts';
import { runPrefix } from '../lake/zones.ts';
import type { CalibrationRow, ChurnModel, ModelMetric } from '../model/model-file.ts';
import type { Night, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import type { DriftRow } from './drift.ts';

/** What the train step publishes besides the model itself. */
export interface ModelTables {
  readonly output: StepOutputs['train'];
  /** The model in force; null for rules. */
  readonly model: ChurnModel | null;
  readonly judgedOn: number;
  readonly judgedWith: string;
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
  readonly drift: readonly DriftRow[];
}

function inOrder<C extends Columns>({ key }: Table<C>, rows: readonly RowOf<C>[]): RowOf<C>[] {
  const sorted = rows.map((row) => ({
    row,
    name: key.map((column) => String(row[column]).padStart(12, '0')).join(' '),
  }));
  return sorted.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ row }) => row);
}

/** Writes models, model_metrics, calibration_curves and drift as this run's partitions. */
export async function writeModelTables({ store, engine }: Context, night: Night, tables: ModelTables): Promise<void> {
  const write = async <C extends Columns>(table: Table<C>, rows: readonly RowOf<C>[]) => {
    await writeTable(store, table, `${runPrefix(table, night.run)}part-00000.parquet`, inOrder(table, rows));
    await engine.register(table, night.run);
  };
  const { output, model } = tables;
  const card = model?.card;
  const calibrator = model?.method.basis === 'blend' ? model.method.calibrator : null;
  await write(models, [
    {
      model_id: output.modelId,
      basis: output.basis,
      trained_on: output.trainedOn,
      judged_on: tables.judgedOn,
      trainer: card?.training.trainer ?? '',
      is_champion: true,
      verdict: output.verdict,
      reason: output.reason,
      horizon_days: card?.horizonDays ?? 0,
      rows: card?.rows ?? 0,
      customers: card?.customers ?? 0,
      churn_rate_pct: card?.churnRatePct ?? null,
      sample_rate_pct: card?.sampleRatePct ?? 100,
      is_calibrated: calibrator !== null,
      level_shift: calibrator?.shift ?? null,
      level_from: calibrator?.kind ?? null,
      season_tests: card?.believed.tests.season ?? 0,
      process_tests: card?.believed.tests.process ?? 0,
      judged_with: tables.judgedWith,
      method: card?.inForce ?? 'rules',
      undated_refunds_pct: card?.undatedRefundsPct ?? null,
    },
  ]);
  await write(modelMetrics, tables.metrics);
  await write(calibrationCurves, tables.calibration);
  await write(drift, tables.drift);
}
