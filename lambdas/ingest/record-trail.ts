import type { FileContents } from './read/read-file.ts';
import { type RejectReason, reasonCodes } from './reasons.ts';
import { absent } from './records/byte-pool.ts';

/** What became of a record. */
export const recordFates = ['duplicate', 'folded', 'accepted', 'rejected'] as const;
export type RecordFate = (typeof recordFates)[number];

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

/** One record of a file and what became of it. */
export interface RecordAccount {
  readonly recordNo: number;
  readonly fate: RecordFate;
  readonly orderId: string | null;
  /** Why it was rejected. */
  readonly reason: RejectReason | null;
}

/** Every record of a file exactly once, in order of its number; the fates add up to the counts of the receipt. */
export function* recordAccounts(
  { book, pools, read }: FileContents,
  trail: RecordTrail,
  grain: 'order' | 'line',
): Generator<RecordAccount> {
  const { columns, lines, rejects } = book;
  const fates = new Uint8Array(read + 1);
  const reasons = new Uint8Array(read + 1);
  for (let line = 0; grain === 'line' && line < lines.size; line++) {
    const order = lines.columns.order[line]!;
    const record = lines.columns.record[line]!;
    if (columns.rows[order]! > 0 && record >= columns.since[order]!) fates[record] = recordFates.indexOf('folded');
  }
  for (const [, recordNo] of book.refunds.all()) fates[recordNo] = recordFates.indexOf('folded');
  for (let i = 0; i < book.size; i++) {
    if (columns.rows[i]! > 0) fates[columns.record[i]!] = recordFates.indexOf('accepted');
  }
  for (let i = 0; i < book.rejected; i++) {
    fates[rejects.record[i]!] = recordFates.indexOf('rejected');
    reasons[rejects.record[i]!] = rejects.reason[i]!;
  }
  for (let recordNo = 1; recordNo <= read; recordNo++) {
    const order = trail.orderOf(recordNo);
    const fate = recordFates[fates[recordNo]!]!;
    yield {
      recordNo,
      fate,
      orderId: order === absent ? null : pools.orders.text(order),
      reason: fate === 'rejected' ? reasonCodes[reasons[recordNo]!]! : null,
    };
  }
}
