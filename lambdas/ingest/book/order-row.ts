import type { CustomerComparison } from './customer-comparison.ts';
import type { OrderColumns } from './order-columns.ts';
import type { Row } from './row.ts';

type RefColumn = 'customer' | 'email' | 'phone' | 'firstName' | 'lastName' | 'country' | 'channel';
/** Columns of numbers that stand for texts. */
export const refColumns: readonly RefColumn[] = [
  'customer',
  'email',
  'phone',
  'firstName',
  'lastName',
  'country',
  'channel',
];

/** Columns that many files do not have: their zeros are not written, so that they take no memory there. */
const sparseColumns = [...refColumns, 'refundedOn', 'cancelledOn', 'birthday'] as const;
const sparseAmounts = ['updatedAt', 'refunded', 'discount'] as const;

/** Puts a record in the place of whatever the book knew of its order. */
export function putRow(columns: OrderColumns, row: Row, flags: number): void {
  const i = row.order;
  columns.record[i] = row.recordNo;
  columns.since[i] = row.recordNo;
  columns.rows[i] = 1;
  columns.flags[i] = flags;
  columns.status[i] = row.status;
  columns.consent[i] = row.consent;
  columns.currency[i] = row.currency;
  columns.orderedAt[i] = row.orderedAt;
  columns.total[i] = row.total;
  for (const name of sparseColumns) if (columns[name][i] !== row[name]) columns[name][i] = row[name];
  for (const name of sparseAmounts) if (columns[name][i] !== row[name]) columns[name][i] = row[name];
}

/** True when a record names the same customer and attributes as the book does for its order, however the address is written. */
export function namesTheSame(columns: OrderColumns, row: Row, isSameEmail: CustomerComparison['isSameEmail']): boolean {
  const i = row.order;
  return (
    columns.customer[i] === row.customer &&
    columns.phone[i] === row.phone &&
    columns.firstName[i] === row.firstName &&
    columns.lastName[i] === row.lastName &&
    columns.country[i] === row.country &&
    columns.channel[i] === row.channel &&
    isSameEmail(columns.email[i]!, row.email)
  );
}

/** True when a record says the same as the one that is in the book. */
export function saysTheSame(columns: OrderColumns, row: Row, isSameEmail: CustomerComparison['isSameEmail']): boolean {
  const i = row.order;
  return (
    columns.status[i] === row.status &&
    columns.currency[i] === row.currency &&
    columns.orderedAt[i] === row.orderedAt &&
    columns.updatedAt[i] === row.updatedAt &&
    columns.total[i] === row.total &&
    columns.refunded[i] === row.refunded &&
    columns.discount[i] === row.discount &&
    columns.refundedOn[i] === row.refundedOn &&
    columns.cancelledOn[i] === row.cancelledOn &&
    columns.birthday[i] === row.birthday &&
    columns.consent[i] === row.consent &&
    namesTheSame(columns, row, isSameEmail)
  );
}
