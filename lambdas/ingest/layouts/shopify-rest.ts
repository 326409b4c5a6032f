import type { Layout } from './layout.ts';
import { shopify } from './shopify.ts';

/**
 * Orders as Shopify's Admin REST API gives them (`orders.json`): one object per order. `current_total_price` is what is
 * left of `total_price` after refunds and edits; neither carries a date.
 */
export const shopifyRest: Layout = {
  name: 'shopify_rest',
  title: 'Shopify orders (REST API)',
  signatures: [
    ['id', 'created_at', 'financial_status', 'total_price'],
    ['id', 'created_at', 'financial_status', 'total_price', 'current_total_price'],
  ],
  fields: {
    order_id: ['id'],
    customer_id: ['customer.id'],
    email: ['email', 'contact_email', 'customer.email'],
    phone: ['phone', 'customer.phone', 'billing_address.phone'],
    order_ts: ['created_at'],
    updated_at: ['updated_at'],
    total: ['total_price'],
    currency: ['currency'],
    status: ['financial_status'],
    cancelled_at: ['cancelled_at'],
    discount: ['total_discounts'],
    channel: ['source_name'],
    country: ['billing_address.country_code', 'shipping_address.country_code'],
    first_name: ['customer.first_name', 'billing_address.first_name'],
    last_name: ['customer.last_name', 'billing_address.last_name'],
    accepts_marketing: ['buyer_accepts_marketing'],
  },
  totalAfterRefunds: { headers: ['current_total_price'], zero: 'refunded' },
  refundColumn: 'current_total_price',
  required: [['order_id'], ['order_ts'], ['total'], ['email', 'phone', 'customer_id']],
  advice: { email: 'Ask for whole orders: with the parameter fields, add email and customer.' },
  grain: 'order',
  amount: 'total',
  clock: 'shop',
  statuses: shopify.statuses,
  conditions: [{ headers: ['test'], statuses: { true: 'test' } }],
  negativeIsCreditNote: false,
  integerText: [],
};
