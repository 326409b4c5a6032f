import type { ExportField } from '../../platform/config/ingest.ts';
import type { RejectReason } from '../reasons.ts';
import type { OrderColumns } from './order-columns.ts';
import { noAmount, noTime } from './row.ts';

/** Bits of an order's `flags`. */
export const orderFlags = {
  /** A record of the order was rejected. */
  tainted: 1,
  /** The order was told differently, and the later record counts. */
  conflicting: 2,
  customerDiffers: 4,
  currencyDiffers: 8,
  totalDiffers: 16,
  refundedDiffers: 32,
  discountDiffers: 64,
  /** Two orders have this number. */
  givenTwice: 128,
} as const;

const differences: readonly (readonly [flag: number, field: ExportField])[] = [
  [orderFlags.givenTwice, 'order_id'],
  [orderFlags.customerDiffers, 'customer_id'],
  [orderFlags.currencyDiffers, 'currency'],
  [orderFlags.totalDiffers, 'total'],
  [orderFlags.refundedDiffers, 'refunded'],
  [orderFlags.discountDiffers, 'discount'],
];

/** Why an order cannot stand, and the field that is to blame; null where that is the one for which a record was rejected. */
export interface OrderDefect {
  readonly reason: RejectReason;
  readonly field: ExportField | null;
}

/** Why an order cannot stand although each of its accepted records could be read; null where it can. */
export function defectOf(columns: OrderColumns, order: number, amount: 'total' | 'lines' | 'sum'): OrderDefect | null {
  const flags = columns.flags[order]!;
  const difference = differences.find(([flag]) => (flags & flag) !== 0);
  if (difference) return { reason: 'order_values_differ', field: difference[1] };
  const isTainted = (flags & orderFlags.tainted) !== 0;
  const hasTotal = columns.total[order] !== noAmount;
  const hasTime = columns.orderedAt[order] !== noTime;
  if (isTainted && (amount !== 'total' || !hasTotal || !hasTime)) return { reason: 'order_incomplete', field: null };
  if (!hasTime) return { reason: 'missing_time', field: 'order_ts' };
  return hasTotal ? null : { reason: 'missing_amount', field: 'total' };
}
