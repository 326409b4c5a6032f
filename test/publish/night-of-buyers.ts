import { campaignCodes } from '../../lambdas/lake/campaign-codes.ts';
import type { Columns, RowOf } from '../../lambdas/lake/column.ts';
import { storedName, type Table, type TableRow } from '../../lambdas/lake/table.ts';
import { campaignEpisodes, campaignMembers } from '../../lambdas/lake/tables/campaigns.ts';
import { identities, orders, runInputs } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { customerSightings } from '../../lambdas/lake/tables/ingested.ts';
import { churnScores } from '../../lambdas/lake/tables/model.ts';
import { ingestKey, type Run, runPrefix } from '../../lambdas/lake/zones.ts';
import type { Night, StepInput } from '../../lambdas/pipeline.ts';
import { encodeJsonRows, readJson } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type Manifest, parseManifest } from '../../lambdas/publish/manifest.ts';
import { publish } from '../../lambdas/publish/publish.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake } from '../support/lake.ts';
import { strictCsvRecords } from '../support/strict-csv.ts';

export type Member = TableRow<typeof campaignMembers>;
export type Episode = TableRow<typeof campaignEpisodes>;

/** One buyer as the steps before publish leave them. */
export interface Buyer {
  readonly name: string;
  readonly orders?: number;
  readonly lastOrderOn?: string;
  readonly risk?: number;
  readonly spend?: number;
  readonly monetaryValue?: bigint;
  readonly segment?: string;
  readonly consent?: boolean | null;
  readonly firstOrderOn?: string;
  readonly birthday?: string;
  readonly lastRefundOn?: string;
  /** Day on which the only order, of lastOrderOn, was paid back: the person is no buyer any more. */
  readonly returnedOn?: string;
  /** Columns of customer_features, as they are. */
  readonly features?: Partial<TableRow<typeof customerFeatures>>;
  /** Columns of the sighting, as they are. */
  readonly told?: Partial<TableRow<typeof customerSightings>>;
  /** Name under which the person was known until they turned out to be this one. */
  readonly alias?: string;
}

/** A row with nothing in it. */
const emptyRow = <C extends Columns>(columns: C): RowOf<C> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column.nullable ? null : column.type === 'money' ? 0n : column.type === 'varchar' ? '' : 1,
    ]),
  ) as RowOf<C>;

/** The only order of somebody who has returned it. */
const returnedOrderOf = (buyer: Buyer, returnedOn: string): TableRow<typeof orders> => ({
  ...emptyRow(orders.columns),
  order_id: buyer.name,
  customer_key: keyOf(buyer.name),
  ordered_at: 0n,
  order_date: day(buyer.lastOrderOn ?? '2024-05-01'),
  is_sale: true,
  void_on: day(returnedOn),
  refund_known_on: day(returnedOn),
});

const bandOf = (risk: number): string => (risk >= 0.66 ? 'high' : risk >= 0.33 ? 'medium' : 'low');

function featuresOf(buyer: Buyer, asOf: number): TableRow<typeof customerFeatures> {
  const last = day(buyer.lastOrderOn ?? '2024-05-01');
  const first = buyer.firstOrderOn ? day(buyer.firstOrderOn) : last - 100;
  return {
    ...emptyRow(customerFeatures.columns),
    customer_key: keyOf(buyer.name),
    first_order_on: first,
    tenure_days: asOf - first,
    last_order_on: last,
    recency_days: asOf - last,
    orders: buyer.orders ?? 3,
    monetary_value: buyer.monetaryValue ?? 100_0000n,
    segment: buyer.segment ?? 'at_risk',
    last_refund_on: buyer.lastRefundOn ? day(buyer.lastRefundOn) : null,
    ...buyer.features,
  };
}

function scoreOf(buyer: Buyer): TableRow<typeof churnScores> {
  const risk = buyer.risk ?? 0.8;
  const plain = {
    ...Object.fromEntries(Object.entries(churnScores.columns).map(([name]) => [name, null])),
    band_from: 0,
    band_to: 1,
  } as TableRow<typeof churnScores>;
  const spend = BigInt(Math.round((buyer.spend ?? 50) * 10_000));
  return {
    ...plain,
    customer_key: keyOf(buyer.name),
    churn_probability: risk,
    basis: 'forest',
    risk_band: bandOf(risk),
    spend_if_active: spend,
    value_at_risk: BigInt(Math.round(Number(spend) * risk)),
    model_id: 'm',
    horizon_days: 90,
  };
}

