import type { RejectReason } from '../reasons.ts';
import { cleanText, textOf } from './field.ts';

/** The sign that separates units from decimals. */
export type DecimalSeparator = '.' | ',';

/** Signs that stand for one currency. `$`, `¥` and `kr` stand for several and prove none. */
const symbolCurrencies: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₽': 'RUB',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '฿': 'THB',
  '₺': 'TRY',
  '₴': 'UAH',
  '₱': 'PHP',
  ZŁ: 'PLN',
  KČ: 'CZK',
  FT: 'HUF',
  R$: 'BRL',
  US$: 'USD',
  CA$: 'CAD',
  C$: 'CAD',
  AU$: 'AUD',
  A$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  NT$: 'TWD',
  S$: 'SGD',
};
const manyCurrencies = new Set(['$', '¥', '￥', 'KR', 'KR.', 'RS', 'RS.', '']);

const powers = [10_000, 1_000, 100, 10, 1];

/** Currency that the sign beside the last amount proved, or null. Set by `parseAmount`. */
export const seenSymbol: { currency: string | null } = { currency: null };

/** Value of plain digits with an optional sign and point, or NaN where the text needs a closer look. */
function plainAmount(bytes: Uint8Array, start: number, end: number, point: number): number {
  let i = start;
  const negative = bytes[i] === 45;
  if (negative) i++;
  if (end - i > 12 || end === i) return Number.NaN;
  let value = 0;
  let decimals = -1;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      if (decimals >= 0) decimals++;
    } else if (byte === point && decimals < 0 && i > start && i + 1 < end) decimals = 0;
    else return Number.NaN;
  }
  if (decimals > 4) return Number.NaN;
  if (decimals < 0) decimals = 0;
  const scaled = value * powers[decimals]!;
  return negative ? -scaled : scaled;
}

const grouped: Readonly<Record<DecimalSeparator, RegExp>> = {
  '.': /^(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})?(?:\.(\d*))?$/,
  ',': /^(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+)?(?:,(\d*))?$/,
};

const sign = /^([-+\u2212])|([-\u2212])$/u;
const letters = /^([^\d.,()\-+\u2212\s]{1,4})|([^\d.,()\-+\u2212\s]{1,4})$/u;

function writtenAmount(
  text: string,
  separator: DecimalSeparator,
  currencies: ReadonlySet<string>,
): bigint | RejectReason {
  let rest = text;
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
      const symbol = lettered[0].toUpperCase();
      if (symbolCurrencies[symbol] !== undefined) seenSymbol.currency = symbolCurrencies[symbol];
      else if (currencies.has(symbol)) seenSymbol.currency = symbol;
      else if (!manyCurrencies.has(symbol)) return 'bad_amount';
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
  seenSymbol.currency = null;
  const plain = plainAmount(bytes, start, end, separator === '.' ? 46 : 44);
  if (!Number.isNaN(plain)) return BigInt(plain);
  const text = cleanText(textOf(bytes, start, end));
  return text.length > 64 ? 'bad_amount' : writtenAmount(text, separator, currencies);
}

/** What one amount says about the decimal separator of its column. */
export type SeparatorEvidence = 'none' | 'ambiguous' | DecimalSeparator;

/** Reads the evidence of one amount: 12.5 and 1,234.00 prove the point, 12,50 and 1.234.567 the comma, 1,234 neither. */
export function separatorEvidence(bytes: Uint8Array, start: number, end: number): SeparatorEvidence {
  let dots = 0;
  let commas = 0;
  let last = -1;
  let first = -1;
  let lastDigit = -1;
  let firstDigit = -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 46) dots++;
    else if (byte === 44) commas++;
    else if (byte >= 48 && byte <= 57) {
      if (firstDigit < 0) firstDigit = i;
      lastDigit = i;
      continue;
    } else continue;
    if (first < 0) first = i;
    last = i;
  }
  if (dots + commas === 0 || firstDigit < 0) return 'none';
  const lastSign = bytes[last] === 46 ? '.' : ',';
  const otherSign = lastSign === '.' ? ',' : '.';
  if (dots > 0 && commas > 0) return lastSign;
  if (dots + commas > 1) return otherSign;
  const before = firstDigit < first ? first - firstDigit : 0;
  if (lastDigit - last !== 3 || before === 0 || before > 3 || (before === 1 && bytes[firstDigit] === 48))
    return lastSign;
  return 'ambiguous';
}
