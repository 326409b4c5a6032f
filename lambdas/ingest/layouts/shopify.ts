import type { Layout } from './layout.ts';

/**
 * Shopify's order export: one row per line, values of the order on its first row only. `Total` is what the customer paid,
 * tax and shipping in; `Refunded Amount` carries no date.
 */
export const shopify: Layout = {
  name: 'shopify',
  title: 'Shopify orders',
  signature: ['name', 'financial status', 'lineitem quantity', 'lineitem name', 'lineitem price', 'total'],
  fields: {
    order_id: ['name'],
    email: ['email'],
    phone: ['phone', 'billing phone', 'shipping phone'],
    order_ts: ['created at'],
    total: ['total'],
    currency: ['currency'],
    status: ['financial status'],
    refunded: ['refunded amount'],
    cancelled_at: ['cancelled at'],
    discount: ['discount amount'],
    sku: ['lineitem sku'],
    product: ['lineitem name'],
    quantity: ['lineitem quantity'],
    unit_price: ['lineitem price'],
    channel: ['source'],
    country: ['billing country', 'shipping country'],
    accepts_marketing: ['accepts marketing'],
  },
  required: [['order_id'], ['email'], ['order_ts'], ['total']],
  grain: 'line',
  amount: 'total',
  clock: 'shop',
  statuses: {
    paid: 'completed',
    partially_refunded: 'completed',
    refunded: 'refunded',
    pending: 'pending',
    authorized: 'pending',
    partially_paid: 'pending',
    expired: 'failed',
    voided: 'cancelled',
    unpaid: 'pending',
  },
  negativeIsCreditNote: false,
  integerText: [],
};
