import type { Layout } from './layout.ts';

/**
 * UCI Online Retail and Online Retail II (doi:10.24432/C5BW33, doi:10.24432/C5CG6D): one row per line of an invoice.
 * Invoices that begin with C are credit notes and name no invoice; those with A write off bad debt and are no sales. The
 * shop sells in pounds.
 */
export const onlineRetail: Layout = {
  name: 'online_retail',
  title: 'UCI Online Retail',
  signatures: [['stock code', 'description', 'quantity', 'invoice date', 'customer id', 'country']],
  fields: {
    order_id: ['invoice', 'invoice no'],
    customer_id: ['customer id'],
    order_ts: ['invoice date'],
    sku: ['stock code'],
    product: ['description'],
    quantity: ['quantity'],
    unit_price: ['price', 'unit price'],
    country: ['country'],
  },
  required: [['order_id'], ['customer_id'], ['order_ts'], ['quantity'], ['unit_price']],
  grain: 'line',
  amount: 'lines',
  clock: 'shop',
  currency: 'GBP',
  statuses: {},
  idStatuses: { C: 'credit_note', A: 'failed' },
  negativeIsCreditNote: false,
  integerText: ['customer_id'],
};
