import { type Columns, count, date, integer, optionalDate, optionalText, type RowOf, text } from '../lake/column.ts';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import type { Table } from '../lake/table.ts';
import { gapHistogram, horizons } from '../lake/tables/retention.ts';
import { runPrefix } from '../lake/zones.ts';
import type { GapCount } from '../model/kaplan-meier.ts';
import { isUsable, loadCard, trainingLine } from '../model/model-file.ts';
import { type Night, type PreviousNight, rulesModelId, type StepInput, type StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { type ResultShape, rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { chooseHorizon, type Horizon } from './choose-horizon.ts';
import { snapshotDates } from './snapshot-dates.ts';

const countedGaps = {
  columns: {
    days: integer('Length of the gap.'),
    purchases: count('Gaps that ended.'),
    censored: count('Gaps that are open.'),
    earliest_on: date('Day on which the earliest of these gaps began.'),
  },
  key: ['days'],
} as const satisfies ResultShape;

const countGaps = sqlFile(import.meta.url, './gap-histogram.sql');
const lastJudged = sqlFile(import.meta.url, './last-judged.sql');

/** When the model in force was trained or last held against a challenger, and how that one was trained. */
async function judged({ engine }: Context, previous: PreviousNight) {
  const [found] = await rowsOf(engine, lastJudged(runParameters(previous)), {
    columns: { model_id: text(''), judged_on: optionalDate(''), judged_with: optionalText('') },
    key: ['model_id'],
  });
  return { on: found?.judged_on ?? previous.trainedOn, with: found?.judged_with ?? null };
}

/**
 * Whether a model must be trained on this night: there is none or only rules, the last was trained or judged
 * `model.retrain_after_days` ago or with other settings, the configuration fixes another horizon than the one it was trained
 * for, or the model is gone, of an older format, or was trained on other features than this version has.
 */
async function isTrainingDue(context: Context, { run, previous }: Night): Promise<boolean> {
  const { store, config } = context;
  if (!previous || previous.modelId === rulesModelId) return true;
  if ((config.horizon.days ?? previous.horizonDays) !== previous.horizonDays) return true;
  const last = await judged(context, previous);
  if (run.asOf - last.on >= config.model.retrain_after_days) return true;
  if (last.with !== null && last.with !== trainingLine(config.model)) return true;
  return !isUsable(await loadCard(store, previous.modelId));
}

/** A horizon that is this close to the one in force, as a share of it, does not take its place. */
const sameHorizon = 0.25;

/**
 * The horizon in force: fixed by configuration, kept from an earlier night, or chosen from the gaps. A change restates
 * every retention figure and ends the model in force, so it takes more than a few days' difference.
 */
function horizonInForce(
  gaps: readonly GapCount[],
  historyDays: number,
  { previous }: Night,
  config: Config,
  trainingDue: boolean,
): Horizon {
  const activeWindowDays = config.horizon.active_window_days;
  const minHistoryHorizons = config.model.min_history_horizons;
  const options = { historyDays, minHistoryHorizons, ...(activeWindowDays && { activeWindowDays }) };
  if (config.horizon.days) return chooseHorizon(gaps, { ...options, fixed: config.horizon.days });
  const chosen = chooseHorizon(gaps, options);
  if (!previous) return chosen;
  const { horizonDays } = previous;
  const isNear = Math.abs(chosen.horizonDays - horizonDays) <= sameHorizon * horizonDays;
  if (trainingDue && (!isNear || chosen.horizonDays === horizonDays)) return chosen;
  const kept = chooseHorizon(gaps, { ...options, fixed: horizonDays });
  const why = trainingDue
    ? 'a difference of up to a quarter changes nothing'
    : 'it stays until the model is trained again';
  const rule =
    `Kept at ${horizonDays} days, as on ${isoDate(previous.asOf)}: ` +
    `the gaps of this night alone would give ${chosen.horizonDays}, and ${why}.`;
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
  const gaps = await rowsOf(engine, countGaps(runParameters(run)), countedGaps);
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
      observed_to_days: evidence.observedToDays,
      history_days: historyDays,
      is_limited_by_history: evidence.limitedByHistory,
    },
  ]);

  const plan = snapshotDates({
    asOf: isoDate(run.asOf),
    firstDay: isoDate(firstDay),
    horizonDays,
    testDates: config.model.test_dates,
  });
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
