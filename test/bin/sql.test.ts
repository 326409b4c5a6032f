import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../../lambdas/lake/contract.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { readOnlyQuery, StatementRefused } from '../../lambdas/platform/local/read-only-query.ts';
import type { Ended } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { winbackIn, writeOrders } from './small-shop.ts';

let folder: string;
let run: (...words: string[]) => Promise<Ended>;
const sql = (...words: string[]): Promise<Ended> => run('sql', '--lake', 'lake', ...words);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-sql-'));
  run = winbackIn(folder);
  await run('run', '--orders', await writeOrders(folder, 'early.csv', 40), '--lake', 'lake', '--as-of', '2024-04-27');
  await run('run', '--orders', await writeOrders(folder), '--lake', 'lake');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('winback sql', () => {
  test('shows what is published as a table, and says of which night', async () => {
    const { code, out, err } = await sql('select count(*) as buyers, sum(orders) as orders from customer_features');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('  buyers   orders\n       9       60\n\n  1 row (published: the night of 2024-06-26)\n');
  });

  test('reads all nights under the name of the stored table', async () => {
    const { out } = await sql('--csv', 'select as_of, count(*) as orders from orders_runs group by as_of order by 1');
    expect(out).toBe('as_of,orders\r\n2024-04-27,40\r\n2024-06-26,60\r\n');
  });

  test('finds tables that are named in any way', async () => {
    const text =
      'with o as (from "orders"), f as (select * from o, /* x */ Customer_Features) select count(*) as n from f';
    expect((await sql('--csv', text)).out).toBe('n\r\n540\r\n');
  });

  test('gives programs types and exact values', async () => {
    const text =
      'select customer_key is null as gone, sum(gross_amount) as amount, max(order_date) as day, null as x from orders group by 1';
    expect(JSON.parse((await sql('--json', text)).out)).toEqual({
      as_of: '2024-06-26',
      run_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      columns: [
        { name: 'gone', type: 'BOOLEAN' },
        { name: 'amount', type: 'DECIMAL(38,4)' },
        { name: 'day', type: 'DATE' },
        { name: 'x', type: 'INTEGER' },
      ],
      rows: [{ gone: false, amount: '2370.0000', day: '2024-06-26', x: null }],
    });
  });

  test('shows a hundred rows, and --csv all, with quotes where a text needs them', async () => {
    const shown = await sql('select range as n from range(250)');
    expect(shown.out.split('\n')).toHaveLength(104);
    expect(shown.out).toContain('the first 100 of 250 rows; --csv or --json prints all');
    const all = await sql('--csv', `select 'a "b", c' as x, range as n from range(250)`);
    expect(all.out.split('\r\n').slice(0, 2)).toEqual(['x,n', '"a ""b"", c",0']);
    expect(all.out.split('\r\n')).toHaveLength(252);
  });

  test('takes the statement from a file or from standard input', async () => {
    await writeFile(join(folder, 'question.sql'), '-- how many?\nselect count(*) as n from orders;\n');
    expect((await sql('--csv', '--file', 'question.sql')).out).toBe('n\r\n60\r\n');
    const program = fileURLToPath(new URL('../../bin/winback.js', import.meta.url));
    const piped = `"${process.execPath}" "${program}" sql --csv --lake lake`;
    const shell = (line: string): string => execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect(shell(`${piped} < question.sql`)).toBe('n\r\n60\r\n');
    expect(shell(`cat question.sql | ${piped}`)).toBe('n\r\n60\r\n');
  });

  test('lists every table with its grain, and the columns of one with their meaning', async () => {
    const [alone, listed, one] = await Promise.all([
      run('sql'),
      run('sql', '--tables', '--json'),
      run('sql', '--tables', 'orders_runs'),
    ]);
    const lines = alone.out.split('\n');
    for (const { name, grain } of tables)
      expect(lines.some((line) => line.startsWith(`  ${name} `) && line.includes(grain))).toBe(true);
    expect(JSON.parse(listed.out).tables).toHaveLength(tables.length);
    expect(one.out).toContain('orders: One order: its winning version.');
    expect(one.out).toMatch(/order_date +date .*/);
  });

  test('keeps contact data back unless it is asked for', async () => {
    expect((await sql('select email from customers')).err).toMatch(/holds contact data.*\n.*--personal/);
    expect((await sql('select count(*) as customers from orders')).code).toBe(0);
    expect((await sql('--personal', '--csv', 'select min(email) as e from customers')).out).toBe(
      'e\r\nc0@shop.example\r\n',
    );
  });

  test.each<[string, string, RegExp]>([
    ['two statements', 'select 1; select 2', /these are 2 statements/],
    ['a table to be made', 'create table x (a int)', /kind create is not run: the lake is only read/],
    ['a change', 'insert into orders select * from orders', /orders is not an table/],
    ['a copy', "copy (select 1) to 'out.csv'", /reads or writes beside the tables of the lake/],
    ['a database', "attach 'out.db'", /kind attach is not run/],
    ['an extension', 'install httpfs', /kind load is not run/],
    ['a setting', 'set enable_external_access = true', /kind set is not run/],
    ['a file', "select * from read_csv('/etc/hosts')", /reads or writes beside the tables of the lake/],
    ['a file as a table', "from '/etc/hosts'", /there is no table \/etc\/hosts/],
    ['a list of files', "select * from glob('/etc/*')", /reads or writes beside the tables/],
    ['no statement', '/* nothing */', /there is no statement/],
    ['no SQL', 'selec 1', /syntax error.*\n.*line 1: selec 1/],
    ['a parameter', 'select ? from orders', /has parameters/],
    ['a misspelt table', 'from ordrs', /there is no table ordrs\n.*Do you mean orders\?.*--tables/],
    ['a misspelt column', 'select segmnt from customer_features', /no column segmnt\n.*Do you mean segment\?/],
    ['a column that is none', 'select f.zzzzzzzz from customer_features as f', /no column zzzzzzzz\n.*--tables NAME/],
    ['a wrong cast', "select cast('x' as integer)", /Could not convert string 'x'/],
  ])('%s: refused', async (_, statement, message) => {
    const root = join(folder, 'lake');
    const asked = async (): Promise<void> => {
      const result = await readOnlyQuery(fileStore(root), root, statement, false);
      for await (const _ of result.batches());
      result.close();
    };
    const error: unknown = await asked().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StatementRefused);
    const { message: what, next } = error as StatementRefused;
    expect(`${what}\n${next}`).toMatch(message);
    expect(what).not.toContain('\n');
  });

  test.each<[string, string[], RegExp]>([
    ['the secret', ["select * from read_text('lake/secret/identity-secret')"], /reads or writes beside the tables/],
    ['a copy', ["copy (select 1) to 'out.csv'"], /reads or writes beside the tables/],
    ['too many words', ['select', '1'], /more than one statement is named/],
    ['a table to list that is none', ['--tables', 'ordrs'], /no table "ordrs"\n.*Do you mean orders\?/],
  ])('%s: refused in a sentence, and nothing is written', async (_, words, message) => {
    const before = await hashesUnder(folder);
    const { code, out, err } = await sql(...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(await hashesUnder(folder)).toEqual(before);
  });

  test('a file that is not there, and a lake that is none', async () => {
    expect(await sql('--file', 'missing.sql')).toMatchObject({ code: 3, err: expect.stringMatching(/missing\.sql/) });
    const nowhere = await run('sql', 'select 1', '--lake', 'nowhere');
    expect(nowhere).toMatchObject({ code: 3, err: expect.stringMatching(/there is no lake in/) });
  });

  test('a table of a night before any is published is empty, and that is said', async () => {
    await run('ingest', 'early.csv', '--lake', 'ingested');
    const { out } = await run('sql', 'select count(*) as n from orders', '--lake', 'ingested');
    expect(out).toContain('no night is published yet');
    const told = await run('sql', '--csv', 'select count(*) as n from order_versions', '--lake', 'ingested');
    expect(told.out).toBe('n\r\n40\r\n');
  });
});

