import type { FileContents } from './read/read-file.ts';
import type { PeopleContents } from './read/read-people.ts';
import { type RejectReason, reasonCodes } from './reasons.ts';
import { absent } from './records/byte-pool.ts';

/** What became of a record. */
const recordFates = ['duplicate', 'folded', 'accepted', 'rejected'] as const;
type RecordFate = (typeof recordFates)[number];

/** Where each record of a file begins, and which order it tells of, in 8 bytes per record. */
export interface RecordTrail {
  note(recordNo: number, line: number, order: number): void;
  /** Line in which a record begins, or null where records are no lines. */
  lineOf(recordNo: number): number | null;
  /** Number of the order that a record tells of, or `absent`. */
  orderOf(recordNo: number): number;
}

/** An empty trail with room for a number of records. */
export function createRecordTrail(records: number): RecordTrail {
  const lines = new Int32Array(records + 1);
  const orders = new Int32Array(records + 1);
  return {
    note(recordNo, line, order) {
      lines[recordNo] = line;
      orders[recordNo] = order;
    },
    lineOf: (recordNo) => lines[recordNo] || null,
    orderOf: (recordNo) => orders[recordNo]!,
  };
}

/** The fate of each record, by its number; those of rejected records follow from the rejects. */
type Fates = Uint8Array;

const fateNumber = (fate: RecordFate): number => recordFates.indexOf(fate);

/** What became of the records of a file of orders. */
export function orderFates({ book, read }: FileContents, grain: 'order' | 'line'): Fates {
  const { columns, lines } = book;
  const fates = new Uint8Array(read + 1);
  for (let line = 0; grain === 'line' && line < lines.size; line++) {
    const order = lines.columns.order[line]!;
    const record = lines.columns.record[line]!;
    if (columns.rows[order]! > 0 && record >= columns.since[order]!) fates[record] = fateNumber('folded');
  }
  for (const [, recordNo] of book.refunds.all()) fates[recordNo] = fateNumber('folded');
  for (let i = 0; i < book.size; i++) {
    if (columns.rows[i]! > 0) fates[columns.record[i]!] = fateNumber('accepted');
  }
  return fates;
}

/** What became of the records of a file of people. */
export function personFates({ book, read }: PeopleContents): Fates {
  const fates = new Uint8Array(read + 1);
  for (let i = 0; i < book.size; i++) fates[book.columns.record[i]!] = fateNumber('accepted');
  return fates;
}

/** A record of the file and what became of it. */
export interface CheckedRecord {
  readonly record_no: number;
  readonly line_no: number | null;
  readonly fate: RecordFate;
  /** Order that the record tells of; null where its number cannot be read. */
  readonly order_id: string | null;
  /** Why it was rejected; null where it was not. */
  readonly reason: RejectReason | null;
}

/** Every record of a file exactly once, in order of its number; the fates add up to the counts of the receipt. */
export function* checkedRecords(
  fates: Fates,
  { book, pools, read }: FileContents | PeopleContents,
  trail: RecordTrail,
): Generator<CheckedRecord> {
  const { size, columns } = book.rejects;
  const reasons = new Uint8Array(read + 1);
  for (let i = 0; i < size; i++) {
    fates[columns.record[i]!] = fateNumber('rejected');
    reasons[columns.record[i]!] = columns.reason[i]!;
  }
  for (let recordNo = 1; recordNo <= read; recordNo++) {
    const order = trail.orderOf(recordNo);
    const fate = recordFates[fates[recordNo]!]!;
    yield {
      record_no: recordNo,
      line_no: trail.lineOf(recordNo),
      fate,
      order_id: order === absent ? null : pools.orders.text(order),
      reason: fate === 'rejected' ? reasonCodes[reasons[recordNo]!]! : null,
    };
  }
}
