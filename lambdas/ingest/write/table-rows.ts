import type { TableRow } from '../../lake/table.ts';
import type { customerSightings, orderLineVersions, orderVersions, rejectedRows } from '../../lake/tables/ingested.ts';
import { unlessErased } from '../../platform/erasures.ts';
import { orderMoney } from '../book/accepted-order.ts';
import type { Groups } from '../book/columns.ts';
import { exactLineAmount, isLine, toTenThousandths } from '../book/line-table.ts';
import type { OrderBook } from '../book/order-book.ts';
import { noAmount, noDay, noTime } from '../book/row.ts';
import { sightings } from '../book/sightings.ts';
import type { FileIdentities } from '../identity.ts';
import type { Plan } from '../plan/plan.ts';
import type { FileAccount } from '../read/mostly-rejected.ts';
import type { FileContents } from '../read/read-file.ts';
import { type RejectReason, reasonCodes } from '../reasons.ts';
import { absent, type BytePool } from '../records/byte-pool.ts';
import type { Zone } from '../values/zone.ts';

/** What all rows of one ingest share. */
export interface Ingest {
  readonly id: string;
  readonly source: string;
  readonly fileName: string;
  readonly zone: Zone;
  readonly plan: Plan;
  /** UTC seconds at which versions without their own time were true. */
  readonly fileTime: number;
  /** Keys of people who were erased: nothing of them is written. */
  readonly erased: ReadonlySet<string>;
}

const micros = 1_000_000n;
const mostCached = 1 << 14;

/** Texts of a pool of which most records say one of few; those that came first are each made once. */
function cachedTexts(pool: BytePool): (ref: number) => string | null {
  const texts: (string | undefined)[] = [];
  return (ref) => {
    if (ref === absent) return null;
    if (ref >= mostCached) return pool.text(ref);
    texts[ref] ??= pool.text(ref);
    return texts[ref];
  };
}

const textOrNull = (pool: BytePool, ref: number): string | null => (ref === absent ? null : pool.text(ref));
const dayOrNull = (day: number): number | null => (day === noDay ? null : day);
const amountOrNull = (amount: bigint): bigint | null => (amount === noAmount ? null : amount);

/** Accepted orders in order of their number's bytes, the order in which tables are stored. */
export function sortedOrders({ book, pools, accepted }: FileContents): Int32Array {
  const orders = new Int32Array(accepted);
  let count = 0;
  for (let i = 0; i < book.size; i++) if (book.columns.rows[i] !== 0) orders[count++] = i;
  return pools.orders.sort(orders);
}

/** Lines of each order that belong to the version that counts. */
function* linesOf(book: OrderBook, grouped: Groups, order: number): Generator<number> {
  for (let k = grouped.starts[order]!; k < grouped.starts[order + 1]!; k++) {
    const line = grouped.order[k]!;
    if (book.lines.columns.record[line]! >= book.columns.since[order]! && isLine(book.lines, line)) yield line;
  }
}

/** Pseudonyms of who a record is about, by their numbers in the pools of the file; none of erased people. */
export const keysOf = (
  people: FileIdentities,
  erased: ReadonlySet<string>,
  email: number,
  phone: number,
  customer: number,
) =>
  unlessErased(
    {
      email_key: people.email.key(email),
      phone_key: people.phone.key(phone),
      platform_key: people.platform.key(customer),
    },
    erased,
  );

/** Rows of `order_versions`; orders of erased people are orders of nobody. */
export function* orderRows(
  ingest: Ingest,
  contents: FileContents,
  orders: Int32Array,
  lines: Groups,
  people: FileIdentities,
): Generator<TableRow<typeof orderVersions>> {
  const { book, pools } = contents;
  const { columns } = book;
  const word = cachedTexts(pools.words);
  for (const i of orders) {
    const updatedAt = columns.updatedAt[i]!;
    const version = updatedAt === noTime ? ingest.fileTime : Number(updatedAt / micros);
    const orderedAt = columns.orderedAt[i]!;
    const { status, gross, refunded, discount } = orderMoney(columns, i, ingest.plan.layout);
    let lineCount = 0;
    for (const _ of linesOf(book, lines, i)) lineCount++;
    yield {
      source: ingest.source,
      order_id: pools.orders.text(i),
      ingest_id: ingest.id,
      record_no: columns.record[i]!,
      version_epoch_s: version,
      version_on: ingest.zone.dayOf(version),
      ...keysOf(people, ingest.erased, columns.email[i]!, columns.phone[i]!, columns.customer[i]!),
      ordered_at: orderedAt,
      order_date: ingest.zone.dayOf(Number(orderedAt / micros)),
      status,
      currency: word(columns.currency[i]!)!,
      gross_amount: gross,
      refunded_amount: refunded,
      discount_amount: discount,
      refunded_on: dayOrNull(columns.refundedOn[i]!),
      cancelled_on: dayOrNull(columns.cancelledOn[i]!),
      country: word(columns.country[i]!),
      channel: word(columns.channel[i]!),
      line_count: lineCount,
    };
  }
}

