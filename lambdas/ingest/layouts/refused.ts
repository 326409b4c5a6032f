import type { RefusedLayout } from './layout.ts';

const fulfilledShipments = 'Use the Amazon fulfilled shipments report, which includes the buyer.';
const etsyOrders = 'Download the CSV type Orders instead: Shop Manager > Settings > Options > Download Data.';
const payments = 'Export Payments instead, with all columns: each payment with its customer and what was refunded.';
const shopifyOrders = 'Export Orders instead: Orders > Export > All orders, as plain CSV file.';
const squareTransactions = 'Export Transactions instead: Transactions > Export > Transactions CSV.';
const wooCommerceOrders = 'Export orders with WebToffee or Advanced Order Export.';

/** Exports that are known and cannot be used, with what to export instead. */
export const refusedLayouts: readonly RefusedLayout[] = [
  {
    title: 'WooCommerce Analytics orders',
    signatures: [
      ['n. revenue (formatted)', 'customer type', 'product(s)', 'coupon(s)'],
      ['order #', 'customer type', 'product(s)', 'items sold', 'net sales'],
      ['kundentyp', 'produkt(e)', 'gutschein(e)'],
      ['type de client', 'produit(s)'],
      ['tipo de cliente', 'producto(s)'],
      ['tipo de cliente', 'produto(s)'],
      ['tipo di cliente', 'prodotto/i'],
      ['tipo di cliente', 'prodotti', 'articoli venduti'],
      ['klanttype', 'product(en)'],
      ['kundtyp', 'produkt(er)'],
      ['typ klienta', 'produkt(y)'],
      ['vásárló típusa', 'termék(ek)'],
    ],
    lacks: 'customers',
    why: 'it names customers without e-mail address or number',
    next: 'Export with WebToffee or Advanced Order Export, which include the billing e-mail.',
  },
  {
    title: 'Amazon All Orders',
    signatures: [
      ['amazon-order-id', 'order-status', 'fulfillment-channel', 'sales-channel', 'is-business-order'],
      ['amazon-order-id', 'last-updated-date', 'order-status', 'fulfillment-channel', 'item-status'],
    ],
    lacks: 'customers',
    why: 'it does not say who bought',
    next: fulfilledShipments,
  },
  {
    title: 'Amazon payments',
    signatures: [
      ['date/time', 'settlement id', 'type', 'order id', 'product sales', 'selling fees'],
      ['settlement-id', 'transaction-type', 'order-id', 'amount-type'],
    ],
    lacks: 'customers',
    why: 'it tells what Amazon paid out, not who bought',
    next: fulfilledShipments,
  },
  {
    title: 'Amazon customer returns',
    signatures: [
      ['return-date', 'order-id', 'license-plate-number'],
      ['return-date', 'order-id', 'detailed-disposition'],
    ],
    lacks: 'orders',
    why: 'it tells of articles that came back, without amounts',
    next: fulfilledShipments,
  },
  {
    title: 'Shopify customers',
    signatures: [
      ['first name', 'last name', 'email', 'total spent', 'total orders'],
      ['first name', 'last name', 'email', 'total spent', 'orders count'],
    ],
    lacks: 'orders',
    why: 'it holds one row per customer and no orders',
    next: shopifyOrders,
  },
  {
    title: 'Shopify products',
    signatures: [
      ['handle', 'title', 'vendor', 'option1 name'],
      ['handle', 'title', 'variant sku'],
      ['handle', 'title', 'option1 name', 'hs code'],
      ['url handle', 'title', 'vendor', 'sku', 'option1 name'],
    ],
    lacks: 'orders',
    why: 'it holds articles and no orders',
    next: shopifyOrders,
  },
  {
    title: 'Shopify transactions',
    signatures: [
      ['order', 'kind', 'gateway', 'created at', 'status', 'amount', 'card type'],
      ['transaction date', 'type', 'order', 'card brand', 'payout status'],
    ],
    lacks: 'customers',
    why: 'it tells of money that moved, not who bought',
    next: shopifyOrders,
  },
  {
    title: 'Stripe balance changes',
    signatures: [
      ['balance_transaction_id', 'reporting_category', 'gross', 'net'],
      ['id', 'type', 'source', 'amount', 'fee', 'net', 'available on (utc)'],
      ['id', 'type', 'amount', 'fee', 'net', 'currency', 'created (utc)'],
      ['category', 'count', 'gross', 'fee', 'net'],
      ['reporting_category', 'currency', 'count', 'gross', 'fee', 'net'],
    ],
    lacks: 'customers',
    why: 'it mixes payments with payouts, fees and transfers, and names no address of the customers',
    next: payments,
  },
  {
    title: 'Stripe payouts',
    signatures: [
      ['id', 'amount', 'arrival date (utc)'],
      ['id', 'amount', 'created (utc)', 'destination name', 'trace id'],
    ],
    lacks: 'orders',
    why: 'it tells what Stripe paid out to the shop',
    next: payments,
  },
  {
    title: 'Stripe customers',
    signatures: [['id', 'email', 'created (utc)', 'total spend', 'payment count']],
    lacks: 'orders',
    why: 'it holds one row per customer and no payments',
    next: payments,
  },
  {
    title: 'Stripe subscriptions',
    signatures: [['id', 'customer id', 'status', 'current period start (utc)', 'current period end (utc)']],
    lacks: 'orders',
    why: 'it holds subscriptions and not what was paid for them',
    next: payments,
  },
  {
    title: 'Square item sales',
    signatures: [['date', 'item', 'qty', 'price point name', 'transaction id']],
    lacks: 'orders',
    why: 'it holds articles without tips, and not what was paid in all',
    next: squareTransactions,
  },
  {
    title: 'Square customers',
    signatures: [
      ['square customer id', 'first visit', 'last visit'],
      ['square customer id', 'reference id', 'transaction count'],
    ],
    lacks: 'orders',
    why: 'it holds one row per customer and no payments',
    next: squareTransactions,
  },
  {
    title: 'Magento customers',
    signatures: [['id', 'name', 'email', 'group', 'customer since']],
    lacks: 'orders',
    why: 'it holds one row per customer and no orders',
    next: 'Export the order grid instead: Sales > Orders > Export, with the Customer Email column.',
  },
  {
    title: 'Magento invoices, shipments or credit memos',
    signatures: [
      ['invoice', 'invoice date', 'order #', 'order date'],
      ['invoice date', 'order #', 'bill-to name'],
      ['shipment', 'ship date', 'order #', 'order date'],
      ['ship date', 'order #', 'ship-to name'],
      ['credit memo', 'created', 'order', 'order date', 'refunded'],
      ['created', 'order', 'order date', 'bill-to name', 'refunded'],
    ],
    lacks: 'customers',
    why: 'it does not say who bought',
    next: 'Export the order grid instead: Sales > Orders > Export, with the columns Customer Email and Total Refunded.',
  },
  {
    title: 'Etsy sold order items',
    signatures: [['sale date', 'item name', 'item total', 'transaction id', 'listing id']],
    lacks: 'orders',
    why: 'it holds articles; shipping, tax and discounts of the order are repeated or spread over them, and refunds are missing',
    next: etsyOrders,
  },
  {
    title: 'Etsy statement or payments',
    signatures: [
      ['date', 'type', 'title', 'info', 'currency', 'amount', 'fees & taxes', 'net'],
      ['payment id', 'buyer username', 'order id', 'gross amount', 'net amount'],
    ],
    lacks: 'orders',
    why: 'it tells what Etsy credited and charged',
    next: etsyOrders,
  },
  {
    title: 'Etsy listings',
    signatures: [['title', 'description', 'price', 'currency_code', 'quantity', 'tags', 'materials']],
    lacks: 'orders',
    why: 'it holds articles and no orders',
    next: etsyOrders,
  },
  {
    title: 'WooCommerce products',
    signatures: [['id', 'type', 'sku', 'name', 'published', 'is featured?']],
    lacks: 'orders',
    why: 'it holds articles and no orders',
    next: wooCommerceOrders,
  },
  {
    title: 'WooCommerce customers',
    signatures: [
      ['name', 'username', 'email', 'orders', 'total spend', 'aov'],
      ['user_login', 'user_email', 'user_pass', 'billing_email'],
    ],
    lacks: 'orders',
    why: 'it holds one row per customer and no orders',
    next: wooCommerceOrders,
  },
];
