import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAmount, separatorEvidence } from '../../../lambdas/ingest/values/amount.ts';
import { currencyCodes } from '../../../lambdas/ingest/values/currencies.ts';

const parse = (text: string, separator: '.' | ',' = '.') => {
  const bytes = Buffer.from(text, 'utf8');
  return parseAmount(bytes, 0, bytes.length, separator, currencyCodes);
};
const evidence = (text: string) => separatorEvidence(Buffer.from(text), 0, Buffer.byteLength(text));

const amount = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });
const written = (value: bigint, decimal: string, thousands: string): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
  const units = digits.slice(0, -4).replace(/\B(?=(\d{3})+$)/g, thousands);
  return `${value < 0n ? '-' : ''}${units}${decimal}${digits.slice(-4)}`;
};

describe('parseAmount', () => {
  test('every amount that the lake can hold is read exactly, however it is grouped', () => {
    fc.assert(
      fc.property(amount, (value) => {
        for (const thousands of ['', ',', ' ', "'"]) expect(parse(written(value, '.', thousands))).toBe(value);
        for (const thousands of ['', '.', '\u00a0']) expect(parse(written(value, ',', thousands), ',')).toBe(value);
      }),
      { seed: 11 },
    );
  });

  test.each([
    '1e3',
    '0x1F',
    'NaN',
    'Infinity',
    '1_000',
    '1,23',
    '12,34.5',
    '1.2.3',
    '--1',
    '5 5',
    'abc',
    '$',
    '€€5',
    '٣',
  ])('%s is no amount', (text) => expect(parse(text)).toBe('bad_amount'));

  test.each([
    ['.5', 5_000n],
    ['5.', 50_000n],
    ['(1,234.50)', -12_345_000n],
    ['-$1.85', -18_500n],
    ['$-1.85', -18_500n],
    ['€ 1.00', 10_000n],
    ['\u22122.50', -25_000n],
    ['12,34,567.00', 12_345_670_000n],
    ['10.123400000', 101_234n],
  ])('%s', (text, value) => expect(parse(text)).toBe(value));
});

test('what an amount proves about the decimal sign', () => {
  expect(['12.5', '1,234.00', '1,234,567', '0.123', '1234.567', '12.3456'].map(evidence)).toEqual(Array(6).fill('.'));
  expect(['12,5', '1.234,00', '1.234.567', '0,123'].map(evidence)).toEqual(Array(4).fill(','));
  expect(['1,234', '12.345', '$1,234'].map(evidence)).toEqual(Array(3).fill('ambiguous'));
  expect(['12', '', 'abc', '-5'].map(evidence)).toEqual(Array(4).fill('none'));
});
