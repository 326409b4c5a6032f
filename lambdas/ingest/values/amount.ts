import type { RejectReason } from '../reasons.ts';
import { signCurrencies } from './currencies.ts';
import { textOf, tidyText } from './field.ts';

/** The sign that separates units from decimals. */
export type DecimalSeparator = '.' | ',';

const longestAmount = 128;
const powers = [10_000, 1_000, 100, 10, 1];

/** Currencies that the sign or code beside the last amount can stand for; null where there was none. Set by `parseAmount`. */
export const seenSymbol: { currencies: ReadonlySet<string> | null } = { currencies: null };

/**
 * Value of digits with an optional sign, thousands marks and decimals, or NaN where the text needs a closer look.
 * @param point the byte that parts decimals; the other one of dot and comma parts thousands
 */
function plainAmount(bytes: Uint8Array, start: number, end: number, point: number): number {
  let i = start;
  const negative = bytes[i] === 45;
  if (negative) i++;
  const first = i;
  if (end - i > 15 || end === i) return Number.NaN;
  const mark = point === 46 ? 44 : 46;
  let value = 0;
  let decimals = -1;
  let lastMark = -1;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      if (decimals >= 0) decimals++;
      continue;
    }
    const isGroup = lastMark < 0 ? i - first >= 1 && i - first <= 3 : i - lastMark === 4;
    if (byte === point && decimals < 0 && i > first && i + 1 < end && (lastMark < 0 || isGroup)) decimals = 0;
    else if (byte === mark && decimals < 0 && isGroup) lastMark = i;
    else return Number.NaN;
  }
  if (lastMark >= 0 && decimals < 0 && end - lastMark !== 4) return Number.NaN;
  if (decimals > 4) return Number.NaN;
  if (decimals < 0) decimals = 0;
  const scaled = value * powers[decimals]!;
  return scaled > Number.MAX_SAFE_INTEGER ? Number.NaN : negative ? -scaled : scaled;
}

