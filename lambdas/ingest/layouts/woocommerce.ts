import type { ExportField } from '../../platform/config/ingest.ts';
import { generic } from './generic.ts';
import type { Layout } from './layout.ts';

/** WooCommerce's own statuses, as it stores them, as slugs and as labels; shops' further ones in the usual words. */
const statuses: Layout['statuses'] = {
  ...generic.statuses,
  'wc-completed': 'completed',
  'wc-processing': 'completed',
  'wc-partially-refunded': 'completed',
  'partially-refunded': 'completed',
  'wc-refunded': 'refunded',
  'wc-on-hold': 'pending',
  'wc-pending': 'pending',
  'wc-checkout-draft': 'pending',
  'checkout-draft': 'pending',
  'wc-auto-draft': 'pending',
  'auto-draft': 'pending',
  'wc-cancelled': 'cancelled',
  'wc-canceled': 'cancelled',
  trash: 'cancelled',
  'wc-trash': 'cancelled',
  'wc-failed': 'failed',
};

/** Columns that, beside the amount and the buyer's address, only WooCommerce's exports have. */
const marks = [
  'billing_first_name',
  'billing_address_1',
  'billing_postcode',
  'order_currency',
  'order_key',
  'customer_user',
  'payment_method_title',
  'wt_import_key',
];

const ownFields: Layout['fields'] = {
  order_id: ['order_id', 'order_number', 'order_number_formatted'],
  customer_id: ['customer_id', 'customer_user', 'user_id'],
  email: ['billing_email', 'customer_email', 'email'],
  phone: ['billing_phone', 'shipping_phone', 'phone'],
  order_ts: ['order_date', 'date', 'date_created', 'order_date_gmt', 'paid_date'],
  updated_at: ['modified_date', 'date_modified'],
  total: ['order_total'],
  currency: ['order_currency', 'currency'],
  status: ['status', 'order_status'],
  refunded: ['refunded_total', 'total_refunded', 'order_refund', 'refund_total'],
  discount: ['discount_total', 'order_discount', 'cart_discount'],
  sku: ['item_sku', 'sku', 'product_sku'],
  product: ['item_name', 'product_name'],
  quantity: ['item_quantity', 'quantity', 'qty'],
  channel: ['created_via', 'meta:_wc_order_attribution_source_type'],
  country: ['billing_country', 'shipping_country'],
  first_name: ['billing_first_name'],
  last_name: ['billing_last_name'],
};

/** Fields by their own headers first, then by the usual ones; the amount by its own alone. */
const withUsual = (fields: Layout['fields']): Layout['fields'] =>
  Object.fromEntries(
    Object.entries(fields).map(([field, names]) => [
      field,
      field === 'total' ? names : [...names, ...(generic.fields[field as ExportField] ?? [])],
    ]),
  );

/**
 * Orders of WooCommerce as WebToffee's Order Export and the extension Customer/Order CSV Export write them: one row per
 * order, articles in columns or on rows of their own. `order_total` is before refunds; WebToffee lists those in
 * `refund_items`, the extension sums them in `refunded_total`.
 */
export const woocommerce: Layout = {
  name: 'woocommerce',
  title: 'WooCommerce orders (WebToffee, Customer/Order CSV Export)',
  signatures: ['order_id', 'order_number'].flatMap((id) => marks.map((mark) => [id, 'order_total', mark])),
  fields: { ...generic.fields, ...withUsual(ownFields) },
  refundList: ['refund_items'],
  refundColumn: 'refund_items or refunded_total',
  required: [['order_id'], ['order_ts'], ['total'], ['customer_id', 'email', 'phone']],
  advice: { email: 'Include the column billing_email in the export.' },
  grain: 'by_columns',
  amount: 'total',
  clock: 'shop',
  decimal: '.',
  statuses,
  negativeIsCreditNote: true,
  integerText: [],
};

/** Headings that, beside order number and total, only this plugin writes. */
const labels = [
  'email (billing)',
  'first name (billing)',
  'phone (billing)',
  'customer user id',
  'customer user email',
  'order refund amount',
  'order total tax amount',
  'order subtotal amount',
];

/**
 * Orders as Advanced Order Export (AlgolPlus) writes them with its usual headings: one row per article, the order's own
 * columns on all of its rows or on the first alone.
 */
export const advancedOrderExport: Layout = {
  name: 'woocommerce_advanced',
  title: 'WooCommerce orders (Advanced Order Export)',
  signatures: ['order number', 'order id'].flatMap((id) =>
    ['order total amount', 'order total amount (- refund)'].flatMap((total) =>
      labels.map((label) => [id, total, label]),
    ),
  ),
  fields: {
    order_id: ['order number', 'order id'],
    customer_id: ['customer user id', 'customer id', 'user id'],
    email: ['email (billing)', 'customer user email', 'customer email', 'billing email', 'email'],
    phone: ['phone (billing)', 'phone (shipping)', 'phone'],
    order_ts: ['order date', 'order date (gmt)', 'paid date'],
    updated_at: ['modification date', 'modified date'],
    total: ['order total amount', 'order total amount (- refund)'],
    currency: ['currency', 'order currency'],
    status: ['order status', 'status'],
    refunded: ['order refund amount', 'refund amount'],
    discount: ['cart discount amount', 'order discount amount'],
    sku: ['sku', 'product sku'],
    product: ['item name', 'product name', 'name'],
    category: ['category', 'product categories'],
    quantity: ['quantity', 'quantity (- refund)'],
    unit_price: ['item cost', 'item price', 'product current price'],
    country: ['country code (billing)', 'country name (billing)', 'country (billing)'],
    first_name: ['first name (billing)'],
    last_name: ['last name (billing)'],
  },
  netTotals: ['order total amount (- refund)'],
  refundColumn: 'Order Refund Amount',
  blankContinues: true,
  required: [['order_id'], ['order_ts'], ['total'], ['customer_id', 'email', 'phone']],
  advice: { email: 'Add the field Email (Billing) under "Set up fields to export".' },
  grain: 'by_columns',
  amount: 'total',
  clock: 'shop',
  statuses: {
    ...statuses,
    'checkout draft': 'pending',
  },
  negativeIsCreditNote: true,
  integerText: [],
};
