import { noAmount, type Row } from '../book/row.ts';
import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { seenSymbol } from '../values/amount.ts';
import type { AmountProblem, MoneyReader } from './special-amounts.ts';

/** An amount and the currencies that the sign beside it can stand for; null where there is none. */
interface Written {
  readonly value: bigint | RejectReason;
  readonly signs: ReadonlySet<string> | null;
}

const divided = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);

/**
 * Creates the reader of totals that stand in two currencies: that of the purchase, and the shop's own. The first one counts
 * where its sign or a column names its currency, or where both are the same; otherwise nobody knows what it is in, and the
 * second one counts, with refunds brought over at the rate between the two.
 *
 * @param amount reads an amount and leaves its sign in `seenSymbol`
 * @param money reads an amount that has to agree with the currency of `row`
 */
export function createBaseTotals(
  plan: Plan,
  row: Row,
  { amount, money }: { readonly amount: MoneyReader; readonly money: MoneyReader },
  shopCurrency: string | undefined,
) {
  const { baseTotal } = plan.special;
  const { total: totalColumn = -1, refunded: refundedColumn = -1 } = plan.columns;
  /** The totals of the record that was read last, where the one in the shop's currency counts. */
  let rate: { readonly paid: bigint; readonly base: bigint; readonly paidSigns: Written['signs'] } | null = null;

  const written = (record: RawRecord, column: number): Written => {
    seenSymbol.currencies = null;
    return { value: amount(record, column), signs: seenSymbol.currencies };
  };

  const isNamed = ({ signs }: Written, other: Written): boolean =>
    signs !== null &&
    (signs.size === 1 || (signs !== other.signs && shopCurrency !== undefined && signs.has(shopCurrency)));

  const total = (record: RawRecord): bigint | RejectReason | AmountProblem => {
    rate = null;
    const paid = written(record, totalColumn);
    const base = written(record, baseTotal);
    const isSame = paid.value === base.value && (paid.signs === null || paid.signs === base.signs);
    const isBlank = typeof base.value === 'string' || base.value === noAmount || base.value === 0n;
    if (row.currency !== absent || typeof paid.value === 'string' || isBlank || isSame || isNamed(paid, base)) {
      return money(record, totalColumn);
    }
    const value = money(record, baseTotal);
    if (typeof value === 'string') return { reason: value, column: baseTotal };
    rate = { paid: paid.value, base: value, paidSigns: paid.signs };
    return value;
  };

  /** What was refunded of the total that counts. A refund as large as either total is one in full. */
  const refunded = (record: RawRecord): bigint | RejectReason => {
    if (rate === null) return money(record, refundedColumn);
    const { value, signs } = written(record, refundedColumn);
    if (typeof value === 'string' || value === noAmount || value === 0n) return value;
    const { paid, base, paidSigns } = rate;
    const refund = value < 0n ? -value : value;
    if (refund === paid || refund === base) return base;
    const isInBase = (signs !== null && signs !== paidSigns) || (refund > paid && refund < base);
    if (isInBase) return money(record, refundedColumn);
    return paid > 0n ? divided(refund * base, paid) : 'currency_mismatch';
  };

  return { total, refunded };
}
