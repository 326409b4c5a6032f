import { count, optionalReal, text } from '../lake/column.ts';
import type { TableRow } from '../lake/table.ts';
import { campaignResults } from '../lake/tables/campaigns.ts';
import { runPrefix } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { type ResultShape, rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { judge } from './judge.ts';
import { gatherOutcomes, type Outcome, outcomeShape } from './outcomes.ts';
import { verdictReason } from './reason.ts';
import { surveyScores } from './survey-scores.ts';

const armOutcomes = sqlFile(import.meta.url, './arm-outcomes.sql');
const measuredCampaigns = sqlFile(import.meta.url, './measured-campaigns.sql');

const measuredShape = {
  columns: {
    campaign: text('A campaign of this night, or one that had members before it.'),
    still_open: count('Episodes whose window is not over.'),
    expected_lift: optionalReal('Points that it is counted on for; null for one that has ended.'),
  },
  key: ['campaign'],
} as const satisfies ResultShape;

/** Name of the row for the pool of all campaigns. */
export const poolOfAll = 'all';

type ResultRow = TableRow<typeof campaignResults>;

/** What is judged in one row. */
interface Measured {
  readonly campaign: string;
  readonly stillOpen: number;
  /** Percentage points. */
  readonly expectedLift: number;
  readonly outcomes: readonly Outcome[];
}

const points = (share: number | null | undefined): number | null => (share == null ? null : 100 * share);
const moneyOf = (amount: number): bigint => BigInt(Math.round(amount * 10_000));
const firstOf = (days: readonly number[]): number | null => (days.length === 0 ? null : Math.min(...days));
const lastOf = (days: readonly number[]): number | null => (days.length === 0 ? null : Math.max(...days));

function resultRow({ campaign, stillOpen, expectedLift, outcomes }: Measured, config: Config): ResultRow {
  const windowDays = config.measure.window_days;
  const facts = { windowDays, stillOpen, expectedLift: expectedLift / 100 };
  const judgement = judge(outcomes, facts);
  const { lift, revenueLift } = judgement;
  // what has no control shows nothing, and so brings nothing that could be told
  const compared = outcomes.filter(({ treated, controls }) => treated.customers > 0 && controls.customers > 0);
  const contacted = compared.reduce((sum, { treated }) => sum + treated.customers, 0);
  const incremental = revenueLift && moneyOf(revenueLift.difference * contacted);
  const costOf = (some: readonly Outcome[]) => some.reduce((sum, outcome) => sum + outcome.cost, 0n);
  const margin = BigInt(Math.round(config.publish.margin_pct * 100));
  return {
    campaign,
    verdict: judgement.verdict,
    reason: verdictReason(config.shop.language, { ...facts, judgement }),
    window_days: windowDays,
    first_entered_on: firstOf(outcomes.map(({ firstEnteredOn }) => firstEnteredOn)),
    last_entered_on: lastOf(outcomes.map(({ lastEnteredOn }) => lastEnteredOn)),
    treated: judgement.treated,
    controls: judgement.controls,
    treated_reactivated: judgement.treatedReactivated,
    controls_reactivated: judgement.controlsReactivated,
    lift_points: points(lift?.difference),
    lift_low: points(lift?.low),
    lift_high: points(lift?.high),
    relative_lift_pct: lift && lift.baseline > 0 ? (100 * lift.difference) / lift.baseline : null,
    treated_revenue: outcomes.reduce((sum, { treated }) => sum + treated.revenue, 0n),
    controls_revenue: outcomes.reduce((sum, { controls }) => sum + controls.revenue, 0n),
    revenue_lift: revenueLift?.difference ?? null,
    revenue_lift_low: revenueLift?.low ?? null,
    revenue_lift_high: revenueLift?.high ?? null,
    incremental_revenue: incremental,
    cost: costOf(outcomes),
    incremental_profit: incremental === null ? null : (incremental * margin) / 10_000n - costOf(compared),
    sample_ratio_p: judgement.sampleRatioP,
    contaminated: outcomes.reduce((sum, outcome) => sum + outcome.contaminated, 0),
    smallest_lift_points: points(judgement.smallestLift),
    still_open: stillOpen,
  };
}

/**
 * Earlier campaigns and later orders → lift with its interval, per campaign and for all together.
 *
 * An episode is judged when `measure.window_days` have passed since it began: did the customer buy in these days, and for
 * how much, refunds known on as_of taken off. A person counts once: in a campaign by their first episode in it, in the
 * pool by their first episode of all, which lies before anything that a campaign could have changed. The pool is
 * stratified by campaign. Everybody counts in the arm of that episode, whatever came after; who has been in both arms is
 * counted besides.
 * @throws QueryError when the engine fails a statement
 */
export async function measure(context: Context, { night }: StepInput<'measure'>): Promise<StepOutputs['measure']> {
  const { engine, store, config } = context;
  const { run } = night;
  const parameters = { ...runParameters(run), window_days: { integer: config.measure.window_days } };
  const measured = await rowsOf(engine, measuredCampaigns(parameters), measuredShape);
  const { campaigns, pool } = await gatherOutcomes(engine.stream(armOutcomes(parameters), outcomeShape));
  const ofCampaigns = measured.map(
    ({ campaign, still_open, expected_lift }): Measured => ({
      campaign,
      stillOpen: still_open,
      expectedLift: expected_lift ?? config.publish.assumed_lift,
      outcomes: campaigns.filter((outcome) => outcome.campaign === campaign),
    }),
  );
  const ofAll: Measured = {
    campaign: poolOfAll,
    stillOpen: measured.reduce((sum, { still_open }) => sum + still_open, 0),
    expectedLift: config.publish.assumed_lift,
    outcomes: pool,
  };
  const rows = [ofAll, ...ofCampaigns]
    .map((each) => resultRow(each, config))
    .sort((a, b) => (a.campaign < b.campaign ? -1 : 1));
  await writeTable(store, campaignResults, `${runPrefix(campaignResults, run)}part-00000.parquet`, rows);
  await engine.register(campaignResults, run);
  await surveyScores(context, night);
  return {
    campaigns: measured.length,
    judged: pool.reduce((sum, { treated, controls }) => sum + treated.customers + controls.customers, 0),
  };
}