/** Rows of `order_line_versions`. */
export function* lineRows(
  ingest: Ingest,
  contents: FileContents,
  orders: Int32Array,
  lines: Groups,
): Generator<TableRow<typeof orderLineVersions>> {
  const { book, pools } = contents;
  const { columns } = book.lines;
  const word = cachedTexts(pools.words);
  for (const i of orders) {
    const orderId = pools.orders.text(i);
    let lineNo = 0;
    for (const line of linesOf(book, lines, i)) {
      yield {
        source: ingest.source,
        order_id: orderId,
        ingest_id: ingest.id,
        line_no: ++lineNo,
        record_no: columns.record[line]!,
        sku: word(columns.sku[line]!),
        product: word(columns.product[line]!),
        category: word(columns.category[line]!),
        quantity: amountOrNull(columns.quantity[line]!),
        unit_price: amountOrNull(columns.unitPrice[line]!),
        amount: toTenThousandths(exactLineAmount(book.lines, line)),
      };
    }
  }
}

/** Rows of `customer_sightings` without erased people; `orders` are grouped by person. */
export function* sightingRows(
  ingest: Ingest,
  { book, pools }: FileContents,
  orders: Groups,
  people: FileIdentities,
): Generator<TableRow<typeof customerSightings>> {
  let number = 0;
  for (const person of sightings(book, orders)) {
    number++;
    const keys = keysOf(people, ingest.erased, person.email, person.phone, person.customer);
    const { email_key, phone_key, platform_key } = keys;
    if ((email_key ?? phone_key ?? platform_key) === null) continue;
    yield {
      ingest_id: ingest.id,
      sighting_no: number,
      source: ingest.source,
      ...keys,
      email: email_key && textOrNull(pools.emails, person.email),
      phone: phone_key && textOrNull(pools.phones, person.phone),
      customer_id: platform_key && textOrNull(pools.customers, person.customer),
      first_name: textOrNull(pools.names, person.firstName),
      last_name: textOrNull(pools.names, person.lastName),
      country: textOrNull(pools.words, person.country),
      birthday: dayOrNull(person.birthday),
      accepts_marketing: person.consent < 0 ? null : person.consent === 1,
      version_epoch_s: person.told === noTime ? ingest.fileTime : Number(person.told / micros),
      first_seen_at: person.firstSeen,
      last_seen_at: person.lastSeen,
    };
  }
}

/** Rejected records in order of their number, with reason code and the header of the column. */
export function* rejectedRecords(
  { rejects }: FileAccount['book'],
  plan: Plan,
): Generator<{ readonly recordNo: number; readonly reason: RejectReason; readonly column: string | null }> {
  const { record, reason, column } = rejects.columns;
  const order = new Int32Array(rejects.size).map((_, i) => i);
  const isSorted = order.every((i) => i === 0 || record[i - 1]! <= record[i]!);
  if (!isSorted) order.sort((a, b) => record[a]! - record[b]!);
  for (const i of order) {
    yield { recordNo: record[i]!, reason: reasonCodes[reason[i]!]!, column: plan.header[column[i]!] ?? null };
  }
}

/** Rows of `rejected_rows`. */
export function* rejectRows(
  ingest: Pick<Ingest, 'id' | 'fileName' | 'plan'>,
  contents: FileAccount,
): Generator<TableRow<typeof rejectedRows>> {
  for (const { recordNo, reason, column } of rejectedRecords(contents.book, ingest.plan)) {
    yield { ingest_id: ingest.id, file_name: ingest.fileName, record_no: recordNo, reason, column_name: column };
  }
}
