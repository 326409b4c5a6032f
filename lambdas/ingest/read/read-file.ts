import { isUtf8 } from 'node:buffer';
import { noCurrency } from '../../lake/currency.ts';
import { orderStatuses } from '../../platform/config/ingest.ts';
import { createOrderBook, type OrderBook } from '../book/order-book.ts';
import { createPools, type Pools } from '../book/row.ts';
import { TooManyRejected } from '../errors.ts';
import { openRecords } from '../plan/open-records.ts';
import type { Plan } from '../plan/plan.ts';
import { isBlank, isBlankBeyond, isHeader } from '../plan/record-shape.ts';
import type { Survey } from '../plan/survey.ts';
import { noOrders, type RejectReason, reasonCodes, rejectReasons } from '../reasons.ts';
import type { RecordTrail } from '../record-trail.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { type UnpackLimits, unpack } from '../source/container.ts';
import { toUtf8 } from '../source/encoding.ts';
import type { ExportFile } from '../source/export-file.ts';
import { trimmed } from '../values/field.ts';
import { isSummaryWord } from '../values/summary-words.ts';
import { createRowReader, type ReadRules } from './row-reader.ts';
import { footerColumnOf, summaryColumn } from './summary-rows.ts';
import { hasField } from './texts.ts';

/** A file, read: every record is in one of the four counts. */
export interface FileContents {
  readonly pools: Pools;
  readonly book: OrderBook;
  readonly read: number;
  readonly accepted: number;
  readonly folded: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Orders told twice and differently with nothing to say which is newer. */
  readonly conflicts: number;
}

/** A line whose quoting is broken, cut at its delimiters, so that its order number can still be looked for. */
function cutAtDelimiters(record: RawRecord, delimiter: number): RawRecord {
  const line = record.bytes.slice(record.start[0], record.end[0]);
  const starts: number[] = [0];
  line.forEach((byte, i) => {
    if (byte === delimiter && starts.length < 1000) starts.push(i + 1);
  });
  const ends = starts.map((_, i) => (starts[i + 1] ?? line.length + 1) - 1);
  return { ...record, bytes: line, start: Int32Array.from(starts), end: Int32Array.from(ends), fields: starts.length };
}

/** What is wrong with the shape of a record, before its values are looked at. */
function shapeProblem(record: RawRecord, { width, header }: Plan, checkBytes: boolean): RejectReason | null {
  if (record.fields < width) return 'too_few_fields';
  if (record.fields !== width && record.fields !== header.length) return 'too_many_fields';
  if (!isBlankBeyond(record, header.length)) return 'too_many_fields';
  if (checkBytes && !isUtf8(record.bytes.subarray(record.start[0], record.end[record.fields - 1]))) {
    return 'undecodable_bytes';
  }
  return null;
}

/**
 * The second pass over a file: every record is taken as an order or a line, recognised as a repeat, or rejected with its
 * reason.
 * @param trail told where each record begins and which order it tells of
 */
