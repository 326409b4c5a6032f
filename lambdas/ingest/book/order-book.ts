import type { ExportField } from '../../platform/config/ingest.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { Zone } from '../values/zone.ts';
import { ensureRoom } from './columns.ts';
import { createCustomerComparison } from './customer-comparison.ts';
import { defectOf, type OrderDefect, orderFlags } from './defects.ts';
import { createLineTable, exactLineAmount, type LineTable, toTenThousandths } from './line-table.ts';
import { createLineMerge } from './merge-line.ts';
import { newOrderColumns, type OrderColumns } from './order-columns.ts';
import { putRow, saysTheSame } from './order-row.ts';
import { areSaleAndRefund, createRefundRecords, type RefundRecords } from './refund-records.ts';
import { createRejects, type Rejects } from './rejects.ts';
import { noStatus, noTime, type Pools, type Row } from './row.ts';
import { createSecondTellings } from './second-tellings.ts';

const { tainted, conflicting, givenTwice } = orderFlags;
/** Flags that a newer record of an order does not take away. */
const lasting = conflicting | givenTwice;

/** The orders of one file, gathered record by record in columns of numbers. */
export interface OrderBook {
  readonly columns: OrderColumns;
  readonly lines: LineTable;
  readonly rejects: Rejects;
  /** Refunds in records of their own. */
  readonly refunds: RefundRecords;
  /** Orders known so far, those of rejected records included; `rows` is 0 where none was taken. */
  readonly size: number;
  readonly duplicates: number;
  /** Takes an understood record. */
  add(row: Row): void;
  /** Notes a record that is not taken, and the order it would have belonged to, if that is known. */
  reject(recordNo: number, reason: RejectReason, column: number, order: number): void;
  /** Rejects a record that repeats the header: below it, the lines of an order that was told above it are told anew. */
  rejectHeader(recordNo: number): void;
  /** True for an order that was told differently, with nothing to say which is newer. */
  isConflict(order: number): boolean;
  /** To be called once, after the last record: rejects what has no amount or time and reports orders told differently. */
  close(): { readonly accepted: number; readonly folded: number; readonly conflicts: number };
}

/** How the records of a file make orders. */
export interface BookRules {
  /** What a record is. */
  readonly grain: 'order' | 'line';
  /** Where the amount of an order comes from. */
  readonly amount: 'total' | 'lines' | 'sum';
  /** True when records name articles. */
  readonly hasLines: boolean;
  /** Most orders and lines that there can be; room for them costs memory only where it is written to. */
  readonly records: number;
  /** True when no two records of an order are alike, so that a further one adds to it wherever it stands. */
  readonly linesAreUnique: boolean;
  /** Positions of the fields' columns, for telling which of them is to blame. */
  readonly positions: Readonly<Partial<Record<ExportField, number>>>;
  readonly pools: Pools;
  readonly zone: Zone;
  /** Currency and status, as rows have them, of orders whose records state none. */
  readonly defaultCurrency: number;
  readonly defaultStatus: number;
}

