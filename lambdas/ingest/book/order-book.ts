import { orderStatuses } from '../../platform/config/ingest.ts';
import type { RejectReason } from '../reasons.ts';
import { reasonNumber } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import { ensureRoom } from './columns.ts';
import { createLineTable, exactLineAmount, type LineTable, toTenThousandths } from './line-table.ts';
import { newOrderColumns, type OrderColumns } from './order-columns.ts';
import { namesTheSame, putRow, refColumns, saysTheSame } from './order-row.ts';
import { areSaleAndRefund, createRefundRecords, type RefundRecords } from './refund-records.ts';
import { noAmount, noDay, noStatus, noTime, type Row } from './row.ts';

/** Bits of `flags`. */
const tainted = 1;
const conflicting = 2;
const differing = 4;

const creditNote = orderStatuses.indexOf('credit_note');

/** Records that were not taken: number, reason and header position of the column, or -1. */
export type RejectColumns = { record: Int32Array; reason: Uint8Array; column: Int32Array };

/** The orders of one file, gathered record by record in columns of numbers. */
export interface OrderBook {
  readonly columns: OrderColumns;
  readonly lines: LineTable;
  readonly rejects: RejectColumns;
  /** Refunds in records of their own. */
  readonly refunds: RefundRecords;
  /** Orders known so far, those of rejected records included; `rows` is 0 where none was taken. */
  readonly size: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Takes an understood record. */
  add(row: Row): void;
  /** Notes a record that is not taken, and the order it would have belonged to, if that is known. */
  reject(recordNo: number, reason: RejectReason, column: number, order: number): void;
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
  /** Currency and status, as rows have them, of orders whose records state none. */
  readonly defaultCurrency: number;
  readonly defaultStatus: number;
}

