import { TooLarge } from '../errors.ts';
import type { RejectReason } from '../reasons.ts';
import type { RecordHandler, RecordSplitter } from './raw-record.ts';
import { emptyRecord, growRecord } from './raw-record.ts';

/** How a delimited text is written. */
export interface Dialect {
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** Whether a quotation mark inside a quoted field is doubled (RFC 4180) or follows a backslash. */
  readonly quoteEscape: 'doubled' | 'backslash';
}

/** What is known of a text's records before they are split. */
export interface Table {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Fields of a record. */
  readonly width: number;
  /** Records above the first that has this width for certain. */
  readonly skip: number;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const incomplete = -1;
const broken = -2;

/** Longest record that is read; a quotation mark that is never closed must not take the rest of the file into memory. */
export const maxRecordBytes = 32 << 20;

/** Position after the line end that begins at `at`, where there may be none. */
const afterLineEnd = (buffer: Uint8Array, at: number): number =>
  at + (buffer[at] === CR && buffer[at + 1] === LF ? 2 : 1);

/** Position of the first line end at or after `from`, or the length. */
const lineEnd = (buffer: Uint8Array, from: number): number => {
  let i = from;
  while (i < buffer.length && buffer[i] !== LF && buffer[i] !== CR) i++;
  return i;
};

/**
 * True when the lines of one record look like records of their own: a stray quotation mark runs on to the next one.
 * @param hasWidth whether the record has as many fields as are expected; then its first and last line and half of all
 *   lines have to have them too, since a text that was quoted on purpose seldom ends like a record
 */
function isSwallowing(
  buffer: Uint8Array,
  from: number,
  to: number,
  delimiter: number,
  { width, hasWidth }: { readonly width: number; readonly hasWidth: boolean },
): boolean {
  let lines = 0;
  let whole = 0;
  let firstIsWhole = false;
  let lastIsWhole = false;
  for (let i = from; i < to; i = afterLineEnd(buffer, i)) {
    const begin = i;
    let fields = 1;
    for (; i < to && buffer[i] !== LF && buffer[i] !== CR; i++) if (buffer[i] === delimiter) fields++;
    if (i === begin) continue;
    lastIsWhole = fields === width;
    if (lastIsWhole) whole++;
    if (++lines === 1) firstIsWhole = lastIsWhole;
  }
  if (!hasWidth) return whole > (firstIsWhole ? 1 : 0);
  return lines > 1 && firstIsWhole && lastIsWhole && whole * 2 >= lines;
}

/**
 * Strict splitter for delimited text in any encoding that keeps ASCII bytes. Records end at LF, CR or CRLF; blank lines
 * are no records. A record whose quoting is broken is handed out with the fault `bad_quoting` for its first line alone,
 * and reading goes on at the next line, so that one stray quotation mark never swallows its neighbours. A record that
 * cannot be read with the dialect's way of escaping is tried with the other one.
 *
 * @param table how many fields a record should have, once the first `skip` records are over: by this, quotation marks that
 *   swallow whole records are found; width 0 where it is not known yet
 */
export function createDelimitedSplitter(
  dialect: Dialect,
  onRecord: RecordHandler,
  table: Table = { width: 0, skip: 0 },
): RecordSplitter {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const highestSign = Math.max(delimiter, CR);
  const usual = dialect.quoteEscape === 'backslash';
  const record = emptyRecord();
  let pending = Buffer.alloc(0);
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let line = 1;
  let handedOut = 0;
  let width = table.skip === 0 ? table.width : 0;
  /** What the last `split` came across. */
  const seen = { escaped: false, lineEnds: 0, backslashQuote: false };

  const skipBlanks = (buffer: Uint8Array, from: number): number => {
    let i = from;
    while (buffer[i] === SPACE || (buffer[i] === TAB && delimiter !== TAB)) i++;
    return i;
  };

  /** Position after the closing quotation mark of the field that opens at `from`, or incomplete, or broken. */
  const closeQuoted = (buffer: Uint8Array, from: number, limit: number, final: boolean, backslash: boolean): number => {
    const length = Math.min(buffer.length, limit);
    for (let i = from + 1; i < length; i++) {
      const byte = buffer[i]!;
      if (byte > BACKSLASH) continue;
      if (byte === QUOTE) {
        if (buffer[i - 1] === BACKSLASH) seen.backslashQuote = true;
        if (i + 1 === buffer.length && !final) return incomplete;
        if (buffer[i + 1] !== QUOTE) return i + 1;
        if (backslash) return broken;
        seen.escaped = true;
        i++;
      } else if (backslash && byte === BACKSLASH) {
        seen.escaped = true;
        seen.backslashQuote ||= buffer[i + 1] === QUOTE;
        i++;
      } else if (byte === LF || (byte === CR && buffer[i + 1] !== LF)) seen.lineEnds++;
    }
    return final || buffer.length >= limit ? broken : incomplete;
  };

  /** The quoted field behind the blanks at `from`, where it is one and ends on its line: position after it, or -1. */
  const closeOnLine = (buffer: Uint8Array, from: number, backslash: boolean): number => {
    const end = lineEnd(buffer, from);
    const close = closeQuoted(buffer, from, end, true, backslash);
    if (close < 0) return -1;
    const next = skipBlanks(buffer, close);
    return next === end || buffer[next] === delimiter ? close : -1;
  };

  /** Splits the record at `from`; position after its line end, or incomplete, or broken. */
  const split = (buffer: Uint8Array, from: number, final: boolean, backslash: boolean): number => {
    const length = buffer.length;
    const limit = from + maxRecordBytes;
    let i = from;
    let fields = 0;
    seen.escaped = false;
    seen.backslashQuote = false;
    seen.lineEnds = 0;
    for (;;) {
      if (fields === record.start.length) growRecord(record);
      let opens = i;
      if (buffer[i] === SPACE || buffer[i] === TAB) {
        opens = skipBlanks(buffer, i);
        if (buffer[opens] === QUOTE) {
          if (!final && lineEnd(buffer, opens) === length) return length >= limit ? broken : incomplete;
          if (closeOnLine(buffer, opens, backslash) < 0) opens = -1;
        }
      }
      if (opens >= 0 && buffer[opens] === QUOTE) {
        const close = closeQuoted(buffer, opens, limit, final, backslash);
        if (close < 0) return close;
        record.start[fields] = opens + 1;
        record.end[fields] = close - 1;
        i = skipBlanks(buffer, close);
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
      if (buffer[i] === CR && i + 1 === length && !final) return incomplete;
      return afterLineEnd(buffer, i);
    }
  };

  /** Splits the record at `from` in the way of escaping that fits it; `isBackslash` says which. */
  let isBackslash = usual;
  const splitEither = (buffer: Uint8Array, from: number, final: boolean): number => {
    isBackslash = usual;
    const next = split(buffer, from, final, usual);
    const doubtful = next === broken || (next >= 0 && width > 0 && record.fields !== width);
    if (!doubtful || !(usual || seen.backslashQuote)) return next;
    const other = split(buffer, from, final, !usual);
    if (other === incomplete) return incomplete;
    if (other >= 0 && (width === 0 ? next === broken : record.fields === width)) {
      isBackslash = !usual;
      return other;
    }
    return next === broken ? broken : split(buffer, from, final, usual);
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
        if (quoted && i + 1 < end) {
          const next = buffer[i + 1];
          const escapes = isBackslash ? next === QUOTE || next === BACKSLASH : next === QUOTE;
          if (escapes && buffer[i] === (isBackslash ? BACKSLASH : QUOTE)) i++;
        }
        clean[out++] = buffer[i]!;
      }
      record.end[f] = out;
    }
    record.bytes = clean;
  };

