import { isoDate } from '../lake/day.ts';
import type { FileKind } from '../lake/file-kinds.ts';
import type { Config } from '../platform/config/config.ts';
import { type IngestConfig, ingestOf, type OrderStatus } from '../platform/config/ingest.ts';
import { normalCustomerId, normalEmail, normalPhone } from '../platform/normal-forms.ts';
import { decimalText, instantText, orderMoney } from './book/accepted-order.ts';
import { type CheckedPerson, checkedPeople } from './check-people.ts';
import { type CheckWarning, checkWarnings, rejectedPct, summarise } from './check-warnings.ts';
import { RefusedFile } from './errors.ts';
import { settingsOfKind } from './layouts/kinds.ts';
import { specialNames } from './plan/special.ts';
import { type IngestLimits, type Survey, surveyFile } from './plan/survey.ts';
import { type FileAccount, refuseMostlyRejected } from './read/mostly-rejected.ts';
import { type FileContents, readFile } from './read/read-file.ts';
import { readPeople } from './read/read-people.ts';
import { type RejectReason, rejectReasons } from './reasons.ts';
import {
  type CheckedRecord,
  checkedRecords,
  createRecordTrail,
  orderFates,
  personFates,
  type RecordTrail,
} from './record-trail.ts';
import { absent, type BytePool } from './records/byte-pool.ts';
import type { ExportFile } from './source/export-file.ts';
import { openZone } from './values/zone.ts';
import { rejectedRecords } from './write/table-rows.ts';

/** What was seen of a file before its first record was understood. */
export interface SeenFile {
  readonly layout: string;
  readonly container: string;
  readonly encoding: string;
  /** delimited, json_lines, json_list or parquet. */
  readonly format: string;
  readonly delimiter: string | null;
  /** Order of day and month, where the file needs one. */
  readonly date_order: string | null;
  readonly decimal_separator: string;
  /** Header of the column that each field is read from, and of every other that has a say in amount or status. */
  readonly columns: Readonly<Record<string, string>>;
}

/** An order as ingest would take it; amounts are decimal text, times ISO 8601 in UTC. */
export interface CheckedOrder {
  readonly record_no: number;
  /** Line of the file in which the record begins, from 1; null where records are no lines. */
  readonly line_no: number | null;
  readonly order_id: string;
  readonly customer_id: string | null;
  readonly email: string | null;
  /** Digits alone, without 00; null where that can be nobody's. */
  readonly phone: string | null;
  readonly ordered_at: string;
  readonly order_date: string;
  readonly gross: string;
  readonly refunded: string;
  readonly net: string;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly is_purchase: boolean;
  /** Records of the file that make the order: the accepted one and those folded into it, without repeats. */
  readonly records: number;
  /** True where the order was told differently, with nothing to say which is newer. */
  readonly conflict: boolean;
}

/** A record that ingest would not take. */
export interface CheckedReject {
  readonly record_no: number;
  readonly line_no: number | null;
  readonly reason: RejectReason;
  readonly column: string | null;
  /** What the reason code means. */
  readonly meaning: string;
}

/** What `winback check` says about a file. */
export interface CheckReport {
  readonly file: string;
  /** What the file was given as. */
  readonly kind: FileKind;
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
    /** Accepted orders that name nobody. */
    readonly orders_without_customer: number;
  };
  /** What a run's gate on rejected records would say; null for a refused file and for one that tells of no orders. */
  readonly gate: { readonly rejected_pct: number; readonly max_rejected_pct: number; readonly passes: boolean } | null;
  /** Days of the first and the last accepted order, in the shop's time zone. */
  readonly first_order_date: string | null;
  readonly last_order_date: string | null;
  readonly warnings: readonly CheckWarning[];
  /** Accepted orders in order of their first record. */
  orders(): Iterable<CheckedOrder>;
  /** What was accepted of people, in order of its record: answers of surveys, suppressions, their lifts. */
  people(): Iterable<CheckedPerson>;
  /** Rejected records in order of their number; also those because of which a file was refused. */
  rejects(): Iterable<CheckedReject>;
  /** Every record exactly once, in order of its number; their fates add up to the counts. None of a refused file. */
  records(): Iterable<CheckedRecord>;
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
    ...specialNames(plan.special, plan.header),
    ...(plan.madeFrom && { order_id: plan.madeFrom.columns.map((at) => plan.header[at]).join(' | ') }),
  },
});

const textOrNull = (pool: BytePool, ref: number): string | null => (ref === absent ? null : pool.text(ref));

/** Customer number as given; null for what shops write when there is no customer. */
const customerOrNull = (pool: BytePool, ref: number): string | null => {
  const given = textOrNull(pool, ref);
  return given === null || normalCustomerId(given) === null ? null : given;
};

/** Normal form of what names somebody; null for what names nobody. */
const normalOrNull = (pool: BytePool, ref: number, normalise: (given: string) => string | null): string | null => {
  const given = textOrNull(pool, ref);
  return given === null ? null : normalise(given);
};