export async function readFile(
  file: ExportFile,
  survey: Survey,
  rules: ReadRules,
  limits: UnpackLimits,
  trail: RecordTrail | null = null,
): Promise<FileContents> {
  const { plan, container, encoding, hasInvalidBytes } = survey;
  const pools = createPools();
  const book = createOrderBook({
    grain: plan.grain,
    amount: plan.amount,
    hasLines: plan.hasLines,
    records: survey.records,
    linesAreUnique: plan.layout.equalIsRepeat === true,
    positions: plan.columns,
    pools,
    zone: rules.zone,
    defaultStatus: orderStatuses.indexOf('completed'),
    defaultCurrency: pools.words.internText(plan.layout.currency ?? rules.currency ?? noCurrency),
  });
  const reader = createRowReader(survey, pools, rules);
  const delimiter = plan.format.kind === 'delimited' ? plan.format.delimiter.charCodeAt(0) : -1;
  const isTable = plan.format.kind === 'delimited';
  const orderColumn = plan.columns.order_id ?? -1;
  const timeColumn = plan.columns.order_ts ?? -1;
  let seen = 0;
  let read = 0;

  /** Column of a footer in a record that has too few fields, or no time. */
  const footerOf = (record: RawRecord, problem: RejectReason | null): number => {
    if (problem === 'too_few_fields' && orderColumn >= 0) return summaryColumn(record, orderColumn);
    return problem === null && !hasField(record, timeColumn) ? footerColumnOf(record) : -1;
  };

  const splitter = openRecords(file.name, plan, (record, fault) => {
    if (seen++ < plan.skip || (isTable && fault === null && isBlank(record))) return;
    const recordNo = ++read;
    const problem = fault ?? shapeProblem(record, plan, hasInvalidBytes);
    const noteSummary = (column: number): void => {
      book.reject(recordNo, 'summary_row', column, absent);
      trail?.note(recordNo, record.line, absent);
    };
    if (problem === null && hasField(record, orderColumn) && isSummaryWord(record.bytes, trimmed.start, trimmed.end)) {
      noteSummary(orderColumn);
      return;
    }
    const footerColumn = isTable ? footerOf(record, problem) : -1;
    if (footerColumn >= 0) {
      noteSummary(footerColumn);
      return;
    }
    if (problem !== null) {
      const order = reader.orderOf(fault === 'bad_quoting' ? cutAtDelimiters(record, delimiter) : record);
      book.reject(recordNo, problem, -1, order);
      trail?.note(recordNo, record.line, order);
      return;
    }
    const reason = reader.read(record, recordNo);
    const isUnread = reason !== null && isTable && reader.row.order === absent;
    const wordColumn = isUnread ? summaryColumn(record, orderColumn) : -1;
    if (wordColumn >= 0) {
      noteSummary(wordColumn);
      return;
    }
    const isRepeatedHeader = reason !== null && isHeader(record, plan);
    const order = isRepeatedHeader ? absent : reader.row.order;
    if (reason === null) book.add(reader.row);
    else if (isRepeatedHeader) book.rejectHeader(recordNo);
    else book.reject(recordNo, reason, reader.badColumn, order);
    trail?.note(recordNo, record.line, order);
  });
  for await (const chunk of toUtf8(file.name, unpack(file, container, file.open(), limits), encoding)) {
    splitter.push(chunk);
  }
  splitter.end();

  const counts = book.close();
  return { pools, book, read, duplicates: book.duplicates, rejected: book.rejected, ...counts };
}

/** Records that were meant as orders, and those of them that were rejected. */
export function meantAsOrders({ book, read, rejected }: FileContents): { readonly all: number; readonly lost: number } {
  let others = 0;
  for (let i = 0; i < rejected; i++) if (noOrders.has(reasonCodes[book.rejects.reason[i]!]!)) others++;
  return { all: read - others, lost: rejected - others };
}

/** A share says nothing of a handful of records: fewer rejects refuse a file only when they leave nothing of it. */
const fewestRejects = 20;

/**
 * Refuses a file of which so little could be read that the rest cannot be trusted either.
 * @throws TooManyRejected when more records are rejected than the configuration allows
 */
export function refuseMostlyRejected(name: string, contents: FileContents, maxPct: number): void {
  const { book, read, accepted, rejected } = contents;
  const { all, lost } = meantAsOrders(contents);
  const isLittle = lost * 100 <= all * maxPct || lost < fewestRejects;
  if (accepted > 0 ? isLittle : rejected * 100 <= read * maxPct) return;
  const counts = new Map<number, number>();
  for (let i = 0; i < rejected; i++) {
    const reason = book.rejects.reason[i]!;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [[first = 0] = []] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const code = reasonCodes[first]!;
  throw new TooManyRejected(
    `${name}: ${rejected} of ${read} records cannot be read, most often ${code} (${rejectReasons[code]})`,
    code === 'undecodable_bytes'
      ? 'Export it as UTF-8.'
      : 'Look at the records with `winback check`, then correct the export or the mapping.',
  );
}
