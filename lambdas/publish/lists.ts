import { count, money, type RowOf, text } from '../lake/column.ts';
import { publishedPrefix } from '../lake/zones.ts';
import type { Night } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { customersNeeded, smallestLift } from '../statistics/power.ts';
import { exclusionHint } from '../wording/exclusions.ts';
import { offerName } from '../wording/names.ts';
import type { Definitions } from './definitions.ts';
import type { EarlierResults } from './earlier-results.ts';
import { amountText } from './files/cells.ts';
import { audienceMember, excludedMember } from './files/member.ts';
import { fileSettings, type WrittenAudience, writeAudience, writeExclusion } from './files/write-audience.ts';
import { groupRuns } from './group-runs.ts';
import { exclusionNames, type ManifestExclusion, type ManifestFile, type ManifestList } from './manifest.ts';

const audienceSql = sqlFile(import.meta.url, 'audience.sql');
const exclusionsSql = sqlFile(import.meta.url, 'exclusions.sql');
const listSizesSql = sqlFile(import.meta.url, 'list-sizes.sql');
const episodesEndedSql = sqlFile(import.meta.url, 'episodes-ended.sql');

const listSize = {
  columns: {
    campaign: text('Campaign.'),
    arm: text('Arm.'),
    arm_reason: text('Why; empty for treatment.'),
    members: count('Customers.'),
    new_members: count('Of them, new on this night.'),
    scored: count('Of them, with a probability: not those who have returned everything.'),
    value_at_risk: money('Sum.'),
    expected_profit: money('Sum.'),
    churn_millionths: count('Sum of probabilities, in millionths: a sum of doubles would hang on their order.'),
  },
  key: ['campaign', 'arm', 'arm_reason'],
};

const episodesEnded = {
  columns: { campaign: text('Campaign.'), left_because: text('Why.'), episodes: count('Episodes that ended tonight.') },
  key: ['campaign', 'left_because'],
};

type Campaign = Definitions['campaigns'][number];
type ListSize = RowOf<typeof listSize.columns>;
type EpisodesEnded = RowOf<typeof episodesEnded.columns>;

