import { isUtf8 } from 'node:buffer';
import { CorruptFile } from '../errors.ts';
import type { RejectReason } from '../reasons.ts';
import { createJsonCutter, type JsonShape } from './json-cutter.ts';
import { createJsonReader, type JsonMember } from './json-values.ts';
import { literalText, type NumberUse } from './number-text.ts';
import type { RawRecord, RecordHandler, RecordSplitter } from './raw-record.ts';

/** Which members of an object are columns. */
export interface JsonColumns {
  /** Position of a member's column, or -1 where the member is not a column. */
  indexOf(name: string): number;
  /** What the numbers of a column are read as. */
  use(column: number): NumberUse;
  readonly count: number;
}

const utf8Text = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** Half of a surrogate pair, as `"\ud800"` writes it, is no character, and UTF-8 cannot hold it. */
const loneSurrogate = /\p{Surrogate}/u;
const decimal = /^-?\d{1,20}(\.\d{1,20})?$/;

/** Exact sum of two decimals, or null where one is none. */
function decimalSum(a: string, b: string): string | null {
  if (!decimal.test(a) || !decimal.test(b)) return null;
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0));
  const scaled = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const sum = scaled(a) + scaled(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  return `${sum < 0n ? '-' : ''}${digits.slice(0, point)}${places > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** Collects the fields of one object in the columns' order; the bytes are made anew for each record. */
function createFieldBuffer(columns: JsonColumns) {
  const values: (string | undefined)[] = [];
  let fault: RejectReason | null = null;

  /** Values of several objects in a list are one amount together; of anything else there can be only one. */
  const merge = (name: string, at: number, value: string): void => {
    const before = values[at];
    if (before === undefined) values[at] = value;
    else if (!name.includes('[]')) {
      if (before !== value) fault = 'repeated_member';
    } else if (value !== '') {
      const sum = columns.use(at) === 'value' ? decimalSum(before === '' ? '0' : before, value) : null;
      if (sum === null) fault = 'wrong_type';
      else values[at] = sum;
    }
  };

  const set: JsonMember = (name, value, kind) => {
    const at = columns.indexOf(name);
    if (at < 0) return;
    if (kind === 'composite') fault = 'wrong_type';
    else if (kind === 'number') merge(name, at, literalText(value, columns.use(at)));
    else if (loneSurrogate.test(value)) fault = 'undecodable_bytes';
    else merge(name, at, value);
  };

  return {
    clear(): void {
      values.length = 0;
      fault = null;
    },
    set,
    record(): { record: RawRecord; fault: RejectReason | null } {
      const start = new Int32Array(columns.count);
      const end = new Int32Array(columns.count);
      const texts: string[] = [];
      let size = 0;
      for (let i = 0; i < columns.count; i++) {
        const text = values[i] ?? '';
        start[i] = size;
        size += Buffer.byteLength(text);
        end[i] = size;
        texts.push(text);
      }
      return { record: { bytes: Buffer.from(texts.join('')), start, end, fields: columns.count, line: 0 }, fault };
    },
  };
}

/**
 * Splits JSON into records. An object that cannot be read is a record with the fault `broken_json`; a list that is cut
 * off is refused.
 */
export function createJsonSplitter(
  name: string,
  shape: JsonShape,
  columns: JsonColumns,
  onRecord: RecordHandler,
): RecordSplitter {
  const fields = createFieldBuffer(columns);
  const readObject = createJsonReader();
  const onPiece = (piece: Uint8Array): void => {
    fields.clear();
    const isObject = readObject(utf8Text(piece), fields.set);
    const { record, fault } = fields.record();
    if (!isUtf8(piece)) onRecord(record, 'undecodable_bytes');
    else onRecord(record, isObject ? fault : 'broken_json');
  };
  return createJsonCutter(name, shape, onPiece);
}

/** Names of the single values in the objects at the beginning of a text, in order of first appearance. */
export function jsonMemberNames(name: string, shape: JsonShape, head: Uint8Array): Set<string> {
  const names = new Set<string>();
  const readObject = createJsonReader();
  const cutter = createJsonCutter(name, shape, (piece) => {
    readObject(utf8Text(piece), (member, _, kind) => {
      if (kind !== 'composite') names.add(member);
    });
  });
  try {
    cutter.push(head);
    cutter.end();
  } catch (error) {
    if (!(error instanceof CorruptFile)) throw error;
  }
  return names;
}
