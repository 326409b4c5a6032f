import type { Layout } from './layout.ts';

/**
 * Amazon's fulfilled shipments report, and its order report of the same columns: one row per article. Prices are those
 * of the row, not of one piece; discounts are written as negative numbers. The buyer's address is Amazon's alias for
 * the buyer. Downloaded in Seller Central its headers are titles (`Merchant SKU`, in Europe `Delivery Price`), by the API
 * names with hyphens. Shipments of orders from elsewhere (multi-channel fulfilment) stand in it without prices.
 */
export const amazon: Layout = {
  name: 'amazon',
  title: 'Amazon fulfilled shipments',
  signatures: [
    ['amazon-order-id', 'purchase-date', 'item-price', 'quantity-shipped'],
    ['amazon-order-id', 'shipment-id', 'purchase-date', 'item-price'],
    ['amazon-order-id', 'shipment-item-id', 'purchase-date', 'payments-date'],
    ['order-id', 'order-item-id', 'purchase-date', 'item-price', 'quantity-purchased'],
  ],
  fields: {
    order_id: ['amazon-order-id', 'order-id'],
    email: ['buyer-email'],
    phone: ['buyer-phone-number'],
    order_ts: ['purchase-date'],
    currency: ['currency'],
    sku: ['sku', 'merchant-sku'],
    product: ['product-name', 'title'],
    quantity: ['quantity-shipped', 'quantity-purchased', 'shipped-quantity', 'dispatched-quantity'],
    channel: ['sales-channel'],
    country: ['ship-country', 'shipping-country-code', 'delivery-country-code', 'ship-country-code'],
  },
  parts: {
    add: [
      ['item-price'],
      ['item-tax'],
      ['shipping-price', 'delivery-price'],
      ['shipping-tax', 'delivery-tax'],
      ['gift-wrap-price', 'gift-wrapping-price'],
      ['gift-wrap-tax', 'gift-wrapping-tax'],
    ],
    subtract: [
      ['item-promotion-discount', 'item-promo-discount'],
      ['ship-promotion-discount', 'shipment-promo-discount', 'shipment-promotion-discount'],
    ],
  },
  noSales: [
    { headers: ['sales-channel'], begins: ['non-amazon'] },
    { headers: ['amazon-order-id', 'order-id'], begins: ['s0'] },
  ],
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
