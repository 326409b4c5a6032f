import type { Layout } from './layout.ts';
import { woocommerce } from './woocommerce.ts';

/**
 * Orders as WooCommerce's REST API gives them (`/wp-json/wc/v3/orders`): one object per order. Times in `_gmt` members are
 * UTC without saying so; `total` is before refunds, which stand in `refunds` as negative totals without dates.
 */
export const woocommerceRest: Layout = {
  name: 'woocommerce_rest',
  title: 'WooCommerce orders (REST API)',
  signatures: [
    ['id', 'date_created_gmt', 'customer_id', 'billing.email', 'total'],
    ['id', 'date_created_gmt', 'order_key', 'status', 'total'],
  ],
  fields: {
    order_id: ['id'],
    customer_id: ['customer_id'],
    email: ['billing.email'],
    phone: ['billing.phone'],
    order_ts: ['date_created_gmt'],
    updated_at: ['date_modified_gmt'],
    total: ['total'],
    currency: ['currency'],
    status: ['status'],
    refunded: ['refunds[].total'],
    discount: ['discount_total'],
    channel: ['created_via'],
    country: ['billing.country', 'shipping.country'],
    first_name: ['billing.first_name'],
    last_name: ['billing.last_name'],
  },
  required: [['order_id'], ['order_ts'], ['total'], ['customer_id', 'email', 'phone']],
  advice: { email: 'Ask for whole orders: with the parameter _fields, add billing.' },
  grain: 'order',
  amount: 'total',
  clock: 'utc',
  statuses: woocommerce.statuses,
  negativeIsCreditNote: true,
  integerText: [],
};
