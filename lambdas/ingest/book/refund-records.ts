import { absent } from '../records/byte-pool.ts';
import type { OrderColumns } from './order-columns.ts';
import { noAmount } from './row.ts';

/** A record with a negative total under the number of an order that has a positive one. */
interface RefundRecord {
  readonly recordNo: number;
  readonly orderedAt: bigint;
  readonly total: bigint;
  /** `absent` where the record states none. */
  readonly currency: number;
  readonly refundedOn: number;
}

/** Refunds that stand in records of their own, under the number of the order that they are refunds of. */
export interface RefundRecords {
  /** Notes a refund; false where the same one, of the same time and amount, was noted before. */
  add(order: number, refund: RefundRecord): boolean;
  /**
   * Takes the refunds off their orders, whose records they become.
   * @param defaultCurrency currency of records that state none
   * @param onForeign told the records of refunds in another currency than their order's, which are taken off nothing
   */
  settle(columns: OrderColumns, defaultCurrency: number, onForeign: (recordNo: number) => void): void;
  /** Every refund noted, with its order. */
  all(): Iterable<readonly [order: number, recordNo: number]>;
}

/** No refunds yet. */
export function createRefundRecords(): RefundRecords {
  const byOrder = new Map<number, RefundRecord[]>();
  const known = new Set<string>();
  return {
    add(order, { recordNo, orderedAt, total, currency, refundedOn }) {
      const { size } = known;
      if (known.add(`${order} ${orderedAt} ${total} ${currency}`).size === size) return false;
      const refunds = byOrder.get(order) ?? [];
      refunds.push({ recordNo, orderedAt, total, currency, refundedOn });
      byOrder.set(order, refunds);
      return true;
    },
    settle(columns, defaultCurrency, onForeign) {
      const currencyOf = (stated: number): number => (stated === absent ? defaultCurrency : stated);
      for (const [order, refunds] of byOrder) {
        if (columns.rows[order] === 0) continue;
        const currency = currencyOf(columns.currency[order]!);
        for (const refund of refunds) {
          if (currencyOf(refund.currency) !== currency) {
            onForeign(refund.recordNo);
            continue;
          }
          const stated = columns.refunded[order]!;
          columns.refunded[order] = (stated === noAmount ? 0n : stated) - refund.total;
          columns.refundedOn[order] = Math.max(columns.refundedOn[order]!, refund.refundedOn);
          columns.rows[order]!++;
        }
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
