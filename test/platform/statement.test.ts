import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optionalDate, optionalMoney, optionalReal, optionalText, real } from '../../lambdas/lake/column.ts';
import { StatementError } from '../../lambdas/platform/errors.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind, type Parameter, sqlFile, tablesRead } from '../../lambdas/platform/statement.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake('2024-06-30');
});
afterAll(() => lake.close());

const bound = (parameter: Parameter): string => bind('test', 'select :value', { value: parameter }).sql;

/** A value of a form that the type system would not let in, as a caller without types could pass it. */
const smuggled = (parameter: object): Parameter => parameter as Parameter;

const injection = "1'; drop table orders; --";

describe('binding', () => {
  test.each<[Parameter, string]>([
    [{ date: day('2024-02-29') }, "date '2024-02-29'"],
    [{ date: day('1000-01-01') }, "date '1000-01-01'"],
    [{ integer: -7 }, '-7'],
    [{ integer: Number.MAX_SAFE_INTEGER }, '9007199254740991'],
    [{ money: 123_456n }, "cast('12.3456' as decimal(18,4))"],
    [{ money: -1n }, "cast('-0.0001' as decimal(18,4))"],
    [{ money: 0n }, "cast('0.0000' as decimal(18,4))"],
    [{ rate: '0.861200' }, "cast('0.861200' as decimal(18,6))"],
    [{ token: 'win_back-high2' }, "'win_back-high2'"],
    [
      {
        rows: [
          [{ integer: 1 }, { token: 'a' }],
          [{ integer: 2 }, { token: 'b' }],
        ],
      },
      "(1, 'a'), (2, 'b')",
    ],
  ])('%o', (parameter, literal) => {
    expect(bound(parameter)).toBe(`select ${literal}`);
  });

  test.each<[string, Parameter]>([
    ['a fraction', { integer: 1.5 }],
    ['no number', { integer: Number.NaN }],
    ['infinity', { integer: Number.POSITIVE_INFINITY }],
    ['an integer that is not exact', { integer: 2 ** 53 }],
    ['text as an integer', smuggled({ integer: injection })],
    ['no date', { date: Number.NaN }],
    ['a date with a time', { date: 0.5 }],
    ['a date after 9999', { date: day('9999-12-31') + 1 }],
    ['a date before 1000', { date: day('1000-01-01') - 1 }],
    ['text as a date', smuggled({ date: injection })],
    ['an amount that is too large', { money: 10n ** 18n }],
    ['an amount that is too small', { money: -(10n ** 18n) }],
    ['text as an amount', smuggled({ money: injection })],
    ['a rate in words', { rate: 'one' }],
    ['a negative rate', { rate: '-1' }],
    ['a rate with seven decimals', { rate: '1.0000001' }],
    ['a rate with a statement', { rate: injection }],
    ['a rate that ends in a line break', { rate: '1\n' }],
    ['an empty token', { token: '' }],
    ['a token with a quote', { token: "a'b" }],
    ['a token with a blank', { token: 'a b' }],
    ['a token with a statement', { token: injection }],
    ['a token that ends in a line break', { token: 'abc\n' }],
    ['a token in another script', { token: 'аbc' }],
    ['a token of 65 characters', { token: 'a'.repeat(65) }],
    ['no rows', { rows: [] }],
    ['rows with something hostile', { rows: [[{ integer: 1 }, { token: injection }]] }],
    ['nothing', smuggled({})],
    ['another kind', smuggled({ text: injection })],
  ])('refuses %s', (_, parameter) => {
    expect(() => bound(parameter)).toThrow(StatementError);
  });

  test('the refusal names the statement, the parameter and the value', () => {
    expect(() => bind('orders', 'select :customer', { customer: { token: injection } })).toThrow(
      /statement orders: parameter :customer may not be .*drop table/,
    );
    expect(() => bind('orders', 'select :amount', { amount: { money: 10n ** 20n } })).toThrow(/1000000/);
  });

  test('no text at all gets out of its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (text) => {
        for (const parameter of [{ token: text }, { rate: text }, smuggled({ money: text, integer: text })]) {
          try {
            expect(bound(parameter)).toMatch(/^select (cast\('[\d.]+' as decimal\(19,6\)\)|'[A-Za-z0-9_-]{1,64}')$/);
          } catch (error) {
            expect(error).toBeInstanceOf(StatementError);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a parameter that is missing or left over is an error', () => {
    expect(() => bind('orders', 'select :as_of, :run_id', { as_of: { date: 0 } })).toThrow(
      /statement orders: parameter :run_id is not given/,
    );
    expect(() =>
      bind('orders', 'select :as_of', { as_of: { date: 0 }, run_id: { token: 'x' }, b: { date: 0 } }),
    ).toThrow(/statement orders has no parameter :run_id, :b/);
    expect(() => bind('orders', 'select :constructor', {})).toThrow(/parameter :constructor is not given/);
  });

  test('casts, times and words with a colon are no parameters', () => {
    const sql = "select x::date, '12:30', 'a:b' from t";
    expect(bind('test', sql, {}).sql).toBe(sql);
    expect(bind('test', ' select 1;\n', {}).sql).toBe('select 1');
  });

  test('a parameter may occur often, and a value that looks like one is not bound again', () => {
    const twice = bind('test', 'select :a, :b, :a', { a: { integer: 1 }, b: { token: 'a' } });
    expect(twice.sql).toBe("select 1, 'a', 1");
  });

  test('DuckDB reads the literals as the values they were', async () => {
    const statement = bind('literals', 'select 1.0 as id, :d as d, :m as m, :r as r, :t as t', {
      d: { date: day('2024-02-29') },
      m: { money: -99_999_999_999_999_9999n },
      r: { rate: '123456789.123456' },
      t: { token: 'abc' },
    });
    const columns = {
      id: real(''),
      d: optionalDate(''),
      m: optionalMoney(''),
      r: optionalReal(''),
      t: optionalText(''),
    };
    expect(await rowsOf(lake.engine, statement, { columns, key: ['id'] })).toEqual([
      { id: 1, d: day('2024-02-29'), m: -99_999_999_999_999_9999n, r: 123456789.123456, t: 'abc' },
    ]);
  });
});

test('a statement file is bound under its own name', () => {
  const gates = sqlFile(new URL('../../lambdas/night/gates.ts', import.meta.url).href, 'gates.sql');
  expect(() => gates({})).toThrow(/statement gates: parameter :as_of is not given/);
});

test('tables are those that a statement reads from, not words elsewhere', () => {
  const sql = 'with a as (select count(*) as customers from orders_runs) select * from a inner join b on true';
  expect([...tablesRead(sql)]).toEqual(['orders_runs', 'a', 'b']);
});
