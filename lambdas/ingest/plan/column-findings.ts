import type { RawRecord } from '../records/raw-record.ts';
import { fieldText } from '../records/raw-record.ts';
import { parseAmount } from '../values/amount.ts';
import { currencyCodes } from '../values/currencies.ts';
import { saysNothing, trim, trimmed } from '../values/field.ts';
import type { Plan } from './plan.ts';

/** True where two texts are the same amount, whichever sign parts their decimals. */
function isSameAmount(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return (['.', ','] as const).some((sign) => {
    const amount = parseAmount(one, 0, one.length, sign, currencyCodes);
    return typeof amount === 'bigint' && amount === parseAmount(other, 0, other.length, sign, currencyCodes);
  });
}

/** Compares the total of each record with what the other columns that could be it state. */
export function createTotalsComparison({ columns, special, header }: Plan) {
  const total = columns.total ?? -1;
  const differing = new Set<number>();
  return {
    add(record: RawRecord): void {
      for (const column of special.otherTotals) {
        if (differing.has(column)) continue;
        const stated = fieldText(record, total).trim();
        const other = fieldText(record, column).trim();
        if (stated === '' || other === '' || saysNothing(other) || isSameAmount(stated, other)) continue;
        differing.add(column);
      }
    },
    /** Headers of those that differ in some record. */
    differing: (): string[] => special.otherTotals.filter((at) => differing.has(at)).map((at) => header[at]!),
  };
}

/** Finds numbers of orders and customers that a program turned into decimals: each of the column is written like 1001.0. */
export function createFloatFinder({ columns, layout, header }: Plan) {
  const fields = (['order_id', 'customer_id'] as const).filter((field) => !layout.integerText.includes(field));
  const suspects = new Set(fields.map((field) => columns[field] ?? -1).filter((at) => at >= 0));
  const seen = new Set<number>();
  return {
    add(record: RawRecord): void {
      for (const column of suspects) {
        trim(record.bytes, record.start[column]!, record.end[column]!);
        const { start, end } = trimmed;
        if (start === end) continue;
        if (/^\d+\.0$/.test(fieldText(record, column).trim())) seen.add(column);
        else if (!saysNothing(fieldText(record, column).trim())) suspects.delete(column);
      }
    },
    columns: (): string[] => [...suspects].filter((at) => seen.has(at)).map((at) => header[at]!),
  };
}
