import { CorruptFile, TooLarge } from '../errors.ts';
import { maxRecordBytes } from './delimited.ts';

/** JSON objects, one per line, or as the elements of one list: the text itself, or what lies at a path of members. */
export type JsonShape =
  | { readonly kind: 'json_lines' }
  | { readonly kind: 'json_list'; readonly path: readonly string[] };

/** Takes a stream of bytes and hands out its records piece by piece. */
export interface JsonCutter {
  push(chunk: Uint8Array): void;
  end(): void;
}

type OnPiece = (piece: Uint8Array) => void;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const isBlankByte = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** Gathers the bytes of one piece over the borders of chunks. */
function createPieces(onPiece: OnPiece) {
  let parts: Uint8Array[] = [];
  let size = 0;
  return {
    add(part: Uint8Array): void {
      parts.push(part);
      size += part.length;
      if (size <= maxRecordBytes) return;
      throw new TooLarge(
        `a record is longer than ${maxRecordBytes >> 20} MB`,
        'Deliver one JSON object per line, or a list of objects.',
      );
    },
    finish(last: Uint8Array): void {
      const piece = parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      size = 0;
      if (!piece.every(isBlankByte)) onPiece(piece);
    },
  };
}

function cutLines(onPiece: OnPiece): JsonCutter {
  const pieces = createPieces(onPiece);
  return {
    push(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        pieces.finish(chunk.subarray(from, end));
        from = end + 1;
      }
      if (from < chunk.length) pieces.add(chunk.subarray(from));
    },
    end: () => pieces.finish(new Uint8Array(0)),
  };
}

/** The text of a JSON string from its bytes with quotation marks, or null where it is none. */
function stringOf(bytes: readonly number[]): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Longest name of a member that leads to the list. */
const longestName = 1_000;

/**
 * Cuts the list at a path into its elements. What lies around the list is followed only as far as its brackets go; it has
 * to be whole, because a file that is cut off behind its list was cut off.
 */
function cutList(name: string, path: readonly string[], onPiece: OnPiece): JsonCutter {
  const pieces = createPieces(onPiece);
  let depth = 0;
  /** How many members of the path lead to where we are. */
  let matched = 0;
  let key: number[] = [];
  let isKey = false;
  let member: string | null = null;
  let inString = false;
  let isEscaped = false;
  let isInside = false;
  let isFound = false;
  let isOver = false;

  const broken = (what: string): never => {
    throw new CorruptFile(`${name} ${what}`, 'Export it again: the list of orders is not whole.');
  };

  const openString = (): void => {
    inString = true;
    isKey = !isInside && depth === matched + 1 && member === null;
    key = [QUOTE];
  };

  const open = (byte: number): void => {
    const leads = depth === 0 || (depth === matched + 1 && matched < path.length && member === path[matched]);
    if (leads && depth > 0) matched++;
    if (leads && byte === OPEN_LIST && matched === path.length) {
      if (isFound) broken('has its list of orders twice');
      isFound = true;
      isInside = true;
    }
    depth++;
    member = null;
  };

  const close = (): void => {
    depth--;
    if (depth < 0) broken('has a bracket that closes nothing');
    if (depth > 0 && depth === matched) matched--;
    if (depth === 0) isOver = true;
    member = null;
  };

  /** Follows a byte outside the list. */
  const around = (byte: number): void => {
    if (isOver) {
      if (!isBlankByte(byte)) broken('goes on after its list');
    } else if (byte === QUOTE) openString();
    else if (byte === OPEN || byte === OPEN_LIST) open(byte);
    else if (byte === CLOSE || byte === CLOSE_LIST) close();
    else if (byte === COLON && depth === matched + 1) member = stringOf(key);
    else if (byte === COMMA) member = null;
  };

  return {
    push(chunk) {
      let from = 0;
      const listDepth = path.length + 1;
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i]!;
        if (inString) {
          if (isKey && !isInside && key.length < longestName) key.push(byte);
          if (isEscaped) isEscaped = false;
          else if (byte === BACKSLASH) isEscaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (!isInside) {
          around(byte);
          from = i + 1;
        } else if (byte === QUOTE) inString = true;
        else if (depth === listDepth && (byte === COMMA || byte === CLOSE_LIST)) {
          pieces.finish(chunk.subarray(from, i));
          from = i + 1;
          if (byte === CLOSE_LIST) {
            isInside = false;
            close();
          }
        } else if (byte === OPEN || byte === OPEN_LIST) depth++;
        else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
      }
      if (isInside && from < chunk.length) pieces.add(chunk.subarray(from));
    },
    end() {
      if (!isOver) broken('ends before its list does');
      if (!isFound) broken(`has no list ${path.join('.')}`);
    },
  };
}

/** Cuts a stream of bytes into the JSON texts of its records. */
export const createJsonCutter = (name: string, shape: JsonShape, onPiece: OnPiece): JsonCutter =>
  shape.kind === 'json_lines' ? cutLines(onPiece) : cutList(name, shape.path, onPiece);

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
/** How many objects may lie around a list of orders. */
const deepestList = 4;

/** Paths to the lists of objects in the object with which a text begins, as far as the text goes. */
export function listPaths(text: string): string[][] {
  const paths: string[][] = [];
  const keys: string[] = [];
  let depth = 0;
  let lists = 0;
  let last = '';
  let isListStart = false;
  for (const [sign] of text.matchAll(token)) {
    if (isListStart && sign === '{') paths.push(keys.slice(0, depth));
    isListStart = false;
    if (sign === ':' && lists === 0) keys[depth - 1] = stringOf([...Buffer.from(last)]) ?? '';
    else if (sign === '{' || sign === '[') {
      if (sign === '[' && lists === 0 && depth > 0 && depth <= deepestList) isListStart = true;
      if (sign === '[' || lists > 0) lists++;
      else depth++;
    } else if (sign === '}' || sign === ']') {
      if (lists > 0) lists--;
      else depth--;
      if (depth === 0) break;
    }
    last = sign;
  }
  return paths;
}
