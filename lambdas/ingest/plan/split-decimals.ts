import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { wholeCurrencies } from '../values/currencies.ts';
import type { Plan } from './plan.ts';
import { hasDigit } from './record-shape.ts';

/** Records from which on whole amounts beside a column of two digits are no chance. */
const fewestRecords = 3;

/**
 * Finds amounts that were cut in two because their decimal comma is also the sign between the columns: `12,50` without
 * quotation marks reads as 12, and 50 in the next column. It leaves nothing but whole amounts, each beside two digits.
 */
export function createSplitDecimals(plan: Plan): { add(record: RawRecord): void; example(): string | null } {
  const column = plan.columns.total ?? plan.columns.unit_price ?? -1;
  const next = column + 1;
  const time = plan.columns.order_ts ?? -1;
  const currency = plan.columns.currency ?? -1;
  let possible =
    plan.format.kind === 'delimited' &&
    plan.format.delimiter === ',' &&
    column >= 0 &&
    next < plan.header.length &&
    !Object.values(plan.columns).includes(next);
  let cut = 0;
  let longer = 0;
  let first = '';
  return {
    add(record) {
      if (!possible || record.fields <= next || !hasDigit(record, time)) return;
      const whole = fieldText(record, column).trim();
      const rest = fieldText(record, next).trim();
      if (!/^-?\d+$/.test(whole) || !/^\d\d$/.test(rest)) possible = false;
      else if (currency >= 0 && wholeCurrencies.has(fieldText(record, currency).trim().toUpperCase())) possible = false;
      cut++;
      if (record.fields > plan.header.length) longer++;
      if (first === '') first = `${whole},${rest}`;
    },
    example: () => (possible && (cut >= fewestRecords || (cut > 0 && longer === cut)) ? first : null),
  };
}
