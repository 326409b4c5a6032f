import type { Layout } from './layout.ts';

/**
 * Square's transactions export: one row per payment or refund, the clock in columns of its own, no currency. What was
 * collected is tax and tip in. A refund that bears the number of a payment in the file is taken off that; any other is a
 * credit note.
 */
export const square: Layout = {
  name: 'square',
  title: 'Square transactions',
  signatures: [
    ['date', 'time', 'time zone', 'total collected', 'transaction id'],
    ['date', 'gross sales', 'net sales', 'total collected', 'transaction id', 'event type'],
  ],
  fields: {
    order_id: ['transaction id'],
    customer_id: ['customer id'],
    order_ts: ['date'],
    order_time: ['time'],
    time_zone: ['time zone'],
    total: ['total collected'],
    currency: ['currency'],
    status: ['transaction status'],
    discount: ['discounts'],
    channel: ['source'],
  },
  refundRecords: { headers: ['event type'], words: ['refund', 'refunded'] },
  required: [['order_id'], ['order_ts'], ['total'], ['customer_id', 'email', 'phone']],
  advice: {
    customer_id: 'Export the transactions with the column Customer ID; Square fills it for customers of the directory.',
  },
  grain: 'line',
  amount: 'sum',
  equalIsRepeat: true,
  clock: 'shop',
  decimal: '.',
  dateOrder: 'month_first',
  statuses: {
    complete: 'completed',
    completed: 'completed',
    captured: 'completed',
    paid: 'completed',
    pending: 'pending',
    open: 'pending',
    authorized: 'pending',
    canceled: 'cancelled',
    cancelled: 'cancelled',
    voided: 'cancelled',
    failed: 'failed',
    declined: 'failed',
  },
  negativeIsCreditNote: true,
  integerText: [],
};
