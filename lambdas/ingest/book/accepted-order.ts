import type { OrderStatus } from '../../platform/config/ingest.ts';
import { orderStatuses } from '../../platform/config/ingest.ts';
import type { Layout } from '../layouts/layout.ts';
import type { OrderColumns } from './order-columns.ts';
import { noAmount, noDay } from './row.ts';

/** What an order came to, in ten-thousandths of its currency. */
export interface OrderMoney {
  readonly status: OrderStatus;
  readonly gross: bigint;
  readonly refunded: bigint;
  /** gross − refunded. */
  readonly net: bigint;
  readonly discount: bigint;
  /** True when the order counts as a purchase: completed, with something left after refunds. */
  readonly isPurchase: boolean;
}

const stated = (amount: bigint): bigint => (amount === noAmount ? 0n : amount);
const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/**
 * Brings an order's status and amounts together: a credit note is nothing but a refund; an order called refunded without
 * an amount was refunded whole, with a smaller amount in part; one that was cancelled says so.
 */
export function orderMoney(columns: OrderColumns, order: number, layout: Layout): OrderMoney {
  const total = columns.total[order]!;
  const discount = stated(columns.discount[order]!);
  const given = orderStatuses[columns.status[order]!]!;
  let refunded = stated(columns.refunded[order]!);

  const isSettled = given === 'completed' || given === 'refunded';
  if (given === 'credit_note' || (layout.negativeIsCreditNote && total < 0n && isSettled)) {
    refunded = total === 0n ? refunded : magnitude(total);
    return { status: 'credit_note', gross: 0n, refunded, net: -refunded, discount, isPurchase: false };
  }
  let status = given;
  if (columns.cancelledOn[order] !== noDay && (given === 'completed' || given === 'pending')) status = 'cancelled';
  if (status === 'refunded' && refunded === 0n) refunded = total;
  else if (status === 'refunded' && refunded < total) status = 'completed';
  else if (status === 'completed' && refunded > 0n && refunded >= total) status = 'refunded';
  const net = total - refunded;
  return { status, gross: total, refunded, net, discount, isPurchase: status === 'completed' && net > 0n };
}

/** Ten-thousandths as decimal text, with at least two decimals: 12.50, -0.0005. */
export function decimalText(amount: bigint): string {
  const digits = magnitude(amount).toString().padStart(5, '0');
  const decimals = digits.slice(-4).replace(/0{1,2}$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${decimals}`;
}

/** UTC microseconds as ISO 8601 text; fractions of a second only where there are any. */
export function instantText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = micros % 1_000_000n;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return fraction === 0n ? `${text}Z` : `${text}.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}Z`;
}
