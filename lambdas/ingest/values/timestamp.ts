import type { RejectReason } from '../reasons.ts';
import { textOf } from './field.ts';
import { parsedTime, readEpoch, readIso, readYearLast, yearLastOrder } from './plain-time.ts';
import { type DateOrder, type OrderEvidence, readWrittenTime, writtenOrder } from './written-time.ts';

const longestTime = 96;

/**
 * Reads a time into `parsedTime`, or says why it is none: the usual forms from their bytes, all others as
 * `readWrittenTime` has them. A date alone is its midnight. Times that do not exist are `impossible_time`, never the next
 * day.
 */
export function parseTime(bytes: Uint8Array, start: number, end: number, order: DateOrder | null): RejectReason | null {
  if (readIso(bytes, start, end) || readYearLast(bytes, start, end, order) || readEpoch(bytes, start, end)) return null;
  if (end - start > longestTime) return 'bad_time';
  const written = readWrittenTime(textOf(bytes, start, end), order);
  if (typeof written === 'string') return written;
  parsedTime.seconds = written.seconds;
  parsedTime.micros = written.micros;
  parsedTime.offset = written.offset;
  return null;
}

/** What one time says about the order of day and month, as `writtenOrder` has it. */
export function orderEvidence(bytes: Uint8Array, start: number, end: number, isYearLast = false): OrderEvidence {
  if (end - start > longestTime || end - start < 6 || (bytes[start + 4] === 45 && bytes[start + 7] === 45))
    return 'none';
  const plain = yearLastOrder(bytes, start, end);
  return plain ?? writtenOrder(textOf(bytes, start, end), isYearLast);
}
