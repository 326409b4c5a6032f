import type { TableRow } from '../../lake/table.ts';
import type { customerSightings, orderLineVersions, orderVersions, rejectedRows } from '../../lake/tables/ingested.ts';
import { orderMoney } from '../book/accepted-order.ts';
import { exactLineAmount, isLine, toTenThousandths } from '../book/line-table.ts';
import type { OrderBook } from '../book/order-book.ts';
import { noAmount, noDay, noTime } from '../book/row.ts';
import type { Sightings } from '../book/sightings.ts';
import type { FileIdentities } from '../identity.ts';
import type { Plan } from '../plan/plan.ts';
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
}

const micros = 1_000_000n;

/** Texts of a pool of which there are few, each made once. */
function cachedTexts(pool: BytePool): (ref: number) => string | null {
  const texts: (string | undefined)[] = [];
  return (ref) => {
    if (ref === absent) return null;
    texts[ref] ??= pool.text(ref);
    return texts[ref];
  };
}

const textOrNull = (pool: BytePool, ref: number): string | null => (ref === absent ? null : pool.text(ref));
const dayOrNull = (day: number): number | null => (day === noDay ? null : day);
const amountOrNull = (amount: bigint): bigint | null => (amount === noAmount ? null : amount);

/** Accepted orders in order of their number's bytes, the order in which tables are stored. */
export function sortedOrders(contents: FileContents): Int32Array {
  const { book, pools } = contents;
  const orders = new Int32Array(contents.accepted);
  let count = 0;
  let isSorted = true;
  for (let i = 0; i < book.size; i++) {
    if (book.columns.rows[i] === 0) continue;
    if (count > 0 && isSorted && pools.orders.compare(orders[count - 1]!, i) > 0) isSorted = false;
    orders[count++] = i;
  }
  return isSorted ? orders : orders.sort(pools.orders.compare);
}

/** Lines of each order that belong to the version that counts. */
function* linesOf(
  book: OrderBook,
  grouped: ReturnType<OrderBook['lines']['byOrder']>,
  order: number,
): Generator<number> {
  for (let k = grouped.starts[order]!; k < grouped.starts[order + 1]!; k++) {
    const line = grouped.order[k]!;
    if (book.lines.columns.record[line]! >= book.columns.since[order]! && isLine(book.lines, line)) yield line;
  }
}

/** Rows of `order_versions`. */
export function* orderRows(
  ingest: Ingest,
  contents: FileContents,
  orders: Int32Array,
  people: FileIdentities,
): Generator<TableRow<typeof orderVersions>> {
  const { book, pools } = contents;
  const { columns } = book;
  const word = cachedTexts(pools.words);
  const grouped = book.lines.byOrder(book.size);
  for (const i of orders) {
    const updatedAt = columns.updatedAt[i]!;
    const version = updatedAt === noTime ? ingest.fileTime : Number(updatedAt / micros);
    const orderedAt = columns.orderedAt[i]!;
    const { status, gross, refunded, discount } = orderMoney(columns, i, ingest.plan.layout);
    let lineCount = 0;
    for (const _ of linesOf(book, grouped, i)) lineCount++;
    yield {
      source: ingest.source,
      order_id: pools.orders.text(i),
      ingest_id: ingest.id,
      record_no: columns.record[i]!,
      version_epoch_s: version,
      version_on: ingest.zone.dayOf(version),
      email_key: people.email.key(people.email.normal(columns.email[i]!)),
      phone_key: people.phone.key(people.phone.normal(columns.phone[i]!)),
      platform_key: people.platform.key(people.platform.normal(columns.customer[i]!)),
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
): Generator<TableRow<typeof orderLineVersions>> {
  const { book, pools } = contents;
  const { columns } = book.lines;
  const word = cachedTexts(pools.words);
  const grouped = book.lines.byOrder(book.size);
  for (const i of orders) {
    const orderId = pools.orders.text(i);
    let lineNo = 0;
    for (const line of linesOf(book, grouped, i)) {
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

/** Rows of `customer_sightings`. */
export function* sightingRows(
  ingest: Ingest,
  contents: FileContents,
  { size, columns }: Sightings,
  people: FileIdentities,
): Generator<TableRow<typeof customerSightings>> {
  const { pools } = contents;
  for (let i = 0; i < size; i++) {
    const consent = columns.consent[i]!;
    yield {
      ingest_id: ingest.id,
      sighting_no: i + 1,
      source: ingest.source,
      email_key: people.email.key(columns.email[i]!),
      phone_key: people.phone.key(columns.phone[i]!),
      platform_key: people.platform.key(columns.platform[i]!),
      email: columns.email[i] === absent ? null : textOrNull(pools.emails, columns.givenEmail[i]!),
      phone: columns.phone[i] === absent ? null : textOrNull(pools.phones, columns.givenPhone[i]!),
      customer_id: columns.platform[i] === absent ? null : textOrNull(pools.customers, columns.customer[i]!),
      first_name: textOrNull(pools.names, columns.firstName[i]!),
      last_name: textOrNull(pools.names, columns.lastName[i]!),
      country: textOrNull(pools.words, columns.country[i]!),
      birthday: dayOrNull(columns.birthday[i]!),
      accepts_marketing: consent < 0 ? null : consent === 1,
      version_epoch_s: columns.told[i] === noTime ? ingest.fileTime : Number(columns.told[i]! / micros),
      first_seen_at: columns.firstSeen[i]!,
      last_seen_at: columns.lastSeen[i]!,
    };
  }
}

/** Rejected records in order of their number, with reason code and the header of the column. */
export function* rejectedRecords(
  book: OrderBook,
  plan: Plan,
): Generator<{ readonly recordNo: number; readonly reason: RejectReason; readonly column: string | null }> {
  const { record, reason, column } = book.rejects;
  const order = Int32Array.from({ length: book.rejected }, (_, i) => i).sort((a, b) => record[a]! - record[b]!);
  for (const i of order) {
    yield { recordNo: record[i]!, reason: reasonCodes[reason[i]!]!, column: plan.header[column[i]!] ?? null };
  }
}

/** Rows of `rejected_rows`. */
export function* rejectRows(ingest: Ingest, contents: FileContents): Generator<TableRow<typeof rejectedRows>> {
  for (const { recordNo, reason, column } of rejectedRecords(contents.book, ingest.plan)) {
    yield { ingest_id: ingest.id, file_name: ingest.fileName, record_no: recordNo, reason, column_name: column };
  }
}
