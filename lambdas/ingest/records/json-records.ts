import { isUtf8 } from 'node:buffer';
import { CorruptFile } from '../errors.ts';
import type { RejectReason } from '../reasons.ts';
import { readJsonObject } from './json-values.ts';
import type { RawRecord, RecordHandler, RecordSplitter } from './raw-record.ts';

/** JSON objects, one per line, or as the elements of one list. */
export type JsonShape = 'json_lines' | 'json_list';

/** Which members of an object are columns. */
export interface JsonColumns {
  /** Position of a member's column, or -1 where the member is not a column. */
  indexOf(name: string): number;
  readonly count: number;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

const isBlankByte = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** Hands out a stream of bytes piece by piece: lines, or the elements of a list. */
interface Cutter {
  push(chunk: Uint8Array): void;
  end(): void;
}

function cutLines(onPiece: (piece: Uint8Array) => void): Cutter {
  let parts: Uint8Array[] = [];
  const finish = (last: Uint8Array): void => {
    const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    if (!line.every(isBlankByte)) onPiece(line);
  };
  return {
    push(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        finish(chunk.subarray(from, end));
        from = end + 1;
      }
      if (from < chunk.length) parts.push(chunk.subarray(from));
    },
    end: () => finish(new Uint8Array(0)),
  };
}

function cutList(name: string, onPiece: (piece: Uint8Array) => void): Cutter {
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isOpen = false;
  let isDone = false;
  let parts: Uint8Array[] = [];

  const broken = (what: string): never => {
    throw new CorruptFile(`${name} ${what}`, 'Export it again: the list of orders is not whole.');
  };
  const finish = (last: Uint8Array): void => {
    const element = Buffer.concat([...parts, last]);
    parts = [];
    if (!element.every(isBlankByte)) onPiece(element);
  };
  const nest = (byte: number): void => {
    if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
  };

  return {
    push(chunk) {
      let from = 0;
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i]!;
        if (inString) {
          if (isEscaped) isEscaped = false;
          else if (byte === BACKSLASH) isEscaped = true;
          else if (byte === QUOTE) inString = false;
          continue;
        }
        if (!isOpen || isDone) {
          if (!isOpen && byte === OPEN_LIST) {
            isOpen = true;
            from = i + 1;
          } else if (!isBlankByte(byte)) broken(isDone ? 'goes on after its list' : 'does not begin with a list');
        } else if (byte === QUOTE) inString = true;
        else if (depth === 0 && (byte === COMMA || byte === CLOSE_LIST)) {
          finish(chunk.subarray(from, i));
          from = i + 1;
          isDone = byte === CLOSE_LIST;
        } else nest(byte);
      }
      if (isOpen && !isDone && from < chunk.length) parts.push(chunk.subarray(from));
    },
    end() {
      if (!isDone) broken('ends before its list does');
    },
  };
}

const cutter = (name: string, shape: JsonShape, onPiece: (piece: Uint8Array) => void): Cutter =>
  shape === 'json_lines' ? cutLines(onPiece) : cutList(name, onPiece);

const utf8Text = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** Collects the fields of one object in the columns' order; the bytes are made anew for each record. */
function createFieldBuffer(columns: JsonColumns) {
  const values: (string | undefined)[] = [];
  let fault: RejectReason | null = null;
  return {
    clear(): void {
      values.length = 0;
      fault = null;
    },
    set(name: string, value: string, kind: 'single' | 'composite'): void {
      const at = columns.indexOf(name);
      if (at < 0) return;
      if (kind === 'composite') fault = 'wrong_type';
      else if (values[at] !== undefined && values[at] !== value) fault = 'repeated_member';
      else values[at] = value;
    },
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
      return { record: { bytes: Buffer.from(texts.join('')), start, end, fields: columns.count }, fault };
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
  const onPiece = (piece: Uint8Array): void => {
    fields.clear();
    const isObject = readJsonObject(utf8Text(piece), fields.set);
    const { record, fault } = fields.record();
    if (!isUtf8(piece)) onRecord(record, 'undecodable_bytes');
    else onRecord(record, isObject ? fault : 'broken_json');
  };
  return cutter(name, shape, onPiece);
}

/** Names of the single values in the objects at the beginning of a text, in order of first appearance. */
export function jsonMemberNames(name: string, shape: JsonShape, head: Uint8Array): Set<string> {
  const names = new Set<string>();
  const cut = cutter(name, shape, (piece) => {
    readJsonObject(utf8Text(piece), (member, _, kind) => {
      if (kind === 'single') names.add(member);
    });
  });
  try {
    cut.push(head);
    cut.end();
  } catch (error) {
    if (!(error instanceof CorruptFile)) throw error;
  }
  return names;
}
