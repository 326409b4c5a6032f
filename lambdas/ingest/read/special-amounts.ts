import { noAmount, noDay, noTime, type Pools, type Row } from '../book/row.ts';
import type { SpecialColumns } from '../plan/special.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { parseAmount } from '../values/amount.ts';
import { currencyCodes } from '../values/currencies.ts';
import { cleanText } from '../values/field.ts';
import type { Zone } from '../values/zone.ts';
import { hasField, textRef } from './texts.ts';

/** Reads an amount of money from a column: `noAmount` where it is blank, or why it is none. */
export type MoneyReader = (record: RawRecord, column: number) => bigint | RejectReason;

/** An amount that is none, and the column that is to blame. */
export interface AmountProblem {
  readonly reason: RejectReason;
  readonly column: number;
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** The total of a record from the columns that make it together; `noAmount` where the first of them is blank. */
export function sumOfParts(
  record: RawRecord,
  { add, subtract }: NonNullable<SpecialColumns['parts']>,
  money: MoneyReader,
): bigint | AmountProblem {
  let sum = 0n;
  for (const column of [...add, ...subtract]) {
    const amount = money(record, column);
    if (typeof amount === 'string') return { reason: amount, column };
    if (amount === noAmount && column === add[0]) return noAmount;
    if (amount === noAmount) continue;
    sum += add.includes(column) ? amount : -magnitude(amount);
  }
  return sum;
}

/** What was refunded, from the total before and after. */
function refundedBetween(total: bigint, after: bigint, zeroIsRefunded: boolean): bigint {
  if (total === noAmount || after === noAmount || after > total) return 0n;
  return after === 0n && !zeroIsRefunded ? 0n : total - after;
}

const listedAmount = /(?:^|;)\s*amount:\s*([^|;]*)/gi;
const listedDate = /\|\s*date:\s*(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})/gi;

/** Refunds written as a list: their sum, and UTC seconds of the latest (null where none is dated); null where there are none. */
function listedRefunds(text: string): { readonly sum: bigint; readonly latest: number | null } | RejectReason | null {
  if (text === '') return null;
  let sum = 0n;
  let count = 0;
  for (const [, written = ''] of text.matchAll(listedAmount)) {
    const bytes = Buffer.from(written.trim());
    const amount = parseAmount(bytes, 0, bytes.length, '.', currencyCodes);
    if (typeof amount === 'string') return amount;
    sum += magnitude(amount);
    count++;
  }
  if (count === 0) return 'bad_amount';
  const times = [...text.matchAll(listedDate)].map(([, year, month, day, hour, minute, second]) =>
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)),
  );
  return { sum, latest: times.length === 0 ? null : Math.max(...times) / 1000 };
}

/** Creates the reader of what was refunded, where a layout tells it in ways of its own. */
export function createRefundReader(
  { plan, zeroIsRefunded }: Pick<Survey, 'plan' | 'zeroIsRefunded'>,
  { words }: Pools,
  zone: Zone,
  money: MoneyReader,
) {
  const { totalAfterRefunds, refundList, refundRecords } = plan.special;
  const isZeroUnclear = plan.layout.totalAfterRefunds?.zero === 'unclear';
  const statusColumn = plan.columns.status ?? -1;

  /** True for a record that is a refund of its order. */
  const isRefund = (record: RawRecord): boolean => {
    if (!refundRecords) return false;
    const word = textRef(record, refundRecords.column, words);
    return word !== absent && refundRecords.words.has(words.text(word).toLowerCase());
  };

  /** Fills in what was refunded and when; a record that is a refund has no total of its own. */
  const readRefunds = (record: RawRecord, row: Row): AmountProblem | null => {
    if (totalAfterRefunds >= 0) {
      const after = money(record, totalAfterRefunds);
      if (typeof after === 'string') return { reason: after, column: totalAfterRefunds };
      const zeroCounts = !isZeroUnclear || (zeroIsRefunded && !hasField(record, statusColumn));
      row.refunded = refundedBetween(row.total, after, zeroCounts);
    }
    if (refundList >= 0) {
      const listed = listedRefunds(cleanText(fieldText(record, refundList)));
      if (typeof listed === 'string') return { reason: listed, column: refundList };
      row.refunded = listed?.sum ?? 0n;
      row.refundedOn = listed?.latest == null ? noDay : zone.dayOf(listed.latest);
    }
    if (refundRecords) {
      const refund = isRefund(record);
      row.refunded = refund ? magnitude(row.total) : 0n;
      row.refundedOn = refund && row.orderedAt !== noTime ? zone.dayOf(Number(row.orderedAt / 1_000_000n)) : noDay;
      if (refund) row.total = 0n;
      if (refund) row.discount = 0n;
    }
    return null;
  };

  return { isRefund, readRefunds };
}