/** What one export of the night told of a buyer. */
const sightingOf = (buyer: Buyer, index: number, ingestId: string): TableRow<typeof customerSightings> => ({
  ingest_id: ingestId,
  sighting_no: index + 1,
  source: 'shop',
  email_key: keyOf(buyer.name),
  phone_key: null,
  platform_key: null,
  email: `${buyer.name}@shop.example`,
  phone: null,
  customer_id: buyer.name,
  first_name: null,
  last_name: null,
  country: null,
  birthday: buyer.birthday ? day(buyer.birthday) : null,
  accepts_marketing: buyer.consent === undefined ? true : buyer.consent,
  version_epoch_s: 0,
  first_seen_at: 0n,
  last_seen_at: 0n,
  ...buyer.told,
});

/** Tells of the buyers in an export, and pins it for the night. */
async function tellOf(lake: TestLake, run: Run, buyers: readonly Buyer[]): Promise<void> {
  const ingestId = `export-of-${run.runId}`;
  const sightings = buyers.map((buyer, index) => sightingOf(buyer, index, ingestId));
  await writeTable(lake.store, customerSightings, ingestKey(customerSightings, ingestId), sightings);
  const input = { ingest_id: ingestId, input_rank: 1, file_name: 'a.csv', file_sha256: '', source: 'shop' };
  await lake.store.write(`${runPrefix(runInputs, run)}inputs.json`, encodeJsonRows(runInputs, [input]));
  await lake.engine.register(runInputs, run);
  const aliases = buyers.flatMap(({ name, alias }) =>
    alias ? [{ identity_key: keyOf(alias), customer_key: keyOf(name) }] : [],
  );
  await writeTable(lake.store, identities, `${runPrefix(identities, run)}part-00000.parquet`, aliases);
  await lake.engine.register(identities, run);
}

export interface Published {
  readonly night: Night;
  readonly members: Member[];
  readonly episodes: Episode[];
  readonly manifest: Manifest;
  readonly people: (campaign: string) => Promise<Record<string, string>[]>;
}

/** Publishes a night of a lake on which these are the buyers. */
export async function publishNight(
  lake: TestLake,
  buyers: readonly Buyer[],
  asOf = '2024-06-30',
  before: Night | null = null,
): Promise<Published> {
  const run: Run = { asOf: day(asOf), runId: `night-${asOf}`, attempt: 1 };
  const put = async <C extends Columns>(table: Table<C>, rows: readonly RowOf<C>[]) => {
    await writeTable(lake.store, table, `${runPrefix(table, run)}part-00000.parquet`, rows);
    await lake.engine.register(table, run);
  };
  const kept = buyers.filter(({ returnedOn }) => returnedOn === undefined);
  await put(
    customerFeatures,
    kept.map((buyer) => featuresOf(buyer, run.asOf)),
  );
  await put(churnScores, kept.map(scoreOf));
  await put(
    orders,
    buyers.flatMap((buyer) => (buyer.returnedOn ? [returnedOrderOf(buyer, buyer.returnedOn)] : [])),
  );
  await tellOf(lake, run, buyers);
  const previous = before && {
    asOf: before.run.asOf,
    runId: before.run.runId,
    modelId: 'm',
    horizonDays: 90,
    trainedOn: before.run.asOf,
  };
  const night: Night = { ...lake.night, run, previous };
  const input: StepInput<'publish'> = {
    night,
    horizon: { horizonDays: 90, activeWindowDays: 90, snapshotDates: [], testDates: [], trainingDue: false },
    train: { modelId: 'm', basis: 'forest', verdict: 'kept', reason: 'because', trainedOn: run.asOf, gates: [] },
  };
  const output = await publish(lake, input);
  const rows = <C extends Columns>(table: Table<C>) =>
    rowsOf(
      lake.engine,
      {
        name: table.name,
        sql: `select * from ${storedName(table)} where as_of = date '${asOf}' and run_id = '${run.runId}'`,
      },
      table,
    );
  const manifest = parseManifest(await readJson<unknown>(lake.store, output.manifestKey), output.manifestKey);
  return {
    night,
    members: await rows(campaignMembers),
    episodes: await rows(campaignEpisodes),
    manifest,
    people: async (campaign) => {
      const file = manifest.files.find((each) => each.list === campaign && each.format === 'people')!;
      return strictCsvRecords(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode((await lake.store.read(file.key))!.body),
      );
    },
  };
}

/** Settings under which only these built-in campaigns are there. */
export const campaignsOnly = (...names: readonly string[]) => ({
  without: campaignCodes.filter((code) => !names.includes(code)),
});

export const winBack = ['win_back_high', 'win_back_medium', 'win_back_low'] as const;
