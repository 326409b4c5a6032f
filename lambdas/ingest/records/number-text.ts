/**
 * What a typed number is read as: an identifier, which is a whole number or nothing, or a value (an amount, a quantity, a
 * time).
 */
export type NumberUse = 'id' | 'value';

/** Digits from which a literal was printed from a binary number rather than written as a decimal. */
const printedDigits = 15;
/** Error of a few sums over binary numbers, relative to their size. */
const noise = 2 ** -44;
/** Most places by which an exponent moves the point. */
const furthestShift = 40;

/** The same number without exponent, exact. */
function withoutExponent(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : `${digits.padEnd(point, '0').slice(0, point)}.${digits.slice(point)}`;
  return (negative ? '-' : '') + padded.replace(/\.$/, '');
}

const significantDigits = (text: string): number => text.replace(/[-.]/g, '').replace(/^0+/, '').length;

/** A number that is four decimals and the noise of binary arithmetic, without the noise; null where it is not. */
function withoutNoise(text: string): string | null {
  if (significantDigits(text) < printedDigits) return null;
  const point = text.indexOf('.');
  const cut = BigInt(text.slice(0, point) + text.slice(point + 1, point + 5));
  const away = text.startsWith('-') ? -1n : 1n;
  const rounded = decimalText(text[point + 5]! < '5' ? cut : cut + away, 4);
  const value = Number(text);
  return Math.abs(value - Number(rounded)) <= Math.max(1, Math.abs(value)) * noise ? rounded : null;
}

/** An identifier that went through a binary number and may have lost digits, in the form that is recognised as mangled. */
const mangled = (value: number): string => Math.abs(value).toExponential().toUpperCase();

function idText(literal: string): string {
  if (/^-?\d+$/.test(literal)) return literal;
  if (/e/i.test(literal)) return mangled(Number(literal));
  const [whole = '', fraction = ''] = literal.split('.');
  if (/[1-9]/.test(fraction)) return literal;
  return Number.isSafeInteger(Number(whole)) ? whole : mangled(Number(whole));
}

/**
 * A decimal literal as the text that the readers of values understand the same way whatever the file's conventions are:
 * without exponent, and never with exactly three decimals, which could be thousands. An identifier with an exponent comes
 * out as mangled; 13085.0 is 13085. Of values like 12.340000000000002 the noise of binary arithmetic is left out.
 */
export function literalText(literal: string, use: NumberUse): string {
  if (use === 'id') return idText(literal);
  const [mantissa = '', exponent] = literal.split(/e/i);
  if (exponent !== undefined && Math.abs(Number(exponent)) > furthestShift) return literal;
  const plain = exponent === undefined ? literal : withoutExponent(mantissa, Number(exponent));
  const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  if (decimals > 4) return withoutNoise(plain) ?? plain;
  return decimals === 3 ? `${plain}0` : plain;
}

/** Width of a binary number: how large whole numbers may be, and amounts with hundredths, before neighbours coincide. */
const widths = {
  single: { largestWhole: 2 ** 24, largestAmount: 2 ** 17, digits: 9 },
  double: { largestWhole: 2 ** 53, largestAmount: 2 ** 46, digits: 17 },
} as const;

/** The shortest decimal that is stored as this single-precision number. */
function shortestSingle(value: number): string {
  for (let digits = 1; digits < widths.single.digits; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/**
 * A binary number as text: the shortest decimal that is stored as it. An identifier or amount so large that its last digits
 * were lost comes out in a form that is rejected. NaN and infinities are no identifier, and as values they are rejected.
 */
export function floatText(value: number, use: NumberUse, width: keyof typeof widths): string {
  const { largestWhole, largestAmount } = widths[width];
  if (!Number.isFinite(value)) return use === 'id' ? '' : String(value);
  if (Math.abs(value) >= (use === 'id' ? largestWhole : largestAmount)) return mangled(value);
  return literalText(width === 'single' ? shortestSingle(value) : String(value), use);
}

/** A scaled integer as the shortest decimal text that is exact, in the form of `literalText`. */
export function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction.length === 3 ? `${fraction}0` : fraction}`;
  return unscaled < 0n ? `-${text}` : text;
}
