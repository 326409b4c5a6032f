import { isoDate } from '../lake/day.ts';
import type { Config } from '../platform/config/config.ts';
import type { IngestConfig, OrderStatus } from '../platform/config/ingest.ts';
import { decimalText, instantText, orderMoney } from './book/accepted-order.ts';
import { RefusedFile } from './errors.ts';
import { type Survey, surveyFile } from './plan/survey.ts';
import { type FileContents, readFile, refuseMostlyRejected } from './read/read-file.ts';
import { type RejectReason, rejectReasons } from './reasons.ts';
import { absent, type BytePool } from './records/byte-pool.ts';
import type { UnpackLimits } from './source/container.ts';
import type { ExportFile } from './source/export-file.ts';
import { openZone } from './values/zone.ts';
import { rejectedRecords } from './write/table-rows.ts';

/** What was seen of a file before its first record was understood. */
export interface SeenFile {
  readonly layout: string;
  readonly container: string;
  readonly encoding: string;
  /** delimited, json_lines or json_list. */
  readonly format: string;
  readonly delimiter: string | null;
  /** Order of day and month, where the file needs one. */
  readonly date_order: string | null;
  readonly decimal_separator: string;
  /** Header of the column that each field is read from. */
  readonly columns: Readonly<Record<string, string>>;
}

/** An order as ingest would take it; amounts are decimal text, times ISO 8601 in UTC. */
export interface CheckedOrder {
  readonly record_no: number;
  readonly order_id: string;
  readonly customer_id: string | null;
  readonly email: string | null;
  readonly ordered_at: string;
  readonly order_date: string;
  readonly gross: string;
  readonly refunded: string;
  readonly net: string;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly is_purchase: boolean;
  /** Records of the file that tell of the order. */
  readonly records: number;
}

/** A record that ingest would not take. */
export interface CheckedReject {
  readonly record_no: number;
  readonly reason: RejectReason;
  readonly column: string | null;
  /** What the reason code means. */
  readonly meaning: string;
}

/** What `winback check` says about a file. */
export interface CheckReport {
  readonly file: string;
  readonly verdict: 'accepted' | 'refused';
  readonly refusal: { readonly code: string; readonly message: string; readonly next: string } | null;
  /** Null when the file was refused before its layout was known. */
  readonly seen: SeenFile | null;
  readonly counts: {
    readonly read: number;
    readonly accepted: number;
    readonly folded: number;
    readonly duplicate: number;
    readonly rejected: number;
    readonly conflicts: number;
  };
  /** Accepted orders in order of their first record. */
  orders(): Iterable<CheckedOrder>;
  /** Rejected records in order of their number; also those because of which a file was refused. */
  rejects(): Iterable<CheckedReject>;
}

const seenOf = ({ plan, container, encoding, dateOrder, decimal }: Survey): SeenFile => ({
  layout: plan.layout.name,
  container,
  encoding,
  format: plan.format.kind,
  delimiter: plan.format.kind === 'delimited' ? plan.format.delimiter : null,
  date_order: dateOrder,
  decimal_separator: decimal,
  columns: {
    ...Object.fromEntries(Object.entries(plan.columns).map(([field, at]) => [field, plan.header[at] ?? ''])),
    ...(plan.madeFrom && { order_id: plan.madeFrom.columns.map((at) => plan.header[at]).join(' | ') }),
  },
});

const textOrNull = (pool: BytePool, ref: number): string | null => (ref === absent ? null : pool.text(ref));

function* checkedOrders({ book, pools }: FileContents, { plan }: Survey, timeZone: string): Generator<CheckedOrder> {
  const { columns } = book;
  const zone = openZone(timeZone);
  for (let i = 0; i < book.size; i++) {
    if (columns.rows[i] === 0) continue;
    const money = orderMoney(columns, i, plan.layout);
    const orderedAt = columns.orderedAt[i]!;
    yield {
      record_no: columns.record[i]!,
      order_id: pools.orders.text(i),
      customer_id: textOrNull(pools.customers, columns.customer[i]!),
      email: textOrNull(pools.emails, columns.email[i]!),
      ordered_at: instantText(orderedAt),
      order_date: isoDate(zone.dayOf(Number(orderedAt / 1_000_000n))),
      gross: decimalText(money.gross),
      refunded: decimalText(money.refunded),
      net: decimalText(money.net),
      currency: pools.words.text(columns.currency[i]!),
      status: money.status,
      is_purchase: money.isPurchase,
      records: columns.rows[i]!,
    };
  }
}

function* checkedRejects(contents: FileContents, { plan }: Survey): Generator<CheckedReject> {
  for (const { recordNo, reason, column } of rejectedRecords(contents.book, plan)) {
    yield { record_no: recordNo, reason, column, meaning: rejectReasons[reason] };
  }
}

const noCounts = { read: 0, accepted: 0, folded: 0, duplicate: 0, rejected: 0, conflicts: 0 };

const refusedReport = (file: string, survey: Survey | null, error: RefusedFile): Omit<CheckReport, 'rejects'> => ({
  file,
  verdict: 'refused',
  refusal: { code: error.code, message: error.message, next: error.next },
  seen: survey && seenOf(survey),
  counts: noCounts,
  orders: () => [],
});

/** Reads a file as ingest would and says what would become of each record. Writes nothing. */
export async function checkFile(
  file: ExportFile,
  config: Pick<Config, 'shop'> & { readonly ingest: IngestConfig },
  limits: UnpackLimits,
): Promise<CheckReport> {
  let survey: Survey | null = null;
  let rejects: CheckReport['rejects'] = () => [];
  try {
    survey = await surveyFile(file, config.ingest, limits);
    const found = survey;
    const { time_zone, currency } = config.shop;
    const rules = { config: config.ingest, zone: openZone(time_zone), currency, deliveredAt: file.deliveredAt };
    const contents = await readFile(file, found, rules, limits);
    rejects = () => checkedRejects(contents, found);
    refuseMostlyRejected(file.name, contents, config.ingest.max_rejected_pct);
    const { read, accepted, folded, duplicates, rejected, conflicts } = contents;
    return {
      file: file.name,
      verdict: 'accepted',
      refusal: null,
      seen: seenOf(found),
      counts: { read, accepted, folded, duplicate: duplicates, rejected, conflicts },
      orders: () => checkedOrders(contents, found, time_zone),
      rejects,
    };
  } catch (error) {
    if (error instanceof RefusedFile) return { ...refusedReport(file.name, survey, error), rejects };
    throw error;
  }
}
