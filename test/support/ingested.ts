import { createHash } from 'node:crypto';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { customerSightings, orderLineVersions, orderVersions, receipts } from '../../lambdas/lake/tables/ingested.ts';
import { ingestKey, receiptKey } from '../../lambdas/lake/zones.ts';
import type { Context } from '../../lambdas/platform/context.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { day } from './lake.ts';

type OrderVersion = TableRow<typeof orderVersions>;
type LineVersion = TableRow<typeof orderLineVersions>;
type Sighting = TableRow<typeof customerSightings>;
type Receipt = TableRow<typeof receipts>;

/** A pseudonym as ingest makes them: 32 hex digits. */
export const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);

const microseconds = (time: string): bigint => BigInt(Date.parse(time)) * 1000n;

/** One order as a test tells it: what matters to it, the rest is plain. Amounts are in ten-thousandths. */
export interface ToldOrder extends Partial<Omit<OrderVersion, 'order_date' | 'version_on' | 'ordered_at'>> {
  readonly order_id: string;
  /** YYYY-MM-DD: day of the order. */
  readonly on: string;
  /** ISO time at which this version was true; the day after the order unless given. */
  readonly version?: string;
  /** E-mail, phone and customer number, of which ingest would make keys. */
  readonly email?: string;
  readonly phone?: string;
  readonly customer?: string;
  readonly lines?: readonly Partial<LineVersion>[];
  /** Contact data of its sighting. */
  readonly contact?: Partial<Sighting>;
}

export interface Delivery {
  /** Name of the file; also names its ingest and its bytes. */
  readonly file: string;
  readonly deliveredAt?: string;
  readonly orders: readonly ToldOrder[];
  readonly receipt?: Partial<Receipt>;
}

const keysOf = (told: ToldOrder) => ({
  email_key: told.email ? keyOf(told.email) : null,
  phone_key: told.phone ? keyOf(told.phone) : null,
  platform_key: told.customer ? keyOf(told.customer) : null,
});

const versionText = (told: ToldOrder): string => told.version ?? `${isoDate(day(told.on) + 1)}T00:00:00Z`;
const versionSeconds = (told: ToldOrder): number => Date.parse(versionText(told)) / 1000;

function orderVersion(told: ToldOrder, ingestId: string, index: number): OrderVersion {
  const { on, version: _, email, phone, customer, lines, contact, ...given } = told;
  const versionAt = versionText(told);
  return {
    source: 'shop',
    ingest_id: ingestId,
    record_no: index + 1,
    version_epoch_s: versionSeconds(told),
    version_on: day(versionAt.slice(0, 10)),
    ...keysOf(told),
    ordered_at: microseconds(`${on}T12:00:00Z`),
    order_date: day(on),
    status: 'completed',
    currency: 'EUR',
    gross_amount: 100_000n,
    refunded_amount: 0n,
    discount_amount: 0n,
    refunded_on: null,
    cancelled_on: null,
    country: null,
    channel: null,
    line_count: lines?.length ?? 0,
    ...given,
  };
}

const lineVersions = (told: ToldOrder, ingestId: string): LineVersion[] =>
  (told.lines ?? []).map((line, index) => ({
    source: told.source ?? 'shop',
    order_id: told.order_id,
    ingest_id: ingestId,
    line_no: index + 1,
    record_no: index + 1,
    sku: null,
    product: null,
    category: null,
    quantity: null,
    unit_price: null,
    amount: 0n,
    ...line,
  }));

/** One sighting per distinct set of keys, with the contact data of its latest order. */
function sightings(orders: readonly ToldOrder[], ingestId: string): Sighting[] {
  const seen = new Map<string, Sighting>();
  for (const told of orders) {
    const keys = keysOf(told);
    if (!keys.email_key && !keys.phone_key && !keys.platform_key) continue;
    const at = microseconds(`${told.on}T12:00:00Z`);
    const name = JSON.stringify(keys);
    const before = seen.get(name);
    const nothing = {
      email: null,
      phone: null,
      customer_id: null,
      first_name: null,
      last_name: null,
      country: null,
      birthday: null,
      accepts_marketing: null,
    };
    seen.set(name, {
      ...nothing,
      ...(before ?? { ingest_id: ingestId, sighting_no: seen.size + 1, source: 'shop', ...keys, first_seen_at: at }),
      ...(!before || at >= before.last_seen_at ? told.contact : {}),
      version_epoch_s: Math.max(before?.version_epoch_s ?? 0, versionSeconds(told)),
      first_seen_at: before && before.first_seen_at < at ? before.first_seen_at : at,
      last_seen_at: before && before.last_seen_at > at ? before.last_seen_at : at,
    });
  }
  return [...seen.values()];
}

/** Puts one export into the lake as ingest leaves it: orders, lines and people, then its receipt. @returns its ingest id */
export async function deliver({ store }: Pick<Context, 'store'>, delivery: Delivery): Promise<string> {
  const { file, orders } = delivery;
  const ingestId = createHash('sha256').update(`ingest ${file}`).digest('hex');
  const days = orders.map((order) => day(order.on));
  const lines = orders.flatMap((order) => lineVersions(order, ingestId));
  const write = { orderVersions: orders.map((order, i) => orderVersion(order, ingestId, i)) };
  await writeTable(store, orderVersions, ingestKey(orderVersions, ingestId), write.orderVersions);
  await writeTable(store, orderLineVersions, ingestKey(orderLineVersions, ingestId), lines);
  await writeTable(store, customerSightings, ingestKey(customerSightings, ingestId), sightings(orders, ingestId));
  const receipt: Receipt = {
    ingest_id: ingestId,
    file_sha256: createHash('sha256').update(file).digest('hex'),
    file_name: file,
    file_bytes: 1,
    source: 'shop',
    kind: 'orders',
    layout: 'generic',
    encoding: 'utf-8',
    parser_version: '1',
    delivered_at: delivery.deliveredAt ?? '2025-01-01T00:00:00.000Z',
    ingested_at: delivery.deliveredAt ?? '2025-01-01T00:00:00.000Z',
    verdict: 'accepted',
    reason: null,
    records_read: orders.length,
    orders_accepted: orders.length,
    people_accepted: 0,
    lines_folded: 0,
    duplicates: 0,
    rejected: 0,
    conflicts: 0,
    orders_without_customer: 0,
    first_order_date: days.length > 0 ? Math.min(...days) : null,
    last_order_date: days.length > 0 ? Math.max(...days) : null,
    totals: JSON.stringify(Object.fromEntries(write.orderVersions.map(({ currency }) => [currency, {}]))),
    has_updated_at: true,
    ...delivery.receipt,
  };
  await store.write(receiptKey(receipt), encodeJsonRows(receipts, [receipt]));
  return ingestId;
}