const total = (rows: readonly ListSize[], of: (row: ListSize) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

const sumOf = (rows: readonly ListSize[], of: (row: ListSize) => bigint): bigint =>
  rows.reduce((sum, row) => sum + of(row), 0n);

/**
 * Share of the customers of a list who would buy without it: of its control where that was seen, else as foretold of
 * those who have a probability; null where nobody has one.
 */
function baselineOf(campaign: string, members: readonly ListSize[], earlier: EarlierResults): number | null {
  const seen = earlier.reactivation.get(campaign);
  if (seen !== undefined) return seen;
  const scored = total(members, (row) => row.scored);
  const lost = total(members, (row) => row.churn_millionths) / 1_000_000;
  return scored === 0 ? null : Math.min(1, Math.max(0, 1 - lost / scored));
}

/** What a list of this size can show of its own effect, told before anybody is contacted. */
function powerOf(campaign: Campaign, members: readonly ListSize[], earlier: EarlierResults, globalPct: number) {
  const ofArm = (arm: string) =>
    total(
      members.filter((row) => row.arm === arm),
      (row) => row.members,
    );
  const [treated, controls] = [ofArm('treatment'), ofArm('control')];
  const drawnShare = 1 - (1 - globalPct / 100) * (1 - campaign.control_pct / 100);
  const baseline = baselineOf(campaign.campaign, members, earlier);
  const lift = baseline === null ? null : smallestLift({ treated, controls }, baseline);
  return {
    smallest_lift_points: lift === null ? null : lift * 100,
    expected_lift_points: campaign.expected_lift,
    customers_needed: baseline === null ? null : customersNeeded(campaign.expected_lift / 100, baseline, drawnShare),
  };
}

function manifestList(
  context: Context,
  campaign: Campaign,
  sizes: readonly ListSize[],
  ended: readonly EpisodesEnded[],
  written: WrittenAudience,
  earlier: EarlierResults,
): ManifestList {
  const own = sizes.filter((row) => row.campaign === campaign.campaign);
  const treatment = own.filter((row) => row.arm === 'treatment');
  const excluded = own.filter((row) => row.arm === 'excluded');
  const left = ended.filter((row) => row.campaign === campaign.campaign);
  return {
    campaign: campaign.campaign,
    name: campaign.name,
    definition: campaign.hint,
    offer: offerName(context.config.shop.language, campaign.offer),
    rows: total(treatment, (row) => row.members),
    new_members: total(treatment, (row) => row.new_members),
    control: total(own, (row) => (row.arm === 'control' ? row.members : 0)),
    excluded: Object.fromEntries(excluded.map((row) => [row.arm_reason, row.members])),
    left: Object.fromEntries(left.map((row) => [row.left_because, row.episodes])),
    value_at_risk: amountText(sumOf(treatment, (row) => row.value_at_risk)),
    expected_profit: amountText(sumOf(treatment, (row) => row.expected_profit)),
    ...powerOf(
      campaign,
      own.filter((row) => row.arm !== 'excluded'),
      earlier,
      context.config.publish.control_pct,
    ),
    left_out: written.left_out,
  };
}

/** All lists of a night as written: what the manifest says of them, and their files. */
export interface WrittenLists {
  readonly lists: readonly ManifestList[];
  readonly exclusions: readonly ManifestExclusion[];
  readonly files: readonly ManifestFile[];
}

const byName = (a: Campaign, b: Campaign): number => (a.campaign < b.campaign ? -1 : 1);

async function writeCampaigns(context: Context, night: Night, definitions: Definitions, earlier: EarlierResults) {
  const { engine, store, config } = context;
  const tonight = runParameters(night.run);
  const settings = fileSettings(config, night.currency);
  const sizes = await rowsOf(engine, listSizesSql(tonight), listSize);
  const ended = await rowsOf(engine, episodesEndedSql(tonight), episodesEnded);
  const shape = {
    columns: { campaign: text('Campaign.'), ...audienceMember.columns },
    key: ['campaign', ...audienceMember.key],
  };
  const membersOf = groupRuns(engine.stream(audienceSql(tonight), shape), (row) => row.campaign);
  const lists = new Map<string, ManifestList>();
  const files: ManifestFile[] = [];
  for (const campaign of [...definitions.campaigns].sort(byName)) {
    const { campaign: code, name, hint } = campaign;
    const written = await writeAudience(store, `${publishedPrefix(night.run)}${code}/`, membersOf(code), {
      settings,
      campaign: { code, name, hint },
    });
    lists.set(code, manifestList(context, campaign, sizes, ended, written, earlier));
    files.push(...written.files.map((file) => ({ kind: 'campaign' as const, list: code, ...file })));
  }
  const inOrder = definitions.campaigns.flatMap(({ campaign }) => lists.get(campaign) ?? []);
  return { lists: inOrder, files };
}

async function writeExclusions(context: Context, night: Night) {
  const { engine, store, config } = context;
  const { language } = config.shop;
  const settings = fileSettings(config, night.currency);
  const shape = {
    columns: { audience: text('Audience.'), ...excludedMember.columns },
    key: ['audience', ...excludedMember.key],
  };
  const statement = exclusionsSql({
    ...runParameters(night.run),
    recent_buyer_days: { integer: config.publish.recent_buyer_days },
  });
  const membersOf = groupRuns(engine.stream(statement, shape), (row) => row.audience);
  const exclusions: ManifestExclusion[] = [];
  const files: ManifestFile[] = [];
  for (const audience of [...exclusionNames].sort()) {
    const because: Record<string, number> = {};
    const counted = async function* () {
      for await (const member of membersOf(audience)) {
        because[member.because] = (because[member.because] ?? 0) + 1;
        yield member;
      }
    };
    const prefix = `${publishedPrefix(night.run)}exclude/${audience}/`;
    const written = await writeExclusion(store, prefix, counted(), { settings });
    const { members: rows, left_out } = written;
    exclusions.push({ audience, definition: exclusionHint(language, audience), rows, because, left_out });
    files.push(...written.files.map((file) => ({ kind: 'exclusion' as const, list: audience, ...file })));
  }
  return { exclusions, files };
}

/** Writes the files of every campaign and of the audiences to leave out, each person's contact data joined last. */
export async function writeLists(
  context: Context,
  night: Night,
  definitions: Definitions,
  earlier: EarlierResults,
): Promise<WrittenLists> {
  const campaigns = await writeCampaigns(context, night, definitions, earlier);
  const left = await writeExclusions(context, night);
  return { lists: campaigns.lists, exclusions: left.exclusions, files: [...campaigns.files, ...left.files] };
}
