import type { TableRow } from '../../lambdas/lake/table.ts';
import type { orders } from '../../lambdas/lake/tables/curated.ts';

export type CuratedOrder = TableRow<typeof orders>;

/**
 * A completed order as curate leaves it, unless told otherwise.
 * @param on days since 1970-01-01
 * @param amount in ten-thousandths of a euro
 */
export const curatedOrder = (
  customer: string | null,
  on: number,
  amount: bigint,
  given: Partial<CuratedOrder> & { readonly order_id: string },
): CuratedOrder => ({
  source: 'shop',
  ingest_id: 'ingest',
  record_no: 1,
  versions_seen: 1,
  version_seq: 1,
  customer_key: customer,
  ordered_at: BigInt(on) * 86_400_000_000n,
  order_date: on,
  status: 'completed',
  currency: 'EUR',
  gross_amount: amount,
  refunded_amount: 0n,
  net_amount: amount,
  gross_reporting: amount,
  refunded_reporting: 0n,
  discount_reporting: 0n,
  is_sale: true,
  refund_known_on: null,
  void_on: null,
  cancel_known_on: null,
  country: null,
  channel: null,
  line_count: 0,
  ...given,
});
