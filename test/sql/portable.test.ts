import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { trinoGrammar } from './trino-grammar.ts';

/** Functions that DuckDB and Trino both have, with one meaning. What aggregates and date_trunc return still needs a cast. */
const functions = new Set(
  `abs bool_and bool_or cast ceil coalesce count date_diff date_trunc day dense_rank floor lag lead length lower max
  max_by min min_by mod month nullif rank round row_number split_part strpos substr sum trim try_cast upper`.split(
    /\s+/,
  ),
);

/** Keywords and types that may stand before a parenthesis. */
const notFunctions = new Set(
  `all and any as between by case decimal distinct else except exists filter from group having in intersect join not on
  or over select then union using values when where with`.split(/\s+/),
);

const forbidden: readonly [RegExp, string][] = [
  [/`/, 'a backtick'],
  [/::/, 'a :: cast'],
  [/;/, 'a semicolon: one statement per file'],
  [/\bqualify\b/, 'qualify'],
  [/\bgroup by all\b/, 'group by all'],
  [/\b(select|\.)\s*\*\s*(exclude|replace)\b/, 'select * exclude'],
  [/\bat time zone\b/, 'a time zone'],
  [/\bignore nulls\b/, 'ignore nulls'],
  [/\b(greatest|least|concat)\b/, 'a function whose nulls differ: coalesce first, or use case or ||'],
  [
    /\b(now\s*\(|current_date|current_timestamp|random\s*\(|rand\s*\(|uuid\s*\()/,
    'a value that differs from run to run',
  ],
  [/\b(real|float|hugeint)\b/, 'a type that the contract has not'],
  [/"/, 'a quoted identifier'],
];

const withoutComments = (sql: string): string => sql.replace(/--.*$/gm, '');
const withoutTexts = (sql: string): string => withoutComments(sql).replace(/'(?:[^']|'')*'/g, "''");

/** What stands against running a statement on both engines; empty when nothing does. */
function objections(sql: string): string[] {
  const code = withoutTexts(sql);
  const found = forbidden.flatMap(([pattern, name]) => (pattern.test(code) ? [name] : []));
  if (/[A-Z]/.test(code)) found.push('upper case outside of texts');
  for (const [, name = ''] of code.matchAll(/\b([a-z_]\w*)\s*\(/g)) {
    const isAlias = new RegExp(`\\bas\\s+${name}\\s*\\(`).test(code);
    if (!functions.has(name) && !notFunctions.has(name) && !isAlias) found.push(`the function ${name}`);
  }
  return found;
}

/** A statement as the grammar can read it: parameters stand for a literal, or for rows after `values`. */
const withLiterals = (sql: string): string =>
  withoutComments(sql)
    .replace(/\bvalues\s+:[a-z_]+\b/g, 'values (1)')
    .replace(/(?<![:\w]):[a-z_]+\b/g, '1');

const root = fileURLToPath(new URL('../../lambdas/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .sort();

let grammar: (sql: string) => string[];
beforeAll(async () => {
  grammar = await trinoGrammar();
});

describe('every statement', () => {
  it('is found', () => {
    expect(files).toContain('features/features.sql');
  });

  it.each(files)('%s is read by the grammar of Trino', (file) => {
    expect(grammar(withLiterals(readFileSync(`${root}${file}`, 'utf8')))).toEqual([]);
  });

  it.each(files)('%s keeps to what both engines mean alike', (file) => {
    expect(objections(readFileSync(`${root}${file}`, 'utf8'))).toEqual([]);
  });
});

describe('the checks', () => {
  it.each([
    ['select a from t qualify row_number() over (order by a) = 1', 'qualify'],
    ['select a::bigint from t', 'a :: cast'],
    ['select `a` from t', 'a backtick'],
    ['select a from t; select b from t', 'a semicolon: one statement per file'],
    ['SELECT a from t', 'upper case outside of texts'],
    ['select list_sum(a) from t', 'the function list_sum'],
    ['select greatest(a, b) from t', 'a function whose nulls differ: coalesce first, or use case or ||'],
  ])('object to %s', (sql, objection) => {
    expect(objections(sql)).toContain(objection);
  });

  it('do not object to texts, comments, expressions or own names', () => {
    const sql = "with t as (select 'A;`::' as a -- QUALIFY\n from (values (1)) as v (n)) select count(a) from t";
    expect(objections(sql)).toEqual([]);
  });

  it('know what Trino does not parse', () => {
    expect(grammar('select * exclude (a) from t')).not.toEqual([]);
    expect(grammar('select a from t group by all')).not.toEqual([]);
    expect(grammar('select count(*) filter (where a > 1) as n from t')).toEqual([]);
  });
});