describe('winback report', () => {
  const report = (...words: string[]): Promise<Ended> => run('report', '--lake', 'lake', ...words);

  test('tells where the report of the current night is, and of an earlier one', async () => {
    const now = JSON.parse((await report('--json')).out);
    expect(now).toMatchObject({ as_of: '2024-06-26', is_current: true, copied: null });
    const then = JSON.parse((await report('--json', '--as-of', '2024-04-27')).out);
    expect(then).toMatchObject({ as_of: '2024-04-27', is_current: false });
    expect((await report()).out).toContain(now.report);
    for (const { report: path } of [now, then]) expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('copies it', async () => {
    const ended = await report('--out', 'copy.html');
    expect(ended.out).toContain(join(folder, 'copy.html'));
    const { report: path } = JSON.parse((await report('--json')).out);
    expect(await readFile(join(folder, 'copy.html'))).toEqual(await readFile(path));
    expect(await report('--out', 'no/such/folder.html')).toMatchObject({ code: 5, out: '' });
  });

  test('says what to do where there is none', async () => {
    expect(await report('--as-of', '2024-05-01')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /no night of 2024-05-01.*\n.*2024-04-27, 2024-06-26.*winback replay 2024-05-01 --report/,
      ),
    });
    const { report: path } = JSON.parse((await report('--json', '--as-of', '2024-04-27')).out);
    const kept = await readFile(path);
    await rm(path);
    expect(await report('--as-of', '2024-04-27')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/is not there any more.*\n.*winback replay 2024-04-27 --report FILE/),
    });
    await writeFile(path, kept);
  });
});
