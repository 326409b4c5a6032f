const SPACE = 32;

/** Where a field begins and ends once ASCII blanks around it are left out; reused, so read it before the next call. */
export const trimmed = { start: 0, end: 0 };

/** Leaves out blanks and tabs around `bytes[start, end)`; the result is in `trimmed`. */
export function trim(bytes: Uint8Array, start: number, end: number): void {
  let from = start;
  let to = end;
  while (from < to && (bytes[from] === SPACE || bytes[from] === 9 || bytes[from] === 10 || bytes[from] === 13)) from++;
  while (to > from && (bytes[to - 1] === SPACE || bytes[to - 1] === 9 || bytes[to - 1] === 10 || bytes[to - 1] === 13))
    to--;
  trimmed.start = from;
  trimmed.end = to;
}

/** True when every byte is a printable ASCII character, so that text needs no cleaning. */
export function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < SPACE || byte > 126) return false;
  }
  return true;
}

/** Text of a range of UTF-8 bytes. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const blanks = /^[\s\u00a0]+|[\s\u00a0]+$/g;

/** A text without characters that nobody sees (zero width, soft hyphen, direction marks) and without blanks around it. */
export const cleanText = (text: string): string => text.replace(invisible, '').replace(blanks, '');

/** True when a text holds control characters, which no order number, address or name has. */
export const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f]/.test(text);
