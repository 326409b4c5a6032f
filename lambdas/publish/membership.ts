import type { Columns, RowOf } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';
import {
  buyerMeasures,
  campaignFilters,
  campaignFits,
  campaignPeople,
  campaignRules,
  campaigns,
  segments,
} from '../lake/tables/campaign-definitions.ts';
import {
  campaignEpisodes,
  campaignMembers,
  contactPermissions,
  customerArms,
  episodesBefore,
  peopleBefore,
  segmentMoves,
  watermarkInputs,
} from '../lake/tables/campaigns.ts';
import { customerFeedback } from '../lake/tables/surveys.ts';
import { type Run, runPrefix } from '../lake/zones.ts';
import type { Night, StepInput } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import type { Receipt } from '../platform/live-ingests.ts';
import { writeTable } from '../platform/parquet.ts';
import { type Parameter, type Parameters, runParameters, sqlFile } from '../platform/statement.ts';
import { drawModulus, globalBuckets } from './control-draws.ts';
import { type Definitions, segmentRows, tenThousandths } from './definitions.ts';

const peopleBeforeSql = sqlFile(import.meta.url, 'people-before.sql');
const segmentMovesSql = sqlFile(import.meta.url, 'segment-moves.sql');
const campaignPeopleSql = sqlFile(import.meta.url, 'campaign-people.sql');
const customerFeedbackSql = sqlFile(import.meta.url, 'customer-feedback.sql');
const contactPermissionsSql = sqlFile(import.meta.url, 'contact-permissions.sql');
const customerArmsSql = sqlFile(import.meta.url, 'customer-arms.sql');
const episodesBeforeSql = sqlFile(import.meta.url, 'episodes-before.sql');
const campaignMeasuresSql = sqlFile(import.meta.url, 'campaign-measures.sql');
const campaignFitsSql = sqlFile(import.meta.url, 'campaign-fits.sql');
const campaignMembersSql = sqlFile(import.meta.url, 'campaign-members.sql');
const campaignEpisodesSql = sqlFile(import.meta.url, 'campaign-episodes.sql');

/** Days ahead that birthdays and anniversaries are seen. */
const daysAhead = 31;

/** The night before, by which statements find its tables; a run that is none where there was no night. */
export function previousParameters({ previous }: Night): Parameters {
  return {
    previous_as_of: { date: previous?.asOf ?? 0 },
    previous_run_id: { token: previous?.runId ?? 'none' },
  };
}

/** The days after a date by month and day; the 29th of February is kept on the 28th where the year has none. */
export function comingDays(asOf: number): Parameter {
  const days = Array.from({ length: daysAhead + 1 }, (_, days_to) => {
    const date = new Date((asOf + days_to) * 86_400_000);
    return { monthDay: (date.getUTCMonth() + 1) * 100 + date.getUTCDate(), days_to };
  });
  const eve = days.find((day, i) => day.monthDay === 228 && days[i + 1]?.monthDay === 301);
  const all = eve ? [...days, { monthDay: 229, days_to: eve.days_to }] : days;
  return { rows: all.map(({ monthDay, days_to }) => [{ integer: monthDay }, { integer: days_to }]) };
}

async function write<C extends Columns>(
  { store, engine }: Context,
  table: Table<C>,
  run: Run,
  rows: readonly RowOf<C>[],
): Promise<void> {
  await writeTable(store, table, `${runPrefix(table, run)}part-00000.parquet`, rows);
  await engine.register(table, run);
}

/** What campaigns are, tonight: read by the statements below and by analysts. */
async function writeDefinitions(context: Context, run: Run, definitions: Definitions): Promise<void> {
  await write(context, segments, run, segmentRows(context.config));
  await write(context, campaigns, run, definitions.campaigns);
  await write(context, campaignRules, run, definitions.rules);
  await write(context, campaignFilters, run, definitions.filters);
}

/**
 * Who changed segment, who may be contacted, who is in which arm, who fits which campaign, and from these who is in
 * which campaign, with the episodes of all nights.
 * @param live ingests that are live now: orders after `as_of` and suppressions among them count
 */
export async function settleMembership(
  context: Context,
  { night, horizon }: StepInput<'publish'>,
  definitions: Definitions,
  live: readonly Receipt[],
): Promise<void> {
  const { engine, config } = context;
  const { publish } = config;
  const { run } = night;
  const tonight = runParameters(run);
  const sinceBefore = { ...tonight, ...previousParameters(night) };

  await writeDefinitions(context, run, definitions);
  await write(context, watermarkInputs, run, live);
  await engine.materialise(peopleBeforeSql(sinceBefore), peopleBefore, run);
  await engine.materialise(
    segmentMovesSql({ ...sinceBefore, has_previous: { integer: night.previous ? 1 : 0 } }),
    segmentMoves,
    run,
  );
  await engine.materialise(campaignPeopleSql(tonight), campaignPeople, run);
  await engine.materialise(customerFeedbackSql(tonight), customerFeedback, run);
  await engine.materialise(
    contactPermissionsSql({
      ...tonight,
      unknown_consent_excluded: { integer: publish.unknown_consent === 'exclude' ? 1 : 0 },
      wholesale_orders: { integer: publish.wholesale.orders_per_year ?? 0 },
      wholesale_amount: { money: tenThousandths(publish.wholesale.order_amount ?? '0') },
    }),
    contactPermissions,
    run,
  );
  await engine.materialise(
    customerArmsSql({
      ...sinceBefore,
      buckets: { integer: globalBuckets },
      control_buckets: { integer: Math.round((publish.control_pct / 100) * globalBuckets) },
    }),
    customerArms,
    run,
  );
  await engine.materialise(episodesBeforeSql(sinceBefore), episodesBefore, run);
  await engine.materialise(campaignMeasuresSql({ ...tonight, coming_days: comingDays(run.asOf) }), buyerMeasures, run);
  await engine.materialise(campaignFitsSql(tonight), campaignFits, run);
  await engine.materialise(
    campaignMembersSql({
      ...tonight,
      draw_modulus: { integer: drawModulus },
      margin_hundredths: { integer: Math.round(publish.margin_pct * 100) },
      max_contacts: { integer: publish.max_contacts },
      contact_window_days: { integer: publish.contact_window_days },
    }),
    campaignMembers,
    run,
  );
  await engine.materialise(
    campaignEpisodesSql({ ...tonight, horizon_days: { integer: horizon.horizonDays } }),
    campaignEpisodes,
    run,
  );
}
