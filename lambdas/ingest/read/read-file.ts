import { noCurrency } from '../../lake/currency.ts';
import { orderStatuses } from '../../platform/config/ingest.ts';
import { createOrderBook, type OrderBook } from '../book/order-book.ts';
import { createPools, type Pools } from '../book/row.ts';
import { isHeader } from '../plan/record-shape.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import type { RecordTrail } from '../record-trail.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import type { UnpackLimits } from '../source/container.ts';
import type { ExportFile } from '../source/export-file.ts';
import { trimmed } from '../values/field.ts';
import { isSummaryWord } from '../values/summary-words.ts';
import { createConsentReader, type UnknownConsents } from './consent.ts';
import { readRecords } from './read-records.ts';
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
  readonly unknownConsents: UnknownConsents;
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
  const { plan } = survey;
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
  const consents = createConsentReader(plan.columns.accepts_marketing ?? -1, pools.words, rules.config);
  const reader = createRowReader(survey, pools, rules, consents);
  const delimiter = plan.format.kind === 'delimited' ? plan.format.delimiter.charCodeAt(0) : -1;
  const isTable = plan.format.kind === 'delimited';
  const orderColumn = plan.columns.order_id ?? -1;
  const timeColumn = plan.columns.order_ts ?? -1;

  /** Column of a footer in a record that has too few fields, or no time. */
  const footerOf = (record: RawRecord, problem: RejectReason | null): number => {
    if (problem === 'too_few_fields' && orderColumn >= 0) return summaryColumn(record, orderColumn);
    return problem === null && !hasField(record, timeColumn) ? footerColumnOf(record) : -1;
  };

  const read = await readRecords(file, survey, limits, (record, recordNo, problem) => {
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
      const order = reader.orderOf(problem === 'bad_quoting' ? cutAtDelimiters(record, delimiter) : record);
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

  const counts = book.close();
  const unknownConsents = consents.unknown;
  return { pools, book, read, duplicates: book.duplicates, rejected: book.rejects.size, ...counts, unknownConsents };
}
