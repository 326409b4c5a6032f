import type { Layout } from './layout.ts';

/**
 * Amazon's fulfilled shipments report, and its order report of the same columns: one row per article. Prices are those
 * of the row, not of one piece; discounts are written as negative numbers. The buyer's address is Amazon's alias for
 * the buyer.
 */
export const amazon: Layout = {
  name: 'amazon',
  title: 'Amazon fulfilled shipments',
  signatures: [
    ['amazon-order-id', 'purchase-date', 'item-price', 'quantity-shipped'],
    ['amazon-order-id', 'shipment-id', 'purchase-date', 'item-price'],
    ['order-id', 'order-item-id', 'purchase-date', 'item-price', 'quantity-purchased'],
  ],
  fields: {
    order_id: ['amazon-order-id', 'order-id'],
    email: ['buyer-email'],
    phone: ['buyer-phone-number'],
    order_ts: ['purchase-date'],
    currency: ['currency'],
    sku: ['sku'],
    product: ['product-name'],
    quantity: ['quantity-shipped', 'quantity-purchased'],
    channel: ['sales-channel'],
    country: ['ship-country'],
  },
  parts: {
    add: ['item-price', 'item-tax', 'shipping-price', 'shipping-tax', 'gift-wrap-price', 'gift-wrap-tax'],
    subtract: ['item-promotion-discount', 'ship-promotion-discount'],
  },
  required: [['order_id'], ['order_ts'], ['total'], ['email', 'customer_id']],
  advice: { email: 'Use the Amazon fulfilled shipments report, which has the column buyer-email.' },
  grain: 'line',
  amount: 'sum',
  equalIsRepeat: true,
  clock: 'utc',
  statuses: {},
  negativeIsCreditNote: true,
  integerText: [],
};
