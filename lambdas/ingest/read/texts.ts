import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent, type BytePool, createBytePool } from '../records/byte-pool.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import {
  cleanText,
  hasControl,
  isPlain,
  isSpreadsheetError,
  saysNothing,
  textOf,
  trim,
  trimmed,
  unwrapText,
} from '../values/field.ts';

const mangled = /^[\d.,]+E\+\d+$/i;

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** Ends `trimmed` before the `.0` of a whole number. */
function dropTrailingZero(bytes: Uint8Array): void {
  const point = trimmed.end - 2;
  if (point <= trimmed.start || bytes[point] !== 46 || bytes[point + 1] !== 48) return;
  for (let i = trimmed.start; i < point; i++) if (!isDigit(bytes[i]!)) return;
  trimmed.end = point;
}

/** True when the range in `trimmed` begins with a text. */
export function beginsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[trimmed.start + i] !== prefix[i]) return false;
  return trimmed.end - trimmed.start >= prefix.length;
}

/** Puts the trimmed range of a column into `trimmed`; false where the file has no such column or the field is blank. */
export const hasField = (record: RawRecord, column: number): boolean => {
  if (column < 0) return false;
  trim(record.bytes, record.start[column]!, record.end[column]!);
  return trimmed.start < trimmed.end;
};

/** Number of a column's text, cleaned of what nobody sees; `absent` where it is blank. */
export const textRef = (record: RawRecord, column: number, pool: BytePool): number => {
  if (!hasField(record, column)) return absent;
  const { bytes } = record;
  if (isPlain(bytes, trimmed.start, trimmed.end)) return pool.intern(bytes, trimmed.start, trimmed.end);
  const text = cleanText(textOf(bytes, trimmed.start, trimmed.end));
  return text === '' ? absent : pool.internText(text);
};

/** What spreadsheets make of an identifier: a rounded number, or an error. */
const isMangled = (text: string): boolean => mangled.test(text) || isSpreadsheetError(text);

const longestWordForNothing = 10;

/**
 * Digits, letters and dashes with a digit among them need no second look; everything else is cleaned as text, and may be
 * a word for nothing.
 */
const isSimpleId = (bytes: Uint8Array, start: number, end: number): boolean => {
  let digits = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (isDigit(byte)) digits++;
    else if (!((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 45)) return false;
  }
  return digits > 0 || end - start > longestWordForNothing;
};

/**
 * Number of a column's identifier, which is text and never becomes a number, or why it is none; `absent` where it is
 * blank or a word for nothing.
 * @param integer whether 13085.0 is written for 13085
 */
export const idRef = (record: RawRecord, column: number, pool: BytePool, integer: boolean): number | RejectReason => {
  if (!hasField(record, column)) return absent;
  const { bytes } = record;
  if (integer) dropTrailingZero(bytes);
  if (isSimpleId(bytes, trimmed.start, trimmed.end)) return pool.intern(bytes, trimmed.start, trimmed.end);
  const text = unwrapText(cleanText(textOf(bytes, trimmed.start, trimmed.end)));
  if (text === '' || saysNothing(text)) return absent;
  if (isMangled(text)) return 'mangled_id';
  return hasControl(text) ? 'bad_id' : pool.internText(text);
};

const besideAddress = new Uint8Array(128);
for (const byte of Buffer.from('"\'<>:;,')) besideAddress[byte] = 1;

/** The address alone of what people and programs write around one: `mailto:`, a name and brackets, a sign at the end. */
const bareAddress = (text: string): string =>
  text
    .replace(/^[^<>]*<([^<>\s]+)>$/, '$1')
    .replace(/^(?:mailto:|')/i, '')
    .replace(/[.,;]+$/, '');

/** Number of a column's e-mail address, or why it is none; `absent` where it is blank. */
export const emailRef = (record: RawRecord, column: number, pool: BytePool): number | RejectReason => {
  if (!hasField(record, column)) return absent;
  const { bytes } = record;
  let isBare = bytes[trimmed.end - 1] !== 46;
  for (let i = trimmed.start; i < trimmed.end && isBare; i++) {
    const byte = bytes[i]!;
    isBare = byte > 32 && byte < 127 && besideAddress[byte] === 0;
  }
  if (isBare) return pool.intern(bytes, trimmed.start, trimmed.end);
  const text = bareAddress(cleanText(textOf(bytes, trimmed.start, trimmed.end)));
  if (hasControl(text)) return 'bad_id';
  return text === '' ? absent : pool.internText(text);
};

/** Number of a column's phone number; `absent` where it is blank or was turned into a rounded number. */
export const phoneRef = (record: RawRecord, column: number, pool: BytePool): number => {
  const ref = idRef(record, column, pool, false);
  return typeof ref === 'string' ? absent : ref;
};

/** Why a made order number cannot be made, and the column that is to blame. */
export interface MadeIdProblem {
  readonly reason: RejectReason;
  readonly column: number;
}

/** Makes order numbers out of several columns: `a|b` for lines of one order, `a|b|1`, `a|b|2` where each is its own. */
export function createMadeIds(
  { columns, repeats }: NonNullable<Plan['madeFrom']>,
  orders: BytePool,
): (record: RawRecord) => number | MadeIdProblem {
  const keys = createBytePool();
  const occurrences = new Map<number, number>();
  return (record) => {
    const parts: string[] = [];
    for (const column of columns) {
      const part = unwrapText(cleanText(fieldText(record, column)));
      if (part === '' || saysNothing(part)) return { column, reason: 'missing_order_id' };
      if (hasControl(part)) return { column, reason: 'bad_id' };
      if (isMangled(part)) return { column, reason: 'mangled_id' };
      parts.push(part);
    }
    const key = parts.join('|');
    if (repeats === 'lines') return orders.internText(key);
    const ref = keys.internText(key);
    const occurrence = (occurrences.get(ref) ?? 0) + 1;
    occurrences.set(ref, occurrence);
    return orders.internText(`${key}|${occurrence}`);
  };
}