/** An empty book. */
export function createOrderBook(rules: BookRules): OrderBook {
  const { grain, amount, hasLines } = rules;
  const columns = newOrderColumns(rules.records + 1);
  const lines = createLineTable(rules.records);
  const rejects = createRejects();
  /** Records of the order grain that were told again, because all records of a number given twice are rejected. */
  const repeats = { record: new Int32Array(64), order: new Int32Array(64) };
  const customers = createCustomerComparison(rules.pools);
  const tellings = createSecondTellings();
  const mergeLine = createLineMerge(columns, amount, customers);
  const refunds = createRefundRecords();
  let size = 0;
  let duplicates = 0;

  const grow = (order: number): void => {
    if (order >= columns.record.length) ensureRoom(columns, order);
    if (order >= size) size = order + 1;
  };

  const put = (row: Row): void => putRow(columns, row, columns.flags[row.order]! & tainted);

  const repeat = (order: number, recordNo: number): void => {
    ensureRoom(repeats, duplicates);
    repeats.order[duplicates] = order;
    repeats.record[duplicates] = recordNo;
    duplicates++;
  };

  const addSaleOrRefund = (row: Row): void => {
    const i = row.order;
    if (row.total < 0n) {
      if (!refunds.add(i, row)) repeat(i, row.recordNo);
      return;
    }
    const { record, orderedAt, total, currency, refundedOn } = columns;
    refunds.add(i, {
      recordNo: record[i]!,
      orderedAt: orderedAt[i]!,
      total: total[i]!,
      currency: currency[i]!,
      refundedOn: refundedOn[i]!,
    });
    put(row);
    if (hasLines) lines.add(row);
  };

  /** A version of an order has its customer or its day; what has neither is an order of its own under the same number. */
  const isOtherOrder = (row: Row): boolean => {
    const dayOf = (micros: bigint): number => rules.zone.dayOf(Number(micros / 1_000_000n));
    return dayOf(columns.orderedAt[row.order]!) !== dayOf(row.orderedAt) && customers.areStrangers(columns, row);
  };

  const addOrder = (row: Row): void => {
    const i = row.order;
    if (areSaleAndRefund(columns.total[i]!, row.total)) {
      addSaleOrRefund(row);
      return;
    }
    const known = columns.updatedAt[i]!;
    if (row.updatedAt < known || saysTheSame(columns, row, customers.isSameEmail)) {
      repeat(i, row.recordNo);
      return;
    }
    repeat(i, columns.record[i]!);
    const isUndecided = row.updatedAt === known;
    const isOther = isUndecided && isOtherOrder(row);
    const before = columns.flags[i]! & lasting;
    put(row);
    if (hasLines) lines.add(row);
    columns.flags[i] = columns.flags[i]! | before | (isUndecided ? conflicting : 0) | (isOther ? givenTwice : 0);
  };

  const addLine = (row: Row): void => {
    const i = row.order;
    const known = columns.updatedAt[i]!;
    if (row.updatedAt !== noTime && row.updatedAt < known) {
      duplicates++;
      return;
    }
    const isNewer = known !== noTime && row.updatedAt > known;
    if (isNewer || (!rules.linesAreUnique && tellings.isSecond(columns, i))) {
      duplicates += columns.rows[i]!;
      put(row);
    } else mergeLine(row);
    lines.add(row);
  };

  const sumLines = (): void => {
    const { starts, order } = lines.byOrder(size);
    for (let i = 0; i < size; i++) {
      let exact = 0n;
      for (let k = starts[i]!; k < starts[i + 1]!; k++) {
        const line = order[k]!;
        if (lines.columns.record[line]! >= columns.since[i]!) exact += exactLineAmount(lines, line);
      }
      columns.total[i] = toTenThousandths(exact);
    }
  };

  /** Column for which a record of each order was rejected first. */
  const firstBlamed = (): Map<number, number> => {
    const blamed = new Map<number, number>();
    for (let k = 0; k < rejects.size; k++) {
      const order = rejects.columns.order[k]!;
      if (order !== absent && !blamed.has(order)) blamed.set(order, rejects.columns.column[k]!);
    }
    return blamed;
  };

  const rejectOrders = (): void => {
    const defects = new Map<number, OrderDefect>();
    for (let i = 0; i < size; i++) {
      const defect = columns.rows[i] === 0 ? null : defectOf(columns, i, amount);
      if (defect !== null) defects.set(i, defect);
    }
    if (defects.size === 0) return;
    const blamed = firstBlamed();
    const noteAs = (recordNo: number, order: number, { reason, field }: OrderDefect): void =>
      rejects.add(recordNo, reason, field === null ? (blamed.get(order) ?? -1) : (rules.positions[field] ?? -1), order);
    if (grain === 'order') {
      for (const [i, defect] of defects) noteAs(columns.record[i]!, i, defect);
      let kept = 0;
      for (let k = 0; k < duplicates; k++) {
        const defect = defects.get(repeats.order[k]!);
        if (defect) noteAs(repeats.record[k]!, repeats.order[k]!, defect);
        else kept++;
      }
      duplicates = kept;
    }
    for (let line = 0; grain === 'line' && line < lines.size; line++) {
      const i = lines.columns.order[line]!;
      const defect = defects.get(i);
      const record = lines.columns.record[line]!;
      if (defect !== undefined && record >= columns.since[i]!) noteAs(record, i, defect);
    }
    for (const i of defects.keys()) columns.rows[i] = 0;
  };

  return {
    columns,
    lines,
    rejects,
    refunds,
    get size() {
      return size;
    },
    get duplicates() {
      return duplicates;
    },
    add(row) {
      grow(row.order);
      const known = columns.rows[row.order]! > 0;
      tellings.see(row.order);
      if (row.isRepeat && grain === 'order') repeat(row.order, row.recordNo);
      else if (row.isRepeat) duplicates++;
      else if (!known) {
        put(row);
        if (grain === 'line' || hasLines) lines.add(row);
      } else if (grain === 'line') addLine(row);
      else addOrder(row);
    },
    reject(recordNo, reason, column, order) {
      rejects.add(recordNo, reason, column, order);
      if (order === absent) return;
      tellings.see(order);
      grow(order);
      columns.flags[order] = columns.flags[order]! | tainted;
    },
    rejectHeader(recordNo) {
      rejects.add(recordNo, 'repeated_header', -1);
      tellings.header(recordNo);
    },
    isConflict: (order) => (columns.flags[order]! & conflicting) !== 0,
    close() {
      if (amount === 'lines') sumLines();
      rejectOrders();
      const { currency = -1 } = rules.positions;
      refunds.settle(columns, rules.defaultCurrency, (recordNo) =>
        rejects.add(recordNo, 'currency_mismatch', currency),
      );
      for (const [i, recordNo] of refunds.all()) {
        if (columns.rows[i] === 0) rejects.add(recordNo, 'order_incomplete', -1, i);
      }
      let accepted = 0;
      let folded = 0;
      let conflicts = 0;
      for (let i = 0; i < size; i++) {
        if (columns.rows[i] === 0) continue;
        accepted++;
        folded += columns.rows[i]! - 1;
        if (columns.status[i] === noStatus) columns.status[i] = rules.defaultStatus;
        if (columns.currency[i] === absent) columns.currency[i] = rules.defaultCurrency;
        if ((columns.flags[i]! & conflicting) !== 0) conflicts++;
      }
      return { accepted, folded, conflicts };
    },
  };
}
