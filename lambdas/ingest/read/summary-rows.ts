import type { RawRecord } from '../records/raw-record.ts';
import { trimmed } from '../values/field.ts';
import { isFooter, isSummaryWord } from '../values/summary-words.ts';
import { hasField } from './texts.ts';

/** First column from `from` on that is not blank, its range in `trimmed`; the number of fields where there is none. */
function nextColumn(record: RawRecord, from: number): number {
  let column = from;
  while (column < record.fields && !hasField(record, column)) column++;
  return column;
}

/** The only column of a record that is not blank, where it holds what programs write below a table; else -1. */
export function footerColumnOf(record: RawRecord): number {
  const first = nextColumn(record, 0);
  const { start, end } = trimmed;
  if (first === record.fields || nextColumn(record, first + 1) < record.fields) return -1;
  return isFooter(record.bytes, start, end) ? first : -1;
}

/**
 * The column because of which a record that cannot be read is no order: its first cell holds a summary word and no order
 * number is given, or its only cell is a footer. -1 where it was meant as an order.
 */
export function summaryColumn(record: RawRecord, orderColumn: number): number {
  const first = nextColumn(record, 0);
  if (first === record.fields) return -1;
  const isWord = isSummaryWord(record.bytes, trimmed.start, trimmed.end);
  const hasNumber = orderColumn < record.fields && first !== orderColumn && hasField(record, orderColumn);
  return isWord && !hasNumber ? first : footerColumnOf(record);
}
