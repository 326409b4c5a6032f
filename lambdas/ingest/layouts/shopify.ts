import type { Layout } from './layout.ts';

/**
 * Shopify's order export: one row per line, values of the order on its first row only. `Total` is what the customer paid,
 * tax and shipping in; `Refunded Amount` carries no date. Names (#1001) can repeat, so `Id` is the order number where the
 * export has it.
 */
export const shopify: Layout = {
  name: 'shopify',
  title: 'Shopify orders',
  signatures: [
    ['name', 'financial status', 'lineitem name', 'created at', 'total'],
    ['name', 'financial status', 'lineitem quantity', 'lineitem price', 'total'],
    ['name', 'financial status', 'fulfillment status', 'created at', 'total'],
    ['name', 'email', 'financial status', 'paid at', 'created at', 'total'],
  ],
  fields: {
    order_id: ['id'],
    email: ['email'],
    phone: ['phone', 'billing phone', 'shipping phone'],
    order_ts: ['created at'],
    total: ['total'],
    currency: ['currency'],
    status: ['financial status'],
    refunded: ['refunded amount'],
    cancelled_at: ['cancelled at', 'canceled at'],
    discount: ['discount amount'],
    sku: ['lineitem sku'],
    product: ['lineitem name'],
    quantity: ['lineitem quantity'],
    unit_price: ['lineitem price'],
    channel: ['source'],
    country: ['billing country', 'shipping country'],
    accepts_marketing: ['accepts marketing', 'accepts email marketing', 'buyer accepts marketing'],
  },
  orderName: ['name'],
  refundColumn: 'Refunded Amount',
  conditions: [
    {
      headers: ['payment method'],
      statuses: { bogus: 'test', 'bogus gateway': 'test', '(for testing) bogus gateway': 'test' },
    },
  ],
  required: [['order_id'], ['order_ts'], ['total'], ['email', 'phone', 'customer_id']],
  advice: {
    email: 'Export under Orders > Export as plain CSV file, and leave the column Email in it.',
  },
  grain: 'line',
  amount: 'total',
  clock: 'shop',
  decimal: '.',
  statuses: {
    paid: 'completed',
    partially_refunded: 'completed',
    'partially refunded': 'completed',
    refunded: 'refunded',
    pending: 'pending',
    authorized: 'pending',
    partially_paid: 'pending',
    'partially paid': 'pending',
    unpaid: 'pending',
    expired: 'failed',
    voided: 'cancelled',
  },
  negativeIsCreditNote: false,
  integerText: [],
};
