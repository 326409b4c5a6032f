import { absent } from '../records/byte-pool.ts';
import type { OrderColumns } from './order-columns.ts';

/**
 * Tells lines of an order that goes on from lines of an order told once more: a header in the middle of a file begins the
 * table anew. An order that was told above it is told a second time below it, but for the one that a page break cut in
 * two: the last above the header when it is also the first below it.
 */
export function createSecondTellings() {
  let headerAt = 0;
  let isBelowHeader = false;
  let last: number = absent;
  let continued: number = absent;
  return {
    /** Notes a header among the records. */
    header(recordNo: number): void {
      headerAt = recordNo;
      isBelowHeader = true;
    },
    /** Notes the order of a record, in the order of the records. */
    see(order: number): void {
      if (isBelowHeader) continued = order === last ? order : absent;
      isBelowHeader = false;
      last = order;
    },
    /** True when what the book knows of an order was told above the header and the order does not go on. */
    isSecond: ({ since }: OrderColumns, order: number): boolean => since[order]! < headerAt && order !== continued,
  };
}
