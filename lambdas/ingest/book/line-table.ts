import { absent } from '../records/byte-pool.ts';
import { ensureRoom, type Groups, groupBy } from './columns.ts';
import { noAmount, type Row } from './row.ts';

/** The lines of a file in the order of their records, 44 bytes each. */
export interface LineTable {
  readonly size: number;
  readonly columns: LineColumns;
  add(row: Row): void;
  /** Lines of each order, in the order of their records. */
  byOrder(orders: number): Groups;
}

export type LineColumns = {
  order: Int32Array;
  record: Int32Array;
  sku: Int32Array;
  product: Int32Array;
  category: Int32Array;
  quantity: BigInt64Array;
  unitPrice: BigInt64Array;
};

/** An empty table with room for a number of lines. */
export function createLineTable(room: number): LineTable {
  const columns: LineColumns = {
    order: new Int32Array(room),
    record: new Int32Array(room),
    sku: new Int32Array(room),
    product: new Int32Array(room),
    category: new Int32Array(room),
    quantity: new BigInt64Array(room),
    unitPrice: new BigInt64Array(room),
  };
  let size = 0;
  return {
    get size() {
      return size;
    },
    columns,
    add(row) {
      if (size === columns.order.length) ensureRoom(columns, size);
      columns.order[size] = row.order;
      columns.record[size] = row.recordNo;
      columns.sku[size] = row.sku;
      columns.product[size] = row.product;
      columns.category[size] = row.category;
      columns.quantity[size] = row.quantity;
      columns.unitPrice[size] = row.unitPrice;
      size++;
    },
    byOrder: (orders) => groupBy(columns.order, size, orders),
  };
}

/** True when a record says anything about an article. */
export const isLine = ({ columns }: LineTable, line: number): boolean =>
  columns.sku[line] !== absent ||
  columns.product[line] !== absent ||
  columns.category[line] !== absent ||
  columns.quantity[line] !== noAmount ||
  columns.unitPrice[line] !== noAmount;

/** quantity × unit price in hundred-millionths, exact; 0 where either is not stated. */
export function exactLineAmount({ columns }: LineTable, line: number): bigint {
  const quantity = columns.quantity[line]!;
  const unitPrice = columns.unitPrice[line]!;
  return quantity === noAmount || unitPrice === noAmount ? 0n : quantity * unitPrice;
}

/** Hundred-millionths as ten-thousandths, halves away from zero. */
export const toTenThousandths = (exact: bigint): bigint =>
  exact < 0n ? -((-exact + 5_000n) / 10_000n) : (exact + 5_000n) / 10_000n;
