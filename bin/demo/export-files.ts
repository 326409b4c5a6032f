import { type OrderLine, valueOfLine } from './baskets.ts';
import { csvLine, moneyText } from './csv.ts';
import { type OrderEvent, stateAt } from './orders.ts';
import { shopCurrency } from './shop.ts';
import { dateOfDay, type ShopSeconds, secondsPerDay, timeInUtc, timeWithOffset } from './shop-clock.ts';
import type { NumberedOrder } from './simulate-shop.ts';

const columns = [
  'order_id',
  'customer_id',
  'email',
  'order_ts',
  'total',
  'currency',
  'status',
  'refunded',
  'discount',
  'sku',
  'product',
  'category',
  'quantity',
  'unit_price',
  'channel',
  'country',
  'phone',
  'first_name',
  'last_name',
  'accepts_marketing',
  'birthday',
  'updated_at',
] as const;
type Row = Record<(typeof columns)[number], string>;

/** A record that no shop should have let out. Each stands for an order of its own, so nothing is lost with it. */
export type RecordFault = 'impossible_date' | 'missing_order_id' | 'unreadable_total';

const breakRecord: Readonly<Record<RecordFault, (row: Row) => Row>> = {
  impossible_date: (row) => ({ ...row, order_ts: `${row.order_ts.slice(0, 4)}-02-30${row.order_ts.slice(10)}` }),
  missing_order_id: (row) => ({ ...row, order_id: '' }),
  unreadable_total: (row) => ({ ...row, total: 'see invoice' }),
};

/** One delivery: every order that was placed or changed after `changedAfter`, as the shop's system shows it at `until`. */
export interface ExportFile {
  name: string;
  changedAfter: ShopSeconds;
  until: ShopSeconds;
  timeText: (moment: ShopSeconds) => string;
  faults: readonly RecordFault[];
}

const daysBetweenExports = 15;
const daysOfOverlap = 7;

/** Shortest simulation, in days, that leaves a history before the two windows. */
export const shortestShop = 4 * daysBetweenExports;

/**
 * What the shop delivers: its whole history, compressed, and two windows that overlap it and each other. An export is
 * made when its day is over.
 */
export function exportFilesUntil(lastDay: number): ExportFile[] {
  const [history, middle, last] = [lastDay - 2 * daysBetweenExports, lastDay - daysBetweenExports, lastDay];
  const endOf = (day: number) => (day + 1) * secondsPerDay - 1;
  const nameOf = (day: number) => `orders-${dateOfDay(day)}.csv`;
  return [
    {
      name: `${nameOf(history)}.gz`,
      changedAfter: Number.NEGATIVE_INFINITY,
      until: endOf(history),
      timeText: timeWithOffset,
      faults: ['impossible_date', 'missing_order_id', 'unreadable_total', 'impossible_date', 'missing_order_id'],
    },
    {
      name: nameOf(middle),
      changedAfter: endOf(history - daysOfOverlap),
      until: endOf(middle),
      timeText: timeInUtc,
      faults: ['unreadable_total'],
    },
    {
      name: nameOf(last),
      changedAfter: endOf(middle - daysOfOverlap),
      until: endOf(last),
      timeText: timeInUtc,
      faults: ['missing_order_id', 'impossible_date'],
    },
  ];
}

/** The text of an export: one row per line of an order, what belongs to the order repeated on each. */
export function* exportText(file: ExportFile, orders: readonly NumberedOrder[]): Generator<string> {
  yield csvLine(columns);
  const told = orders.flatMap((order) => {
    const state = stateAt(order, file.until);
    return state !== undefined && state.at > file.changedAfter ? [{ order, state }] : [];
  });
  const between = Math.ceil(told.length / (file.faults.length + 1));
  for (const [index, { order, state }] of told.entries()) {
    for (const line of order.lines) yield csvRow(rowOf(order, line, state, file));
    const fault = (index + 1) % between === 0 ? file.faults[(index + 1) / between - 1] : undefined;
    if (fault !== undefined) yield csvRow(faultyRow(fault, order, file));
  }
}

/** A copy of an order's first line under an id that is nobody's, then broken. */
function faultyRow(fault: RecordFault, order: NumberedOrder, file: ExportFile): Row {
  const [line] = order.lines as [OrderLine];
  const total = valueOfLine(line);
  const single = { ...order, orderId: `${order.orderId}-X`, lines: [line], discount: 0, total };
  return breakRecord[fault](rowOf(single, line, order.events[0]!, file));
}

function csvRow(row: Row): string {
  return csvLine(columns.map((column) => row[column]));
}

function rowOf(order: NumberedOrder, { product, quantity }: OrderLine, state: OrderEvent, file: ExportFile): Row {
  const { buyer } = order;
  return {
    order_id: order.orderId,
    customer_id: buyer.customerId,
    email: buyer.email,
    order_ts: file.timeText(order.placedAt),
    total: moneyText(order.total),
    currency: shopCurrency,
    status: state.status,
    refunded: moneyText(state.refunded),
    discount: moneyText(order.discount),
    sku: product.sku,
    product: product.name,
    category: product.category,
    quantity: String(quantity),
    unit_price: moneyText(product.unitPrice),
    channel: order.channel,
    country: order.country,
    phone: buyer.phone,
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    accepts_marketing: buyer.acceptsMarketing,
    birthday: buyer.birthday,
    updated_at: file.timeText(state.at),
  };
}