/** An empty book. */
export function createOrderBook(rules: BookRules): OrderBook {
  const { grain, amount, hasLines } = rules;
  const columns = newOrderColumns(rules.records + 1);
  const lines = createLineTable(rules.records);
  const rejects: RejectColumns = {
    record: new Int32Array(64),
    reason: new Uint8Array(64),
    column: new Int32Array(64),
  };
  const refunds = createRefundRecords();
  let size = 0;
  let rejected = 0;
  let duplicates = 0;

  const grow = (order: number): void => {
    if (order >= columns.record.length) ensureRoom(columns, order);
    if (order >= size) size = order + 1;
  };

  const put = (row: Row): void => putRow(columns, row, columns.flags[row.order]! & tainted);

  const addSaleOrRefund = (row: Row): void => {
    const i = row.order;
    if (row.total < 0n) {
      if (!refunds.add(i, row)) duplicates++;
      return;
    }
    const { record, orderedAt, total, refundedOn } = columns;
    refunds.add(i, {
      recordNo: record[i]!,
      orderedAt: orderedAt[i]!,
      total: total[i]!,
      refundedOn: refundedOn[i]!,
    });
    put(row);
    if (hasLines) lines.add(row);
  };

  const addOrder = (row: Row): void => {
    const i = row.order;
    if (areSaleAndRefund(columns.total[i]!, row.total)) {
      addSaleOrRefund(row);
      return;
    }
    duplicates++;
    if (saysTheSame(columns, row)) return;
    const known = columns.updatedAt[i]!;
    if (row.updatedAt < known) return;
    const undecided = row.updatedAt === known;
    const before = columns.flags[i]! & conflicting;
    put(row);
    if (hasLines) lines.add(row);
    columns.flags[i] = columns.flags[i]! | before | (undecided ? conflicting : 0);
  };

  const mergeAmount = (name: 'total' | 'refunded' | 'discount', row: Row): void => {
    const i = row.order;
    const value = row[name];
    if (value === noAmount || (amount !== 'sum' && value === columns[name][i])) return;
    if (columns[name][i] === noAmount) columns[name][i] = value;
    else if (amount === 'sum') columns[name][i]! += value;
    else columns.flags[i] = columns.flags[i]! | differing;
  };

  const mergeWords = (row: Row): void => {
    const i = row.order;
    for (const name of refColumns) {
      if (row[name] === absent || row[name] === columns[name][i]) continue;
      if (columns[name][i] !== absent) {
        columns.flags[i] = columns.flags[i]! | (name === 'customer' ? differing : conflicting);
      }
      columns[name][i] = row[name];
    }
  };

  /** Where records are summed, a refund says nothing about the status of the order that it is taken off. */
  const mergeStatus = (row: Row): void => {
    const i = row.order;
    const known = columns.status[i]!;
    if (amount === 'sum' && row.status === creditNote) return;
    if (amount === 'sum' && known === creditNote) columns.status[i] = row.status;
    else if (row.status !== noStatus && row.status !== known) {
      if (known !== noStatus) columns.flags[i] = columns.flags[i]! | conflicting;
      columns.status[i] = row.status;
    }
  };

  const mergeLine = (row: Row): void => {
    const i = row.order;
    columns.rows[i]!++;
    if (row.orderedAt !== noTime && (columns.orderedAt[i] === noTime || row.orderedAt < columns.orderedAt[i]!)) {
      columns.orderedAt[i] = row.orderedAt;
    }
    if (!namesTheSame(columns, row)) mergeWords(row);
    mergeStatus(row);
    if (row.currency !== absent && row.currency !== columns.currency[i]) {
      if (columns.currency[i] !== absent) columns.flags[i] = columns.flags[i]! | differing;
      columns.currency[i] = row.currency;
    }
    if (row.refundedOn !== noDay) columns.refundedOn[i] = row.refundedOn;
    if (row.cancelledOn !== noDay) columns.cancelledOn[i] = row.cancelledOn;
    if (row.birthday !== noDay) columns.birthday[i] = row.birthday;
    if (row.consent >= 0) columns.consent[i] = row.consent;
    mergeAmount('total', row);
    mergeAmount('refunded', row);
    mergeAmount('discount', row);
  };

  const addLine = (row: Row): void => {
    const i = row.order;
    const known = columns.updatedAt[i]!;
    if (row.updatedAt !== noTime && row.updatedAt < known) {
      duplicates++;
      return;
    }
    if (known !== noTime && row.updatedAt > known) {
      duplicates += columns.rows[i]!;
      put(row);
    } else mergeLine(row);
    lines.add(row);
  };

  const note = (recordNo: number, reason: RejectReason, column: number): void => {
    ensureRoom(rejects, rejected);
    rejects.record[rejected] = recordNo;
    rejects.reason[rejected] = reasonNumber(reason);
    rejects.column[rejected] = column;
    rejected++;
  };

  /** Why an order cannot stand, although each of its records could be read. */
  const defect = (i: number): RejectReason | null => {
    const flags = columns.flags[i]!;
    if ((flags & differing) !== 0) return 'order_values_differ';
    if ((flags & tainted) !== 0 && (amount !== 'total' || columns.total[i] === noAmount)) return 'order_incomplete';
    if (columns.orderedAt[i] === noTime) return (flags & tainted) !== 0 ? 'order_incomplete' : 'missing_time';
    return columns.total[i] === noAmount ? 'missing_amount' : null;
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

  const rejectOrders = (): void => {
    const defects = new Map<number, RejectReason>();
    for (let i = 0; i < size; i++) {
      const reason = columns.rows[i] === 0 ? null : defect(i);
      if (reason !== null) defects.set(i, reason);
    }
    if (defects.size === 0) return;
    if (grain === 'order') for (const [i, reason] of defects) note(columns.record[i]!, reason, -1);
    for (let line = 0; grain === 'line' && line < lines.size; line++) {
      const i = lines.columns.order[line]!;
      const reason = defects.get(i);
      const record = lines.columns.record[line]!;
      if (reason !== undefined && record >= columns.since[i]!) note(record, reason, -1);
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
    get rejected() {
      return rejected;
    },
    get duplicates() {
      return duplicates;
    },
    add(row) {
      grow(row.order);
      const known = columns.rows[row.order]! > 0;
      if (row.isRepeat) duplicates++;
      else if (!known) {
        put(row);
        if (grain === 'line' || hasLines) lines.add(row);
      } else if (grain === 'line') addLine(row);
      else addOrder(row);
    },
    reject(recordNo, reason, column, order) {
      note(recordNo, reason, column);
      if (order === absent) return;
      grow(order);
      columns.flags[order] = columns.flags[order]! | tainted;
    },
    close() {
      if (amount === 'lines') sumLines();
      rejectOrders();
      refunds.settle(columns);
      for (const [i, recordNo] of refunds.all()) if (columns.rows[i] === 0) note(recordNo, 'order_incomplete', -1);
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
