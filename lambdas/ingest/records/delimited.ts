import { TooLarge } from '../errors.ts';
import type { RecordHandler, RecordSplitter } from './raw-record.ts';
import { emptyRecord, growRecord } from './raw-record.ts';

/** How a delimited text is written. */
export interface Dialect {
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** Whether a quotation mark inside a quoted field is doubled (RFC 4180) or follows a backslash. */
  readonly quoteEscape: 'doubled' | 'backslash';
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BACKSLASH = 92;
const incomplete = -1;
const broken = -2;

/** Longest record that is read; a quotation mark that is never closed must not take the rest of the file into memory. */
export const maxRecordBytes = 64 << 20;

/**
 * Strict splitter for delimited text in any encoding that keeps ASCII bytes. Records end at LF, CR or CRLF; blank lines
 * are no records. A record whose quoting is broken is handed out with the fault `bad_quoting` for its first line alone,
 * and reading goes on at the next line, so that one stray quotation mark never swallows its neighbours.
 */
export function createDelimitedSplitter(dialect: Dialect, onRecord: RecordHandler): RecordSplitter {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const highestSign = Math.max(delimiter, CR);
  const backslash = dialect.quoteEscape === 'backslash';
  const record = emptyRecord();
  let pending = Buffer.alloc(0);
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let escaped = false;

  /** Position after the closing quotation mark of the field that opens at `from`, or incomplete. */
  const closeQuoted = (buffer: Uint8Array, from: number, final: boolean): number => {
    const length = buffer.length;
    for (let i = from + 1; i < length; i++) {
      const byte = buffer[i];
      if (backslash && byte === BACKSLASH) {
        escaped = true;
        i++;
      } else if (byte === QUOTE) {
        if (i + 1 === length && !final) return incomplete;
        if (backslash || buffer[i + 1] !== QUOTE) return i + 1;
        escaped = true;
        i++;
      }
    }
    return final ? broken : incomplete;
  };

  /** Splits the record at `from`; position after its line end, or incomplete, or broken. */
  const split = (buffer: Uint8Array, from: number, final: boolean): number => {
    const length = buffer.length;
    let i = from;
    let fields = 0;
    escaped = false;
    for (;;) {
      if (fields === record.start.length) growRecord(record);
      if (buffer[i] === QUOTE) {
        const close = closeQuoted(buffer, i, final);
        if (close < 0) return close;
        record.start[fields] = i + 1;
        record.end[fields] = close - 1;
        i = close;
        const next = buffer[i];
        if (i < length && next !== delimiter && next !== LF && next !== CR) return broken;
      } else {
        record.start[fields] = i;
        while (i < length) {
          const byte = buffer[i]!;
          if (byte <= highestSign && (byte === delimiter || byte === LF || byte === CR)) break;
          i++;
        }
        record.end[fields] = i;
      }
      fields++;
      if (i >= length) {
        if (!final) return incomplete;
        record.fields = fields;
        return length;
      }
      if (buffer[i] === delimiter) {
        i++;
        continue;
      }
      record.fields = fields;
      if (buffer[i] === LF) return i + 1;
      if (i + 1 === length && !final) return incomplete;
      return buffer[i + 1] === LF ? i + 2 : i + 1;
    }
  };

  const firstLineEnd = (buffer: Uint8Array, from: number): number => {
    let i = from;
    while (i < buffer.length && buffer[i] !== LF && buffer[i] !== CR) i++;
    return i;
  };

  /** Writes the record's fields without their escapes into bytes of their own. */
  const writeUnescaped = (buffer: Uint8Array, from: number, to: number): void => {
    const clean = new Uint8Array(to - from);
    let out = 0;
    for (let f = 0; f < record.fields; f++) {
      const start = record.start[f]!;
      const end = record.end[f]!;
      const quoted = start > from && buffer[start - 1] === QUOTE;
      record.start[f] = out;
      for (let i = start; i < end; i++) {
        if (quoted && buffer[i] === (backslash ? BACKSLASH : QUOTE) && i + 1 < end) i++;
        clean[out++] = buffer[i]!;
      }
      record.end[f] = out;
    }
    record.bytes = clean;
  };

  const drain = (final: boolean): void => {
    const buffer = waiting.length === 0 ? pending : Buffer.concat([pending, ...waiting]);
    waiting.length = 0;
    waitingBytes = 0;
    let at = 0;
    while (at < buffer.length) {
      let next = split(buffer, at, final);
      if (next === incomplete) break;
      record.bytes = buffer;
      if (next === broken) {
        const end = firstLineEnd(buffer, at);
        record.start[0] = at;
        record.end[0] = end;
        record.fields = 1;
        onRecord(record, 'bad_quoting');
        next = end + 1;
      } else if (record.fields > 1 || record.end[0]! > record.start[0]!) {
        if (escaped) writeUnescaped(buffer, at, next);
        onRecord(record, null);
      }
      at = next;
    }
    pending = buffer.subarray(at);
    if (pending.length > maxRecordBytes) {
      throw new TooLarge(
        `a record is longer than ${maxRecordBytes >> 20} MB`,
        'Look for a quotation mark that opens a field and is never closed.',
      );
    }
  };

  return {
    push(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes >= pending.length) drain(false);
    },
    end: () => drain(true),
  };
}
