import { describe, expect, it } from 'vitest';
import { count, money, optionalReal, text } from '../../lambdas/lake/column.ts';
import { firstDifference } from './compare.ts';

const columns = { name: text(''), orders: count(''), share: optionalReal(''), spend: money('') };
const row = { name: 'a', orders: 3, share: 0.1 + 0.2, spend: 12_3400n };

describe('two results', () => {
  it('agree when all values do', () => {
    expect(
      firstDifference(
        columns,
        [row, { ...row, share: null }],
        [
          { ...row, share: 0.3 },
          { ...row, share: null },
        ],
      ),
    ).toBe(null);
    expect(firstDifference(columns, [], [])).toBe(null);
  });

  it.each([
    ['a text', { name: 'b' }, 'row 1, name: "a" on DuckDB, "b" on Trino'],
    ['a count', { orders: 4 }, 'row 1, orders: 3 on DuckDB, 4 on Trino'],
    ['an amount by a ten-thousandth', { spend: 12_3401n }, 'row 1, spend: 123400n on DuckDB, 123401n on Trino'],
    ['a double by more than the tolerance', { share: 0.300001 }, /^row 1, share: /],
    ['a null', { share: null }, /^row 1, share: .* null on Trino$/],
    ['not a number', { share: Number.NaN }, /^row 1, share: /],
    ['a missing column', { share: undefined }, /^row 1, share: /],
  ])('differ by %s', (_, change, difference) => {
    expect(firstDifference(columns, [row], [{ ...row, ...change }])).toMatch(difference);
  });

  it('differ by order and by number of rows', () => {
    const other = { ...row, name: 'b' };
    expect(firstDifference(columns, [row, other], [other, row])).toMatch(/^row 1, name/);
    expect(firstDifference(columns, [row, other], [row])).toBe('2 rows on DuckDB, 1 on Trino');
  });
});
