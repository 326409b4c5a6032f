import { describe, expect, it } from 'vitest';
import { firstDifference } from './compare.ts';

const names = ['name', 'orders', 'share', 'spend', 'at'];
const types = ['varchar', 'bigint', 'double', 'decimal(18,4)', 'timestamp'];
const row = ['a', '3', '0.30000000000000004', '12.3400', '2026-01-31 10:00:00'];
const table = (...rows: (readonly (string | null)[])[]) => ({ names, types, rows });
const changed = (name: string, value: string | null) => row.map((own, i) => (names[i] === name ? value : own));

describe('two results', () => {
  it('agree when all values do', () => {
    const other = changed('share', '0.3');
    expect(firstDifference(table(row, changed('share', null)), table(other, changed('share', null)))).toBe(null);
    expect(firstDifference(table(row), table(changed('at', '2026-01-31 10:00:00.000')))).toBe(null);
    expect(firstDifference(table(changed('share', 'NaN')), table(changed('share', 'NaN')))).toBe(null);
    expect(firstDifference(table(), table())).toBe(null);
  });

  it.each([
    ['a text', 'name', 'b', 'row 1, name: "a" on DuckDB, "b" on Trino'],
    ['a text of the same number', 'name', 'a.0', 'row 1, name: "a" on DuckDB, "a.0" on Trino'],
    ['a count', 'orders', '4', 'row 1, orders: "3" on DuckDB, "4" on Trino'],
    ['an amount by a ten-thousandth', 'spend', '12.3401', 'row 1, spend: "12.3400" on DuckDB, "12.3401" on Trino'],
    ['a double by more than the tolerance', 'share', '0.300001', /^row 1, share: /],
    ['a null', 'share', null, /^row 1, share: .* null on Trino$/],
    ['not a number', 'share', 'NaN', /^row 1, share: /],
    ['a fraction of a second', 'at', '2026-01-31 10:00:00.001', /^row 1, at: /],
  ])('differ by %s', (_, name, value, difference) => {
    expect(firstDifference(table(row), table(changed(name, value)))).toMatch(difference);
  });

  it('differ by columns, by order and by number of rows', () => {
    const other = changed('name', 'b');
    expect(firstDifference(table(row), { ...table(row), names: ['other', ...names.slice(1)] })).toMatch(/^the columns/);
    expect(firstDifference(table(row, other), table(other, row))).toMatch(/^row 1, name/);
    expect(firstDifference(table(row, other), table(row))).toBe('2 rows on DuckDB, 1 on Trino');
  });
});
