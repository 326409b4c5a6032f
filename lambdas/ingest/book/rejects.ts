import { type RejectReason, reasonNumber } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import { ensureRoom } from './columns.ts';

/** The records of a file that were not taken, in the order in which that was found. */
export interface Rejects {
  readonly size: number;
  /** Number of the record, of the reason, header position of the column, or -1, and of the order, or `absent`. */
  readonly columns: Readonly<Record<'record' | 'column' | 'order', Int32Array>> & { readonly reason: Uint8Array };
  /**
   * @param column position of the column that is to blame, or -1
   * @param order the order that the record would have belonged to, if that is known
   */
  add(recordNo: number, reason: RejectReason, column: number, order?: number): void;
}

/** No rejects yet. */
export function createRejects(): Rejects {
  const columns = {
    record: new Int32Array(64),
    reason: new Uint8Array(64),
    column: new Int32Array(64),
    order: new Int32Array(64),
  };
  let size = 0;
  return {
    get size() {
      return size;
    },
    columns,
    add(recordNo, reason, column, order = absent) {
      ensureRoom(columns, size);
      columns.record[size] = recordNo;
      columns.reason[size] = reasonNumber(reason);
      columns.column[size] = column;
      columns.order[size] = order;
      size++;
    },
  };
}
