import { headerKey } from '../layouts/layout.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import type { Plan } from './plan.ts';
import { specialPositions } from './special.ts';

/** True when a record holds nothing but blanks: in a table, that is no record. */
export const isBlank = (record: RawRecord): boolean => {
  for (let f = 0; f < record.fields; f++) {
    for (let i = record.start[f]!; i < record.end[f]!; i++) if (record.bytes[i]! > 32) return false;
  }
  return true;
};

/** True when the fields of a record beyond a position are all empty. */
export const isBlankBeyond = (record: RawRecord, width: number): boolean => {
  for (let f = width; f < record.fields; f++) if (record.end[f]! > record.start[f]!) return false;
  return true;
};

/** Fields that a record cannot do without: up to the last column that has a name or is read. */
export function fewestFields(plan: Plan): number {
  const read = [...Object.values(plan.columns), ...(plan.madeFrom?.columns ?? []), ...specialPositions(plan.special)];
  const named = plan.header.findLastIndex((name) => headerKey(name) !== '');
  return Math.max(named, ...read) + 1;
}

/**
 * Finds how many fields the records of a table have. That is the header's number, unless the header, or all records
 * alike, end with blank columns. A single record with one more blank field than the others is no such case: an unquoted
 * comma further left may have moved its values.
 */
export function createWidthFinder(plan: Plan): { add(record: RawRecord): void; width(): number } {
  const fewest = fewestFields(plan);
  const counts = new Map<number, number>();
  return {
    add(record) {
      if (record.fields < fewest || !isBlankBeyond(record, plan.header.length)) return;
      counts.set(record.fields, (counts.get(record.fields) ?? 0) + 1);
    },
    width() {
      const own = counts.get(plan.header.length) ?? 0;
      const [[most, count] = [0, 0]] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      return count > own ? most : plan.header.length;
    },
  };
}

/** Letters and digits that are the same in every encoding, for headers in a text whose encoding is not proven yet. */
const plainKey = (header: string): string => header.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** True when a record is the header, or the header once more. */
export function isHeader(record: RawRecord, plan: Plan): boolean {
  if (plan.skip === 0) return false;
  const count = Math.max(record.fields, plan.header.length);
  for (let i = 0; i < count; i++) {
    if (plainKey(fieldText(record, i)) !== plainKey(plan.header[i] ?? '')) return false;
  }
  return true;
}

/** True when a field of a record holds a digit. */
export const hasDigit = (record: RawRecord, column: number): boolean => {
  if (column >= record.fields) return false;
  for (let i = record.start[column]!; i < record.end[column]!; i++) {
    if (record.bytes[i]! >= 48 && record.bytes[i]! <= 57) return true;
  }
  return false;
};
