import type { OrderColumns } from './order-columns.ts';
import { noAmount } from './row.ts';

/** A record with a negative total under the number of an order that has a positive one. */
interface RefundRecord {
  readonly recordNo: number;
  readonly orderedAt: bigint;
  readonly total: bigint;
  readonly refundedOn: number;
}

/** Refunds that stand in records of their own, under the number of the order that they are refunds of. */
export interface RefundRecords {
  /** Notes a refund; false where the same one, of the same time and amount, was noted before. */
  add(order: number, refund: RefundRecord): boolean;
  /** Takes the refunds off their orders, whose records they become. */
  settle(columns: OrderColumns): void;
  /** Every refund noted, with its order. */
  all(): Iterable<readonly [order: number, recordNo: number]>;
}

/** No refunds yet. */
export function createRefundRecords(): RefundRecords {
  const byOrder = new Map<number, RefundRecord[]>();
  return {
    add(order, { recordNo, orderedAt, total, refundedOn }) {
      const known = byOrder.get(order) ?? [];
      if (known.some((refund) => refund.orderedAt === orderedAt && refund.total === total)) return false;
      byOrder.set(order, [...known, { recordNo, orderedAt, total, refundedOn }]);
      return true;
    },
    settle(columns) {
      for (const [order, refunds] of byOrder) {
        if (columns.rows[order] === 0) continue;
        const stated = columns.refunded[order]!;
        const sum = refunds.reduce((total, refund) => total - refund.total, 0n);
        columns.refunded[order] = (stated === noAmount ? 0n : stated) + sum;
        columns.refundedOn[order] = Math.max(columns.refundedOn[order]!, ...refunds.map((refund) => refund.refundedOn));
        columns.rows[order]! += refunds.length;
      }
    },
    *all() {
      for (const [order, refunds] of byOrder) for (const { recordNo } of refunds) yield [order, recordNo] as const;
    },
  };
}

/** True when two totals of one order number are of a sale and of its refund. */
export const areSaleAndRefund = (a: bigint, b: bigint): boolean =>
  a !== noAmount && b !== noAmount && ((a > 0n && b < 0n) || (a < 0n && b > 0n));
