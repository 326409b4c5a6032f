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
    ['Rs.500', 5_000_000n],
    ['Rs. 1,23,456.00', 1_234_560_000n],
    ['12.-', 120_000n],
    ["CHF 1'234.50", 12_345_000n],
    ['１，２３４．５０', 12_345_000n],
    ['\u20135.00', -50_000n],
    ['5.00-', -50_000n],
  ])('%s', (text, value) => expect(parse(text)).toBe(value));
});

test('what an amount proves about the decimal sign', () => {
  expect(['12.5', '1,234.00', '1,234,567', '0.123', '1234.567', '12.3456'].map(evidence)).toEqual(Array(6).fill('.'));
  expect(['12,5', '1.234,00', '1.234.567', '0,123'].map(evidence)).toEqual(Array(4).fill(','));
  expect(['1,234', '12.345', '$1,234'].map(evidence)).toEqual(Array(3).fill('ambiguous'));
  expect(['12.50 kr.', '(1,234.50)', 'Fr. 12.50', '5.', '1,234.50-'].map(evidence)).toEqual(Array(5).fill('.'));
  expect(['1.234,50 kr.', '12,50 €', '-1.234,5'].map(evidence)).toEqual(Array(3).fill(','));
  expect(['Rs.500', '12.-', '12,-', '1 234:-'].map(evidence)).toEqual(Array(4).fill('none'));
  expect(['12', '', 'abc', '-5', '12.345.67', '1.2.3', '1,23.45', '5.1.2024'].map(evidence)).toEqual(
    Array(8).fill('none'),
  );
});
