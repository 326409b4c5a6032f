import { isAscii } from 'node:buffer';
import type { Encoding } from '../../platform/config/ingest.ts';
import { UndecodableText } from '../errors.ts';

/** What the bytes of a whole file say about its encoding. */
export interface EncodingProof {
  readonly encoding: Encoding;
  /** True when the file is UTF-8 with stray bytes in it: the records that hold them are rejected. */
  readonly hasInvalidBytes: boolean;
}

/** UTF-16 as proven by a byte order mark or, without one, by the zero bytes of its ASCII characters. */
export function detectUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const length = Math.min(head.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const pairs = length / 2;
  if (pairs >= 4 && odd > pairs * 0.4 && even === 0) return 'utf-16le';
  if (pairs >= 4 && even > pairs * 0.4 && odd === 0) return 'utf-16be';
  return null;
}

const isLower = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const isLetter = (byte: number): boolean => isLower(byte | 0x20);

/** Bytes that no Western text holds: unassigned in Windows-1252, or ÿ and þ, which damaged text shows far more often. */
const implausible = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xfe, 0xff]);
/** Capital letters of Windows-1252 and Latin-1, which do not follow a small letter. */
const isCapital = (byte: number): boolean =>
  (byte >= 0xc0 && byte <= 0xde && byte !== 0xd7) || byte === 0x8a || byte === 0x8c || byte === 0x8e || byte === 0x9f;
/** Opening quotation marks, which no letter stands before: ‚ „ “ ‹ */
const opening = new Set([0x82, 0x84, 0x93, 0x8b]);
/** Closing quotation marks and × ÷, which do not stand between letters. */
const between = new Set([0x94, 0x9b, 0x80, 0xd7, 0xf7]);
/** Signs that no letter follows: ƒ † ‡ ˆ ‰ ˜ ¤ ¥ ¦ ¨ ¬ ¯ ± ² ³ ¸ ¹ */
const final = new Set([
  0x83, 0x86, 0x87, 0x88, 0x89, 0x98, 0xa4, 0xa5, 0xa6, 0xa8, 0xac, 0xaf, 0xb1, 0xb2, 0xb3, 0xb8, 0xb9,
]);
const pound = 0xa3;
/** Western texts put these beside other high bytes: no-break space, ¡ ¿ « » */
const companions = new Set([0xa0, 0xa1, 0xab, 0xbb, 0xbf]);

/** True where a high byte cannot be the Western letter or sign that it would be between its neighbours. */
function isMisplaced(left: number, byte: number, right: number): boolean {
  if (implausible.has(byte)) return true;
  if (isCapital(byte) && isLower(left)) return true;
  if (opening.has(byte) && isLetter(left)) return true;
  if (between.has(byte) && isLetter(left) && isLetter(right)) return true;
  return (final.has(byte) && isLetter(right)) || (byte === pound && isLower(right));
}

/** Share of high bytes that may be misplaced in a Western text: people mistype. */
const doubtfulShare = 0.02;

/**
 * Proves the encoding of a text whose ASCII characters are single bytes. UTF-8 is proven by its sequences; a single-byte
 * encoding by high bytes that are none and that stand where a Western text would have such a letter or sign: among ASCII
 * letters, where other alphabets make whole words of high bytes.
 */