function* checkedOrders(
  { book, pools }: FileContents,
  { plan }: Survey,
  trail: RecordTrail,
  timeZone: string,
): Generator<CheckedOrder> {
  const { columns } = book;
  const zone = openZone(timeZone);
  for (let i = 0; i < book.size; i++) {
    if (columns.rows[i] === 0) continue;
    const money = orderMoney(columns, i, plan.layout);
    const orderedAt = columns.orderedAt[i]!;
    yield {
      record_no: columns.record[i]!,
      line_no: trail.lineOf(columns.record[i]!),
      order_id: pools.orders.text(i),
      customer_id: customerOrNull(pools.customers, columns.customer[i]!),
      email: normalOrNull(pools.emails, columns.email[i]!, normalEmail),
      phone: normalOrNull(pools.phones, columns.phone[i]!, normalPhone),
      ordered_at: instantText(orderedAt),
      order_date: isoDate(zone.dayOf(Number(orderedAt / 1_000_000n))),
      gross: decimalText(money.gross),
      refunded: decimalText(money.refunded),
      net: decimalText(money.net),
      currency: pools.words.text(columns.currency[i]!),
      status: money.status,
      is_purchase: money.isPurchase,
      records: columns.rows[i]!,
      conflict: book.isConflict(i),
    };
  }
}

function* checkedRejects(contents: FileAccount, { plan }: Survey, trail: RecordTrail): Generator<CheckedReject> {
  for (const { recordNo, reason, column } of rejectedRecords(contents.book, plan)) {
    yield { record_no: recordNo, line_no: trail.lineOf(recordNo), reason, column, meaning: rejectReasons[reason] };
  }
}

const noCounts = {
  read: 0,
  accepted: 0,
  folded: 0,
  duplicate: 0,
  rejected: 0,
  conflicts: 0,
  orders_without_customer: 0,
};

const noOrders = { gate: null, first_order_date: null, last_order_date: null, warnings: [], orders: () => [] } as const;

const refusedReport = (
  file: string,
  kind: FileKind,
  survey: Survey | null,
  error: RefusedFile,
): Omit<CheckReport, 'rejects'> => ({
  ...noOrders,
  file,
  kind,
  verdict: 'refused',
  refusal: { code: error.code, message: error.message, next: error.next },
  seen: survey && seenOf(survey),
  counts: noCounts,
  people: () => [],
  records: () => [],
});

/**
 * Reads a file as ingest would and says what would become of each record. Writes nothing.
 * @param kind what the file is given as
 */
export async function checkFile(
  file: ExportFile,
  config: Pick<Config, 'shop' | 'gates'> & { readonly ingest: IngestConfig },
  limits: IngestLimits,
  kind: FileKind = 'orders',
): Promise<CheckReport> {
  const ingest = settingsOfKind(ingestOf(config.ingest, file.name), kind);
  let survey: Survey | null = null;
  let rejects: CheckReport['rejects'] = () => [];
  try {
    survey = await surveyFile(file, ingest, limits);
    const found = survey;
    const { time_zone, currency } = config.shop;
    const zone = openZone(time_zone);
    const trail = createRecordTrail(found.records);
    const rules = { config: ingest, zone, currency, deliveredAt: file.deliveredAt };
    if (kind !== 'orders') {
      const contents = await readPeople(file, found, rules, limits, trail);
      rejects = () => checkedRejects(contents, found, trail);
      refuseMostlyRejected(file.name, contents, ingest.max_rejected_pct);
      const { read, accepted, duplicates, rejected, conflicts } = contents;
      return {
        ...noOrders,
        file: file.name,
        kind,
        verdict: 'accepted',
        refusal: null,
        seen: seenOf(found),
        counts: { ...noCounts, read, accepted, duplicate: duplicates, rejected, conflicts },
        people: () => checkedPeople(contents, trail),
        rejects,
        records: () => checkedRecords(personFates(contents), contents, trail),
      };
    }
    const contents = await readFile(file, found, rules, limits, trail);
    rejects = () => checkedRejects(contents, found, trail);
    refuseMostlyRejected(file.name, contents, ingest.max_rejected_pct);
    const { read, accepted, folded, duplicates, rejected, conflicts } = contents;
    const maxRejectedPct = config.gates.max_rejected_pct;
    const lost = rejectedPct(contents);
    const summary = accepted === 0 ? null : summarise(contents, found, zone);
    const orders_without_customer = summary?.withoutCustomer ?? 0;
    return {
      file: file.name,
      kind,
      verdict: 'accepted',
      refusal: null,
      seen: seenOf(found),
      counts: { read, accepted, folded, duplicate: duplicates, rejected, conflicts, orders_without_customer },
      gate: { rejected_pct: lost, max_rejected_pct: maxRejectedPct, passes: lost <= maxRejectedPct },
      first_order_date: summary && isoDate(summary.firstDay),
      last_order_date: summary && isoDate(summary.lastDay),
      warnings: checkWarnings(contents, summary, found, { currency, maxRejectedPct }),
      orders: () => checkedOrders(contents, found, trail, time_zone),
      people: () => [],
      rejects,
      records: () => checkedRecords(orderFates(contents, found.plan.grain), contents, trail),
    };
  } catch (error) {
    if (error instanceof RefusedFile) return { ...refusedReport(file.name, kind, survey, error), rejects };
    throw error;
  }
}
