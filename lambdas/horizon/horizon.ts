import { type Columns, date, type RowOf } from '../lake/column.ts';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import type { Table } from '../lake/table.ts';
import { gapHistogram, horizons } from '../lake/tables/retention.ts';
import { runPrefix } from '../lake/zones.ts';
import { featureNames } from '../model/feature-vector.ts';
import { loadCard } from '../model/model-file.ts';
import { type Night, rulesModelId, type StepInput, type StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { sqlFile } from '../platform/statement.ts';
import { chooseHorizon, type Horizon, snapshotDates } from './choose-horizon.ts';
import type { GapCount } from './kaplan-meier.ts';

const countGaps = sqlFile(import.meta.url, './gap-histogram.sql');

/**
 * Whether the model must be trained on this night: there is none or only rules, it is `model.retrain_after_days` old, or
 * the configuration fixes another horizon than the one it was trained for, or the model is gone or was trained
 * on other features than this version has.
 */
async function isTrainingDue({ store, config }: Context, { run, previous }: Night): Promise<boolean> {
  if (!previous || previous.modelId === rulesModelId) return true;
  const fixed = config.horizon.days ?? previous.horizonDays;
  if (run.asOf - previous.trainedOn >= config.model.retrain_after_days || fixed !== previous.horizonDays) return true;
  const card = await loadCard(store, previous.modelId);
  return card?.features.join() !== featureNames().join();
}

/** The horizon in force: fixed by configuration, kept with the model of an earlier night, or chosen from the gaps. */
function horizonInForce(
  gaps: readonly GapCount[],
  historyDays: number,
  { previous }: Night,
  config: Config,
  trainingDue: boolean,
): Horizon {
  const activeWindowDays = config.horizon.active_window_days;
  const options = { historyDays, ...(activeWindowDays && { activeWindowDays }) };
  if (config.horizon.days) return chooseHorizon(gaps, { ...options, fixed: config.horizon.days });
  const chosen = chooseHorizon(gaps, options);
  if (!previous || trainingDue) return chosen;
  const { horizonDays, trainedOn } = previous;
  const kept = chooseHorizon(gaps, { ...options, fixed: horizonDays });
  const rule =
    `Kept at ${horizonDays} days with the model trained on ${isoDate(trainedOn)}; ` +
    `the gaps of this night alone would give ${chosen.horizonDays} days.`;
  return { ...kept, evidence: { ...kept.evidence, rule } };
}

/**
 * Settles the churn horizon H, the active window W, and the past dates to learn from, from the gaps between purchase
 * days as known on the night's date. H stays with the model until the next training, so that scores and lists of
 * consecutive nights mean the same; it is then chosen anew unless configuration fixes it.
 * @throws QueryError when the engine fails a statement
 */
export async function horizon(context: Context, { night }: StepInput<'horizon'>): Promise<StepOutputs['horizon']> {
  const { run } = night;
  const { store, engine, config } = context;
  const gaps = await rowsOf(engine, countGaps({ as_of: { date: run.asOf }, run_id: { token: run.runId } }), {
    columns: { ...gapHistogram.columns, earliest_on: date('Day on which the earliest of these gaps began.') },
    key: gapHistogram.key,
  });
  const firstDay = gaps.reduce((earliest, gap) => Math.min(earliest, gap.earliest_on), run.asOf);
  const historyDays = run.asOf - firstDay + 1;
  const trainingDue = await isTrainingDue(context, night);
  const inForce = horizonInForce(gaps, historyDays, night, config, trainingDue);
  const { horizonDays, activeWindowDays, evidence } = inForce;

  const write = async <C extends Columns>(table: Table<C>, rows: readonly RowOf<C>[]) => {
    await writeTable(store, table, `${runPrefix(table, run)}part-00000.parquet`, rows);
    await engine.register(table, run);
  };
  await write(gapHistogram, gaps);
  await write(horizons, [
    {
      horizon_days: horizonDays,
      active_window_days: activeWindowDays,
      is_fixed: config.horizon.days !== undefined,
      rule: evidence.rule,
      gaps_seen: evidence.gapsSeen,
      gaps_open: evidence.censored,
      gap_p50_days: evidence.gapQuantiles.p50,
      gap_p80_days: evidence.gapQuantiles.p80,
      gap_p90_days: evidence.gapQuantiles.p90,
      resurrection_pct: evidence.resurrectionPct,
      history_days: historyDays,
    },
  ]);

  const plan = snapshotDates({ asOf: isoDate(run.asOf), firstDay: isoDate(firstDay), horizonDays });
  const newestFirst = (dates: readonly string[]) =>
    trainingDue ? dates.flatMap((iso) => parseIsoDate(iso) ?? []).reverse() : [];
  return {
    horizonDays,
    activeWindowDays,
    snapshotDates: newestFirst(plan.dates),
    testDates: newestFirst(plan.walkForward),
    trainingDue,
  };
}
