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
  /** True for a column of names, which `true` and `false` are none. */
  namesSomething(column: number): boolean;
  readonly count: number;
  /** Positions of the columns that `indexOf` finds: what a record costs depends on them alone. */
  readonly found: readonly number[];
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

/** Collects the fields of one object in the columns' order; the bytes are made anew for each record, the record is not. */
function createFieldBuffer(columns: JsonColumns) {
  const values = new Map<number, string>();
  const record: RawRecord = {
    bytes: new Uint8Array(0),
    start: new Int32Array(columns.count),
    end: new Int32Array(columns.count),
    fields: columns.count,
    line: 0,
  };
  let fault: RejectReason | null = null;

  /** Values of several objects in a list are one amount together; of anything else there can be only one. */
  const merge = (name: string, at: number, value: string): void => {
    const before = values.get(at);
    if (before === undefined) values.set(at, value);
    else if (!name.includes('[]')) {
      if (before !== value) fault = 'repeated_member';
    } else if (value !== '') {
      const sum = columns.use(at) === 'value' ? decimalSum(before === '' ? '0' : before, value) : null;
      if (sum === null) fault = 'wrong_type';
      else values.set(at, sum);
    }
  };

  const set: JsonMember = (name, value, kind) => {
    const at = columns.indexOf(name);
    if (at < 0) return;
    if (kind === 'composite' || (kind === 'boolean' && columns.namesSomething(at))) fault = 'wrong_type';
    else if (kind === 'number') merge(name, at, literalText(value, columns.use(at)));
    else if (loneSurrogate.test(value)) fault = 'undecodable_bytes';
    else merge(name, at, value);
  };

  return {
    clear(): void {
      values.clear();
      fault = null;
    },
    set,
    record(): { record: RawRecord; fault: RejectReason | null } {
      const texts: string[] = [];
      let size = 0;
      for (const at of columns.found) {
        const text = values.get(at) ?? '';
        record.start[at] = size;
        size += Buffer.byteLength(text);
        record.end[at] = size;
        texts.push(text);
      }
      record.bytes = Buffer.from(texts.join(''));
      return { record, fault };
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

/** Members of one depth that are remembered: a file with more has keys that are values, as in maps by article number. */
const mostMembers = 1000;

/** Remembers names of members; many of one depth leave room for those of the others. */
export function createMemberNames(): { readonly names: ReadonlySet<string>; add(name: string): void } {
  const names = new Set<string>();
  const counts: number[] = [];
  return {
    names,
    add(name) {
      if (names.has(name)) return;
      const depth = name.split('.').length;
      const count = counts[depth] ?? 0;
      if (count === mostMembers) return;
      counts[depth] = count + 1;
      names.add(name);
    },
  };
}

/** Names of the single values in the objects at the beginning of a text, in order of first appearance. */
export function jsonMemberNames(name: string, shape: JsonShape, head: Uint8Array): ReadonlySet<string> {
  const { names, add } = createMemberNames();
  const readObject = createJsonReader();
  const cutter = createJsonCutter(name, shape, (piece) => {
    readObject(utf8Text(piece), (member, _, kind) => {
      if (kind !== 'composite') add(member);
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
