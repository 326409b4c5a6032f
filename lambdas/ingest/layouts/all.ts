import { amazon } from './amazon.ts';
import { etsy } from './etsy.ts';
import { generic } from './generic.ts';
import type { Layout } from './layout.ts';
import { magento } from './magento.ts';
import { onlineRetail } from './online-retail.ts';
import { shopify } from './shopify.ts';
import { shopifyRest } from './shopify-rest.ts';
import { square } from './square.ts';
import { stripe } from './stripe.ts';
import { advancedOrderExport, woocommerce } from './woocommerce.ts';
import { woocommerceRest } from './woocommerce-rest.ts';

/** Every layout that is read, the generic one last. */
export const layouts: readonly Layout[] = [
  shopify,
  shopifyRest,
  woocommerce,
  woocommerceRest,
  advancedOrderExport,
  stripe,
  square,
  magento,
  amazon,
  etsy,
  onlineRetail,
  generic,
];
