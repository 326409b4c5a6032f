import { generic } from './generic.ts';
import type { Layout } from './layout.ts';

/**
 * The order grid of Magento 2 and Adobe Commerce: one row per order, with its total in the currency of the purchase and in
 * that of the shop. `Total Refunded` is in the currency of the purchase. Exports mostly write numbers without a sign.
 */
export const magento: Layout = {
  name: 'magento',
  title: 'Magento orders',
  signatures: [
    ['id', 'purchase date', 'grand total (purchased)', 'status'],
    ['id', 'purchase date', 'grand total (base)', 'status'],
    ['id', 'purchase point', 'purchase date', 'bill-to name'],
  ],
  fields: {
    order_id: ['id'],
    email: ['customer email'],
    phone: ['phone number', 'telephone'],
    order_ts: ['purchase date'],
    total: ['grand total (purchased)', 'grand total (base)'],
    currency: ['order currency', 'currency', 'order currency code'],
    status: ['status'],
    refunded: ['total refunded'],
    channel: ['purchase point'],
  },
  baseTotals: ['grand total (base)'],
  refundColumn: 'Total Refunded',
  required: [['order_id'], ['order_ts'], ['total'], ['email', 'customer_id']],
  advice: { email: 'Add the Customer Email column to the grid (Columns, above the list), then export again.' },
  grain: 'order',
  amount: 'total',
  clock: 'shop',
  statuses: {
    ...generic.statuses,
    'ready for pickup': 'completed',
    'partially shipped': 'completed',
    dispatched: 'completed',
    closed: 'refunded',
    pending_paypal: 'pending',
    'pending paypal': 'pending',
    payment_review: 'pending',
    'payment review': 'pending',
    holded: 'pending',
    fraud: 'pending',
    'suspected fraud': 'pending',
    paypal_canceled_reversal: 'cancelled',
    'paypal canceled reversal': 'cancelled',
    paypal_reversed: 'refunded',
    'paypal reversed': 'refunded',
  },
  negativeIsCreditNote: true,
  integerText: [],
};
