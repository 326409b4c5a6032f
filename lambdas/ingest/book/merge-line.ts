import { orderStatuses } from '../../platform/config/ingest.ts';
import { absent } from '../records/byte-pool.ts';
import type { CustomerComparison } from './customer-comparison.ts';
import { orderFlags } from './defects.ts';
import type { OrderColumns } from './order-columns.ts';
import { namesTheSame, refColumns } from './order-row.ts';
import { noAmount, noDay, noStatus, noTime, type Row } from './row.ts';

const { conflicting } = orderFlags;
const creditNote = orderStatuses.indexOf('credit_note');

/** Creates what adds a further line to what the book knows of its order. */
export function createLineMerge(
  columns: OrderColumns,
  amount: 'total' | 'lines' | 'sum',
  customers: CustomerComparison,
): (row: Row) => void {
  const mergeAmount = (name: 'total' | 'refunded' | 'discount', row: Row): void => {
    const i = row.order;
    const value = row[name];
    if (value === noAmount || (amount !== 'sum' && value === columns[name][i])) return;
    if (columns[name][i] === noAmount) columns[name][i] = value;
    else if (amount === 'sum') columns[name][i]! += value;
    else columns.flags[i] = columns.flags[i]! | orderFlags[`${name}Differs`];
  };

  const mergeWords = (row: Row): void => {
    const i = row.order;
    for (const name of refColumns) {
      if (row[name] === absent || row[name] === columns[name][i]) continue;
      const isSpelling = name === 'email' && customers.isSameEmail(columns.email[i]!, row.email);
      if (columns[name][i] !== absent && !isSpelling) {
        columns.flags[i] = columns.flags[i]! | (name === 'customer' ? orderFlags.customerDiffers : conflicting);
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

  return (row) => {
    const i = row.order;
    columns.rows[i]!++;
    if (row.orderedAt !== noTime && (columns.orderedAt[i] === noTime || row.orderedAt < columns.orderedAt[i]!)) {
      columns.orderedAt[i] = row.orderedAt;
    }
    if (!namesTheSame(columns, row, customers.isSameEmail)) mergeWords(row);
    mergeStatus(row);
    if (row.currency !== absent && row.currency !== columns.currency[i]) {
      if (columns.currency[i] !== absent) columns.flags[i] = columns.flags[i]! | orderFlags.currencyDiffers;
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
}
