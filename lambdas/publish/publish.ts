import { createHash } from 'node:crypto';
import { count, money, type RowOf, text } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import { campaignMembers, segmentMoves } from '../lake/tables/model.ts';
import { publishedPrefix } from '../lake/zones.ts';
import type { Night, StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeJson } from '../platform/json-objects.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { campaignHint, campaignName, offerName } from '../wording/names.ts';
import { type Campaign, campaignParameters, campaigns } from './campaigns.ts';
import { settleCustomers } from './customers.ts';
import type { Manifest, PublishedList } from './manifest.ts';
import { amountText, audienceMember, peopleCsv } from './people-csv.ts';

const campaignMembersSql = sqlFile(import.meta.url, 'campaign-members.sql');
const segmentMovesSql = sqlFile(import.meta.url, 'segment-moves.sql');
const audienceSql = sqlFile(import.meta.url, 'audience.sql');
const listSizesSql = sqlFile(import.meta.url, 'list-sizes.sql');

const listSize = {
  columns: {
    campaign: text(''),
    treatment: count(''),
    new_members: count(''),
    value_at_risk: money(''),
    control: count(''),
    no_consent: count(''),
    unknown_consent: count(''),
  },
  key: ['campaign'],
};

type ListSize = RowOf<typeof listSize.columns>;

const bucketCount = 65_536;

function previousParameters({ previous }: Night) {
  return {
    previous_as_of: { date: previous?.asOf ?? 0 },
    previous_run_id: { token: previous?.runId ?? 'none' },
  };
}

/** Who is in which campaign and arm, and who changed segment since the night before. */
async function settleMembership(context: Context, { night, horizon }: StepInput<'publish'>): Promise<void> {
  const { engine, config } = context;
  const { control_pct, unknown_consent } = config.publish;
  const members = campaignMembersSql({
    ...runParameters(night.run),
    ...previousParameters(night),
    ...campaignParameters(campaigns, horizon.horizonDays),
    control_buckets: { integer: Math.round((control_pct / 100) * bucketCount) },
    unknown_consent_excluded: { integer: unknown_consent === 'exclude' ? 1 : 0 },
  });
  const moves = segmentMovesSql({
    ...runParameters(night.run),
    ...previousParameters(night),
    has_previous: { integer: night.previous ? 1 : 0 },
  });
  await engine.materialise(members, campaignMembers, night.run);
  await engine.materialise(moves, segmentMoves, night.run);
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function writeList(context: Context, night: Night, campaign: Campaign, size: ListSize): Promise<PublishedList> {
  const { engine, store, config } = context;
  const words = { language: config.shop.language, currency: night.currency };
  const members = engine.stream(
    audienceSql({ ...runParameters(night.run), campaign: { token: campaign.name } }),
    audienceMember,
  );
  const file = `${publishedPrefix(night.run)}${campaign.name}/people.csv`;
  const hash = createHash('sha256');
  const { bytes } = await store.write(file, hashed(peopleCsv(members, words), hash));
  return {
    campaign: campaign.name,
    name: campaignName(words.language, campaign.name),
    definition: campaignHint(words.language, campaign.name) ?? campaign.cause,
    offer: offerName(words.language, campaign.offer),
    file,
    rows: size.treatment,
    bytes,
    sha256: hash.digest('hex'),
    new_members: size.new_members,
    value_at_risk: amountText(size.value_at_risk),
    control: size.control,
    excluded: { no_consent: size.no_consent, unknown_consent: size.unknown_consent },
  };
}

/**
 * Scores → people with their contact data, segments moved, campaign members with their arms, one people file per campaign and the manifest that names
 * them all. Nothing is visible to readers until the commit.
 */
export async function publish(context: Context, input: StepInput<'publish'>): Promise<StepOutputs['publish']> {
  const { night, train, horizon } = input;
  const { engine, store, config } = context;
  await settleCustomers(context, night.run);
  await settleMembership(context, input);
  const sizes = await rowsOf(engine, listSizesSql(runParameters(night.run)), listSize);
  const lists: PublishedList[] = [];
  for (const campaign of campaigns) {
    const none = {
      campaign: campaign.name,
      treatment: 0,
      new_members: 0,
      value_at_risk: 0n,
      control: 0,
      no_consent: 0,
      unknown_consent: 0,
    };
    const size = sizes.find((row) => row.campaign === campaign.name) ?? none;
    lists.push(await writeList(context, night, campaign, size));
  }
  const manifest: Manifest = {
    as_of: isoDate(night.run.asOf),
    run_id: night.run.runId,
    horizon_days: horizon.horizonDays,
    currency: night.currency,
    score_basis: train.basis,
    model_id: train.modelId,
    model_verdict: train.verdict,
    model_reason: train.reason,
    control_pct: config.publish.control_pct,
    unknown_consent: config.publish.unknown_consent,
    lists,
    report: `${publishedPrefix(night.run)}report.html`,
  };
  const manifestKey = `${publishedPrefix(night.run)}manifest.json`;
  await writeJson(store, manifestKey, manifest);
  return {
    manifestKey,
    lists: lists.map(({ campaign, rows, new_members }) => ({ campaign, rows, newMembers: new_members })),
    control: lists.reduce((sum, list) => sum + list.control, 0),
  };
}
