import { generic } from './generic.ts';
import type { Layout, RefusedLayout } from './layout.ts';
import { onlineRetail } from './online-retail.ts';
import { shopify } from './shopify.ts';

/** Every layout that is read, the generic one last. */
export const layouts: readonly Layout[] = [shopify, onlineRetail, generic];

/** Exports that are known and cannot be used. */
export const refusedLayouts: readonly RefusedLayout[] = [
  {
    title: 'WooCommerce Analytics orders',
    signature: ['n. revenue (formatted)', 'customer type', 'product(s)', 'coupon(s)'],
    why: 'it names customers without e-mail address or number',
    next: 'Export with WebToffee or Advanced Order Export, which include the billing e-mail.',
  },
  {
    title: 'WooCommerce Analytics orders',
    signature: ['order #', 'customer type', 'product(s)', 'items sold', 'net sales'],
    why: 'it names customers without e-mail address or number',
    next: 'Export with WebToffee or Advanced Order Export, which include the billing e-mail.',
  },
  {
    title: 'Amazon All Orders report',
    signature: ['amazon-order-id', 'order-status', 'fulfillment-channel', 'sales-channel', 'is-business-order'],
    why: 'it does not say who bought',
    next: 'Use the Amazon fulfilled shipments report, which includes the buyer.',
  },
];