  const handOut = (fault: RejectReason | null): void => {
    handedOut++;
    if (handedOut === table.skip) width = table.width;
    onRecord(record, fault);
  };

  const refuseTooLong = (): never => {
    throw new TooLarge(
      `${table.name ?? 'the file'} has a record, beginning in line ${line}, that is longer than ${maxRecordBytes >> 20} MB`,
      'Look for a line end that is missing.',
    );
  };

  /** Hands out the first line of a record that cannot be split; position of the next line, or incomplete. */
  const rejectLine = (buffer: Uint8Array, from: number, final: boolean): number => {
    const end = lineEnd(buffer, from);
    if (!final && end + 1 >= buffer.length) return incomplete;
    record.bytes = buffer;
    record.start[0] = from;
    record.end[0] = end;
    record.fields = 1;
    record.line = line++;
    handOut('bad_quoting');
    return Math.min(afterLineEnd(buffer, end), buffer.length);
  };

  const takeRecord = (buffer: Uint8Array, from: number, next: number): void => {
    record.bytes = buffer;
    record.line = line;
    line += 1 + seen.lineEnds;
    if (record.fields === 1 && record.end[0]! <= record.start[0]!) return;
    if (seen.escaped) writeUnescaped(buffer, from, next);
    handOut(null);
  };

  const drain = (final: boolean): void => {
    const buffer = waiting.length === 0 ? pending : Buffer.concat([pending, ...waiting]);
    waiting.length = 0;
    waitingBytes = 0;
    let at = 0;
    while (at < buffer.length) {
      let next = splitEither(buffer, at, final);
      if (next >= 0 && seen.lineEnds > 0 && width > 1) {
        if (isSwallowing(buffer, at, next, delimiter, { width, hasWidth: record.fields === width })) next = broken;
      }
      if (next === broken) next = rejectLine(buffer, at, final);
      else if (next >= 0) takeRecord(buffer, at, next);
      if ((next === incomplete ? buffer.length : next) - at > maxRecordBytes) refuseTooLong();
      if (next === incomplete) break;
      at = next;
    }
    pending = buffer.subarray(at);
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
