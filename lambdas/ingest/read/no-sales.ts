import type { Plan } from '../plan/plan.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';

/** Creates what finds the column that says of a record that nothing was sold on the platform; -1 where none does. */
export function createNoSales({ special }: Plan): (record: RawRecord) => number {
  const { noSales } = special;
  return (record) => {
    for (const { column, begins } of noSales) {
      const text = fieldText(record, column).trim().toLowerCase();
      if (begins.some((word) => text.startsWith(word))) return column;
    }
    return -1;
  };
}
