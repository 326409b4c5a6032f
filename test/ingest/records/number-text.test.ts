import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText, floatText, literalText } from '../../../lambdas/ingest/records/number-text.ts';
import { parseAmount } from '../../../lambdas/ingest/values/amount.ts';

const amountOf = (text: string): bigint | string => {
  const bytes = Buffer.from(text);
  return parseAmount(bytes, 0, bytes.length, '.', new Set());
};

/** Ten-thousandths as a binary number, as a shop's program computes it. */
const tenThousandths = fc.bigInt(-(10n ** 12n), 10n ** 12n);

describe('numbers of typed formats', () => {
  test('amounts with four decimals come back exactly from double precision', () => {
    fc.assert(
      fc.property(tenThousandths, (scaled) => {
        expect(amountOf(floatText(Number(scaled) / 1e4, 'value', 'double'))).toBe(scaled);
      }),
    );
  });

  test('and so do sums of such numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-(10n ** 9n), 10n ** 9n), { minLength: 2, maxLength: 20 }), (parts) => {
        const sum = parts.reduce((total, part) => total + Number(part) / 1e4, 0);
        const exact = parts.reduce((total, part) => total + part, 0n);
        fc.pre((exact < 0n ? -exact : exact) > 10n ** 8n);
        expect(amountOf(floatText(sum, 'value', 'double'))).toBe(exact);
      }),
    );
  });

  test('amounts in hundredths come back exactly from single precision, or are rejected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000_000 }), (cents) => {
        const amount = amountOf(floatText(Math.fround(cents / 100), 'value', 'single'));
        expect(cents / 100 < 2 ** 17 ? amount === BigInt(cents) * 100n : amount === 'bad_amount').toBe(true);
      }),
    );
  });

  test('scaled integers come back exactly, whatever their scale', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 13n), 10n ** 13n), fc.integer({ min: 0, max: 4 }), (unscaled, scale) => {
        expect(amountOf(decimalText(unscaled, scale))).toBe(unscaled * 10n ** BigInt(4 - scale));
      }),
    );
  });

  test('an exponent moves the point and changes nothing else', () => {
    fc.assert(
      fc.property(tenThousandths, fc.integer({ min: -8, max: 8 }), (scaled, shift) => {
        const moved = shift <= 0 ? `${scaled * 10n ** BigInt(-shift)}e${shift - 4}` : `${scaled}E${-4}`;
        expect(amountOf(literalText(moved, 'value'))).toBe(scaled);
      }),
    );
  });

  test('no number is written with exactly three decimals, which could be thousands', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), (value) => {
        expect(floatText(value, 'value', 'double')).not.toMatch(/\.\d{3}$/);
      }),
    );
  });

  test.each([
    [13085, '13085'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '9.007199254740992E+15'],
    [1e21, '1E+21'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
    [-0, '0'],
    [1.5, '1.5'],
  ])('the identifier %d is %s', (value, text) => {
    expect(floatText(value, 'id', 'double')).toBe(text);
  });

  test.each([
    ['12.3400', '12.3400'],
    ['1.234', '1.2340'],
    ['12.340000000000002', '12.34'],
    ['12345678901234.567800000', '12345678901234.5678'],
    ['-600000000000.120049', '-600000000000.12'],
    ['12.34001', '12.34001'],
    ['1e-400', '1e-400'],
    ['-1.5e1', '-15'],
  ])('the literal %s is %s', (literal, text) => {
    expect(literalText(literal, 'value')).toBe(text);
  });
});
