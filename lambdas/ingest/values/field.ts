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

/** Texts that spreadsheets wrap to keep them texts: ="00123" and '00123. */
export const unwrapText = (text: string): string => text.replace(/^="(.*)"$/s, '$1').replace(/^'(?=[\d+])/, '');

/** Signs of a keyboard, parted by single blanks, without what a spreadsheet puts in front. */
const isTidy = /^(?![='])[!-~]+(?: [!-~]+)*$/;
const dashes = /[\u2010-\u2015\u2212]/g;

/**
 * A time or an amount as typed on a plain keyboard: full-width digits, typographic dashes and blanks of every width
 * become their ASCII forms, and what a spreadsheet wrapped is unwrapped. Digits of other scripts stay what they are.
 */
export const tidyText = (text: string): string =>
  isTidy.test(text)
    ? text
    : unwrapText(cleanText(text).normalize('NFKC').replace(dashes, '-').replace(/\s+/g, ' ')).trim();

const nothing =
  /^(?:null|\\n|nil|none|nan|nat|n\/?a|undefined|unknown|tbd|\\n|-+|\?+|\(?(?:null|none|blank|empty)\)?|#n\/a)$/i;
const spreadsheetError = /^#(?:ref!|name\?|value!|div\/0!|num!|null!|spill!|calc!)$|^#{2,}$/i;

/** True for words that programs write where there is no value: N/A, null, NaN, -. */
export const saysNothing = (text: string): boolean => nothing.test(text);

/** True for what a spreadsheet shows instead of a value: #REF!, ########. */
export const isSpreadsheetError = (text: string): boolean => spreadsheetError.test(text);

/** True when a text holds control characters, or the sign for a lost one, which no order number or address has. */
export const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\ufffd]/.test(text);
