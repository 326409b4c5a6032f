import { expect, it } from 'vitest';
import { count } from '../../../lambdas/lake/column.ts';
import { shapedSql } from '../../../lambdas/platform/query-engine.ts';
import { bind } from '../../../lambdas/platform/statement.ts';
import { isStatementOf, statementFiles } from './files.ts';

const file = (text: string) => ({ path: 'some.sql', text });
const text = '-- People.\nselect n from t where as_of = :as_of and n > :least order by 1;\n';
const asked = (least: number): string =>
  shapedSql(bind('some', text, { as_of: { date: 20_000 }, least: { integer: least } }), {
    columns: { n: count('N.') },
    key: ['n'],
  });

it('a statement is known by its text, whatever is bound', () => {
  expect(isStatementOf(file(text), asked(1))).toBe(true);
  expect(isStatementOf(file(text), `unload (\n${asked(12)}\n) to 's3://lake/x/'`)).toBe(true);
  expect(isStatementOf(file('select 1 as one\n'), 'select 1 as one')).toBe(true);
});

it.each([
  ['begins otherwise', text.replace('People', 'Persons')],
  ['ends otherwise', text.replace('order by 1', 'order by 1 desc')],
  ['says more in between', text.replace('and n', 'and m = 1 and n')],
  ['has a parameter less', text.replace(' and n > :least', '')],
  ['has none', 'select n from t'],
])('one that %s is another', (_, other) => {
  expect(isStatementOf(file(other), asked(1))).toBe(false);
});

it('finds the statements of the product', () => {
  const paths = statementFiles('lambdas', 'bin').map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['lambdas/features/features.sql', 'bin/commands/explain.sql']));
});