export function createEncodingProof(): { push(chunk: Uint8Array): void; verdict(): EncodingProof } {
  let sequences = 0;
  let strays = 0;
  let c1 = 0;
  let doubtful = 0;
  let bom = false;
  let position = 0;
  let need = 0;
  let low = 0x80;
  let high = 0xbf;
  let before = 0;
  let left = 0;
  let run = 0;
  let runHasLetter = false;
  let runAfterLetter = false;

  /** Judges the byte before, now that its right neighbour is known, and the run of high bytes that it may end. */
  const judge = (right: number): void => {
    const byte = before;
    if (byte <= 0x9f) c1++;
    if (isMisplaced(left, byte, right)) doubtful++;
    if (companions.has(byte) || byte <= 0x9f) run = 0;
    else {
      if (run === 0) {
        runAfterLetter = isLetter(left);
        runHasLetter = false;
      }
      run++;
      runHasLetter ||= byte >= 0xc0;
    }
    if (right >= 0x80) return;
    if (runHasLetter && (run > 2 || (run === 2 && !runAfterLetter && !isLetter(right)))) doubtful += run;
    run = 0;
  };

  const follow = (byte: number): void => {
    if (before >= 0x80) judge(byte);
    left = before;
    before = byte;
  };

  const lead = (byte: number): void => {
    low = 0x80;
    high = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) need = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      need = 2;
      if (byte === 0xe0) low = 0xa0;
      if (byte === 0xed) high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      need = 3;
      if (byte === 0xf0) low = 0x90;
      if (byte === 0xf4) high = 0x8f;
    } else strays++;
  };

  const step = (byte: number): void => {
    if (need > 0 && byte >= low && byte <= high) {
      low = 0x80;
      high = 0xbf;
      if (--need === 0) sequences++;
    } else {
      if (need > 0) {
        strays++;
        need = 0;
      }
      if (byte >= 0x80) lead(byte);
    }
    follow(byte);
  };

  return {
    push(chunk) {
      if (position === 0) bom = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
      position += chunk.length;
      if (need === 0 && before < 0x80 && isAscii(chunk)) {
        before = chunk.length > 0 ? chunk[chunk.length - 1]! : before;
        return;
      }
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i]!;
        if (byte < 0x80 && need === 0 && before < 0x80) before = byte;
        else step(byte);
      }
    },
    verdict() {
      if (need > 0) strays++;
      if (before >= 0x80) follow(0);
      if (strays === 0) return { encoding: 'utf-8', hasInvalidBytes: false };
      const single = !bom && doubtful <= doubtfulShare * strays && strays > 20 * sequences;
      if (!single) return { encoding: 'utf-8', hasInvalidBytes: true };
      return { encoding: c1 > 0 ? 'windows-1252' : 'iso-8859-1', hasInvalidBytes: false };
    },
  };
}

/** Bytes 0x80 to 0x9f of Windows-1252; Node's own decoder reads them as Latin-1 in some versions. */
const windowsHigh =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const tableOf = (decode: (byte: number) => string): Uint8Array[] =>
  Array.from({ length: 256 }, (_, byte) => new Uint8Array(Buffer.from(decode(byte), 'utf8')));

const tables: Readonly<Record<'iso-8859-1' | 'windows-1252', Uint8Array[]>> = {
  'iso-8859-1': tableOf((byte) => String.fromCharCode(byte)),
  'windows-1252': tableOf((byte) => windowsHigh[byte - 0x80] ?? String.fromCharCode(byte)),
};

function singleByteToUtf8(chunk: Uint8Array, table: Uint8Array[]): Uint8Array {
  if (isAscii(chunk)) return chunk;
  const out = Buffer.allocUnsafe(chunk.length * 3);
  let size = 0;
  for (const byte of chunk) {
    if (byte < 0x80) out[size++] = byte;
    else for (const part of table[byte]!) out[size++] = part;
  }
  return out.subarray(0, size);
}

async function* decodedToUtf8(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
    yield Buffer.from(decoder.decode(), 'utf8');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UndecodableText(`${name} is read as ${encoding} but holds bytes that are none`, 'Export it as UTF-8.', {
      cause: error,
    });
  }
}

async function* withoutBom(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    yield head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

/** Unpacked bytes as UTF-8 without byte order mark. Stray bytes of a UTF-8 file pass through unchanged. */
export async function* toUtf8(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') yield* withoutBom(chunks);
  else if (encoding === 'iso-8859-1' || encoding === 'windows-1252') {
    for await (const chunk of chunks) yield singleByteToUtf8(chunk, tables[encoding]);
  } else yield* decodedToUtf8(name, chunks, encoding);
}