const grouped: Readonly<Record<DecimalSeparator, RegExp>> = {
  '.': /^(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ '’]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})?(?:\.(\d*))?$/,
  ',': /^(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ '’]\d{3})+)?(?:,(\d*))?$/,
};

const sign = /^[-+]|-$/;
/** The dot of `Rs.500` belongs to the abbreviation. */
const letters = /^[^\d.,()\-+\s]{1,4}(?:(?<=\p{L})\.)?|[^\d.,()\-+\s]{1,4}\.?$/u;
/** `12.-` and `12,--` are 12, whole. */
const noDecimals = /[.,:]-{1,2}$/;

function writtenAmount(
  text: string,
  separator: DecimalSeparator,
  currencies: ReadonlySet<string>,
): bigint | RejectReason {
  let rest = text.replace(noDecimals, '');
  let negative = false;
  if (rest.startsWith('(') && rest.endsWith(')')) {
    negative = true;
    rest = rest.slice(1, -1).trim();
  }
  let seenSign = negative;
  let seenLetters = false;
  for (let pass = 0; pass < 3; pass++) {
    const signed = seenSign ? null : sign.exec(rest);
    if (signed) {
      seenSign = true;
      negative = signed[0] !== '+';
      rest = rest.replace(sign, '').trim();
    }
    const lettered: RegExpExecArray | null = seenLetters ? null : letters.exec(rest);
    if (lettered) {
      seenLetters = true;
      const symbol = lettered[0].toUpperCase().replace('.', '');
      const known = signCurrencies.get(symbol) ?? (currencies.has(symbol) ? new Set([symbol]) : null);
      if (known === null) return 'bad_amount';
      seenSymbol.currencies = known;
      rest = rest.replace(letters, '').trim();
    }
    if (rest.startsWith('(') && rest.endsWith(')') && !seenSign) {
      seenSign = true;
      negative = true;
      rest = rest.slice(1, -1).trim();
    }
  }
  const match = grouped[separator].exec(rest);
  const whole = match?.[1]?.replace(/\D/g, '') ?? '';
  const decimals = match?.[2]?.replace(/0+$/, '') ?? '';
  if (!match || (whole === '' && (match[2] ?? '') === '')) return 'bad_amount';
  if (decimals.length > 4) return 'amount_too_precise';
  if (whole.replace(/^0+/, '').length > 14) return 'amount_too_large';
  const value = BigInt(whole + decimals.padEnd(4, '0'));
  return negative ? -value : value;
}

/**
 * An amount in ten-thousandths, exact, or why it is none. Knows signs before and after, brackets for negatives, currency
 * signs and codes, and thousands separators that fit the decimal separator. Blank fields are the caller's.
 *
 * @param currencies ISO 4217 codes that may stand beside an amount
 */
export function parseAmount(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: DecimalSeparator,
  currencies: ReadonlySet<string>,
): bigint | RejectReason {
  seenSymbol.currencies = null;
  const isDollar = bytes[start] === 36 && bytes[start + 1] !== 45;
  const isEuro = bytes[end - 1] === 0xac && bytes[end - 2] === 0x82 && bytes[end - 3] === 0xe2;
  let to = isEuro ? end - 3 : end;
  if (isEuro && bytes[to - 1] === 32) to--;
  const plain = plainAmount(bytes, isDollar ? start + 1 : start, to, separator === '.' ? 46 : 44);
  if (!Number.isNaN(plain) && !(isDollar && isEuro)) {
    if (isDollar || isEuro) seenSymbol.currencies = signCurrencies.get(isDollar ? '$' : '€')!;
    return BigInt(plain);
  }
  return end - start > longestAmount
    ? 'bad_amount'
    : writtenAmount(tidyText(textOf(bytes, start, end)), separator, currencies);
}

/** What one amount says about the decimal separator of its column. */
export type SeparatorEvidence = 'none' | 'ambiguous' | DecimalSeparator;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** True for a dot or comma inside a number, not for that of `Rs.500`, `12.-` or `12 kr.`. */
function separates(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  const hasBefore = at > start && isDigit(bytes[at - 1]);
  const hasAfter = at + 1 < end && isDigit(bytes[at + 1]);
  if (hasBefore) return hasAfter || at + 1 === end || bytes[at + 1] === 32 || bytes[at + 1] === 41;
  return hasAfter && (at === start || bytes[at - 1]! < 65);
}

/** Reads the evidence of one amount: 12.5 and 1,234.00 prove the point, 12,50 and 1.234.567 the comma, 1,234 and 1.2.3 neither. */
export function separatorEvidence(bytes: Uint8Array, start: number, end: number): SeparatorEvidence {
  let dots = 0;
  let commas = 0;
  let first = -1;
  let last = -1;
  let firstDigit = -1;
  let lastDigit = -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      if (firstDigit < 0) firstDigit = i;
      lastDigit = i;
    } else if ((byte === 46 || byte === 44) && separates(bytes, i, start, end)) {
      if (byte === 46) dots++;
      else commas++;
      if (first < 0) first = i;
      last = i;
    }
  }
  if (dots + commas === 0 || firstDigit < 0) return 'none';
  const lastSign = bytes[last] === 46 ? '.' : ',';
  const otherSign = lastSign === '.' ? ',' : '.';
  if (dots + commas > 1) {
    const meant = dots > 0 && commas > 0 ? lastSign : otherSign;
    const isPlain = !Number.isNaN(plainAmount(bytes, firstDigit, lastDigit + 1, meant === '.' ? 46 : 44));
    return isPlain || grouped[meant].test(tidyText(textOf(bytes, firstDigit, lastDigit + 1))) ? meant : 'none';
  }
  const before = firstDigit < first ? first - firstDigit : 0;
  if (lastDigit - last !== 3 || before === 0 || before > 3 || (before === 1 && bytes[firstDigit] === 48))
    return lastSign;
  return 'ambiguous';
}
