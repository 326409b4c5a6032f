import { count, flag, integer } from '../lake/column.ts';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import { type CalibrationRow, loadCard, type ModelCard, type ModelMetric } from '../model/model-file.ts';
import { type GateVerdict, type MaturedNight, type Night, rulesModelId } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { replicated } from './intervals.ts';
import { calibrationRows, type Judged, metricRows } from './published-metrics.ts';
import { type Population, populations } from './walk-forward.ts';

const maturedSql = sqlFile(import.meta.url, './matured.sql');

const counted = {
  columns: {
    score: integer('Probability in ten-thousandths, rounded down.'),
    is_active: flag('Bought in the H days up to the night.'),
    is_lost: flag('Bought nothing in the H days after it.'),
    customers: count('Customers.'),
  },
  key: ['score', 'is_active', 'is_lost'],
};

type Counted = { score: number; is_active: boolean; is_lost: boolean; customers: number };

/** Counts spread out into one row per customer, each in the middle of its ten-thousandth. */
function outcomesOf(rows: readonly Counted[]) {
  const total = rows.reduce((sum, { customers }) => sum + customers, 0);
  const scores = new Float64Array(total);
  const lost = new Uint8Array(total);
  let next = 0;
  for (const { score, is_lost, customers } of rows) {
    scores.fill(Math.min(1, (score + 0.5) / 10_000), next, next + customers);
    lost.fill(is_lost ? 1 : 0, next, next + customers);
    next += customers;
  }
  return { scores, lost, customers: Uint32Array.from(scores, (_, row) => row) };
}

/** What the card of a model gave for the method in force, as the mean over its test dates. */
function promiseOf(card: ModelCard | null, population: Population, metric: string): number | null {
  const found = card?.metrics.find(
    (row) =>
      row.split === 'walk_forward_mean' &&
      row.method === card.inForce &&
      row.population === population &&
      row.metric === metric,
  );
  return found?.value ?? null;
}

export interface Matured {
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
  readonly gates: readonly GateVerdict[];
}

async function maturedNight(context: Context, night: Night, earlier: MaturedNight): Promise<Omit<Matured, 'gates'>> {
  const statement = maturedSql({
    ...runParameters(night.run),
    predicted_on: { date: earlier.asOf },
    predicted_by: { token: earlier.runId },
    horizon_days: { integer: earlier.horizonDays },
  });
  const rows = await rowsOf(context.engine, statement, counted);
  const isRank = earlier.modelId === rulesModelId;
  const card = isRank ? null : await loadCard(context.store, earlier.modelId);
  const judged = populations.map((population): Judged => {
    const outcomes = outcomesOf(population === 'all' ? rows : rows.filter(({ is_active }) => is_active));
    return {
      method: isRank ? 'rules' : (card?.basis ?? 'unknown'),
      population,
      testOn: earlier.asOf,
      trainedUntil: card ? parseIsoDate(card.snapshotDates.at(-1) ?? '') : null,
      outcomes,
      metrics: replicated(outcomes, !isRank),
    };
  });
  return {
    metrics: metricRows(judged, 'matured').map((row) => ({
      ...row,
      promised: promiseOf(card, row.population as Population, row.metric),
    })),
    calibration: isRank ? [] : calibrationRows(judged, 'matured'),
  };
}

const figure = (value: number): string => value.toFixed(3);

/**
 * Whether what came true falls short of what the model card promised: by more than the setting allows and by more than
 * noise. Customers not lapsed yet decide; all of them where the former have one outcome only.
 */
function judge(metrics: readonly ModelMetric[], limits: Config['watch']): GateVerdict[] {
  const newest = metrics.reduce((latest, row) => Math.max(latest, row.test_on), 0);
  const of = (population: Population, metric: string) =>
    metrics.find((row) => row.test_on === newest && row.population === population && row.metric === metric);
  const population = of('active_h', 'roc_auc')?.value == null ? 'all' : 'active_h';
  const auc = of(population, 'roc_auc');
  const error = of(population, 'calibration_error');
  if (!auc || auc.value === null || auc.promised === null) return [];
  const isWorse = auc.value < auc.promised - limits.max_auc_drop && (auc.high ?? 1) < auc.promised;
  const isOff =
    error?.value != null &&
    error.promised !== null &&
    error.value > error.promised + limits.max_calibration_rise &&
    (error.low ?? 0) > error.promised;
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const calibration =
    error?.value != null && error.promised !== null
      ? `, calibration error ${figure(error.value)} (promised ${figure(error.promised)})`
      : '';
  const message =
    `what the night of ${isoDate(newest)} foretold of ${auc.rows} ${who}: ROC AUC ${figure(auc.value)} ` +
    `(promised ${figure(auc.promised)})${calibration}`;
  return [{ gate: 'matured', verdict: isWorse || isOff ? 'warned' : 'passed', message }];
}

/**
 * Holds what earlier published nights foretold, now that their horizon has passed, against what happened. The nights are
 * those that the claim pinned, so that the figures depend on nothing that is published meanwhile.
 */
export async function maturedPredictions(context: Context, night: Night): Promise<Matured> {
  const metrics: ModelMetric[] = [];
  const calibration: CalibrationRow[] = [];
  for (const earlier of night.matured) {
    const found = await maturedNight(context, night, earlier);
    metrics.push(...found.metrics);
    calibration.push(...found.calibration);
  }
  return { metrics, calibration, gates: judge(metrics, context.config.watch) };
}
