import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, winback } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-bin-'));
  await mkdir(join(folder, 'a-folder'));
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(folder, 'no-total.csv'), 'order_id,customer_id,order_ts\n1,c1,2024-01-01\n');
  await writeFile(join(folder, 'wrong.json'), '{"modle": {}}');
  await writeFile(join(folder, 'broken.json'), '{"model": ');
  const rows = Array.from({ length: 60 }, (_, i) => {
    const on = new Date(Date.UTC(2024, 0, 1 + i * 3, 10)).toISOString();
    return `${i + 1},c${i % 9},c${i % 9}@shop.example,${on},${10 + i}.00,EUR`;
  });
  await writeFile(join(folder, 'good.csv'), ['order_id,customer_id,email,order_ts,total,currency', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let lakes = 0;
const newLake = (): string => join(folder, `lake-${lakes++}`);
const inHere = (...words: string[]): Promise<Ended> => winback(words, { cwd: folder });

const filesUnder = async (path: string): Promise<string[]> => {
  try {
    return [...(await hashesUnder(path)).keys()];
  } catch {
    return [];
  }
};

/** A failure that was foreseen: one sentence, what to do next, nothing on standard output, no trace of the code. */
function expectSentence(ended: Ended, code: number, ...parts: (string | RegExp)[]): void {
  expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
  for (const part of parts) expect(ended.err).toMatch(part);
  const lines = ended.err.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^winback: /);
  expect(ended.err).not.toMatch(/\n\s+at |\.ts:\d+|node:internal/);
}

describe('what is called wrongly is said in a sentence, with exit code 2', () => {
  test.concurrent.each<[string, string[], RegExp[]]>([
    ['an unknown command', ['runn'], [/there is no command "runn"/, /Commands: run, /]],
    ['an unknown option', ['run', '--as-off', '2024-01-01'], [/--as-off/, /winback run --help/]],
    ['an option without its value', ['run', '--orders'], [/--orders/]],
    [
      'a date that is none',
      ['run', '--orders', 'good.csv', '--as-of', '2024-02-30'],
      [/--as-of 2024-02-30/, /YYYY-MM-DD/],
    ],
    ['a date in other words', ['run', '--orders', 'good.csv', '--as-of', 'yesterday'], [/--as-of yesterday/]],
    ['a horizon of no days', ['run', '--orders', 'good.csv', '--horizon', '0'], [/--horizon 0/, /from 7 to 730/]],
    ['a horizon in words', ['run', '--orders', 'good.csv', '--horizon', '90d'], [/--horizon 90d/]],
    ['nothing to ingest', ['ingest'], [/no export file is named/]],
    ['two files to check', ['check', 'good.csv', 'good.csv'], [/check takes one file/]],
    ['nobody to explain', ['explain'], [/no customer is named/]],
    ['a backtest on no dates', ['backtest', '--dates', '0'], [/--dates 0/, /from 1 to 12/]],
    ['a backtest on dates in words', ['backtest', '--dates', 'all'], [/--dates all/]],
    ['a date to roll back to', ['rollback', 'yesterday', '--lake', 'nowhere'], [/yesterday is not a date/]],
    ['seeds that are no numbers', ['demo', '--seed', 'x'], [/--seed x is not a whole number/]],
    [
      'a setting that is none',
      ['run', '--orders', 'good.csv', '--config', 'wrong.json'],
      [/wrong\.json: modle is not a setting/],
    ],
    [
      'settings that are no JSON',
      ['run', '--orders', 'good.csv', '--config', 'broken.json'],
      [/broken\.json is not JSON/],
    ],
  ])('%s', async (_, words, parts) => {
    const before = await readdir(folder);
    expectSentence(await inHere(...words), 2, ...parts);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('what cannot be taken is said in a sentence, with exit code 3', () => {
  test.concurrent.each<[string, string, RegExp]>([
    ['a path with nothing', 'missing.csv', /missing\.csv: there is no such file/],
    ['a folder', 'a-folder', /a-folder is not a file/],
  ])('%s: nothing is written', async (_, path, message) => {
    const lake = newLake();
    expectSentence(await inHere('run', '--orders', 'good.csv', path, '--lake', lake), 3, message);
    expect(await filesUnder(lake)).toEqual([]);
    expectSentence(await inHere('check', path), 3, message);
  });

  test.concurrent.each<[string, string, RegExp]>([
    ['an empty file', 'empty.csv', /refused: empty\.csv has no bytes/],
    ['a file without a total', 'no-total.csv', /refused: no-total\.csv .*total/],
  ])('%s: the lake holds its receipt, and that is all', async (_, path, message) => {
    const lake = newLake();
    expectSentence(await inHere('run', '--orders', path, '--lake', lake), 3, message);
    expect(await filesUnder(lake)).toEqual([
      expect.stringMatching(/^ledger\/receipts\/[0-9a-f]{64}-[0-9a-f]{64}\.json$/),
      'secret/identity-secret',
    ]);
  });

  test('a lake that is not there', async () => {
    expectSentence(await inHere('run', '--lake', 'nowhere'), 3, /there is no lake in .*nowhere/, /--orders/);
  });

  test('lists and explain before any night', async () => {
    const lake = newLake();
    await mkdir(lake);
    const ended = await Promise.all([inHere('lists', '--lake', lake), inHere('explain', 'c1', '--lake', lake)]);
    for (const each of ended) expectSentence(each, 3, /no night has been published in this lake|there is no lake in/);
  });

  test('a date before the first order', async () => {
    const lake = newLake();
    const ended = await inHere('run', '--orders', 'good.csv', '--lake', lake, '--as-of', '2023-12-31');
    expectSentence(ended, 3, /no order is dated on or before 2023-12-31; the oldest is of 2024-01-01/);
    expect((await filesUnder(lake)).filter((path) => /^(runs|published)\//.test(path))).toEqual([]);
  });
});

describe('a lake that cannot be used is said in a sentence, with exit code 5', () => {
  test.concurrent.each<[string, string, RegExp]>([
    ['a file', 'good.csv', /the lake .*good\.csv is a file/],
    [
      'a path under a file',
      'good.csv/lake',
      /the lake .*good\.csv\/lake cannot be used, at .*: a part of its path is a file, not a folder/,
    ],
  ])('%s', async (_, lake, message) => {
    const before = await readFile(join(folder, 'good.csv'), 'utf8');
    expectSentence(await inHere('run', '--orders', 'good.csv', '--lake', lake), 5, message);
    expect(await readFile(join(folder, 'good.csv'), 'utf8')).toBe(before);
  });

  test('a folder that may not be written', async () => {
    const readOnly = join(folder, 'read-only');
    await mkdir(readOnly, { mode: 0o500 });
    // the superuser may write there, but not into a folder of the kernel's
    const lakes = process.getuid?.() === 0 ? ['/sys/winback', '/proc/winback'] : [join(readOnly, 'lake')];
    for (const lake of lakes) {
      const ended = await inHere('run', '--orders', 'good.csv', '--lake', lake);
      expectSentence(
        ended,
        5,
        /the lake .* cannot be used, at .*: (permission is denied|its disk is read-only|there is no such file or folder)/,
      );
    }
    expect(await readdir(readOnly)).toEqual([]);
  });

  test('lists pulled into a file', async () => {
    const lake = newLake();
    await inHere('run', '--orders', 'good.csv', '--lake', lake);
    expectSentence(
      await inHere('lists', 'pull', '--out', 'good.csv', '--lake', lake),
      5,
      /good\.csv.* cannot be written/,
    );
  });
});

test('a gate that fails is exit code 4, and nothing is published', async () => {
  const lake = newLake();
  const ended = await inHere('run', '--orders', 'good.csv', '--lake', lake, '--as-of', '2024-12-31');
  expectSentence(ended, 4, /nothing is published: freshness: newest order 188 days before 2024-12-31 \(limit 7\)/);
  expect((await filesUnder(lake)).filter((path) => path.startsWith('published/'))).toEqual([]);
});

describe('a night', () => {
  let lake: string;
  let told: Ended;
  beforeAll(async () => {
    lake = newLake();
    told = await inHere('run', '--orders', 'good.csv', '--lake', lake);
  });

  test('is told to a person: files, people, lists, report', () => {
    expect([told.code, told.err]).toEqual([0, '']);
    expect(told.out).toContain('good.csv: 60 records read = 60 orders');
    expect(told.out).toContain('Night of 2024-06-26');
    expect(told.out).toContain('9 buyers');
    expect(told.out).toContain('rules, because there is not enough data for a model');
    expect(told.out).toMatch(/win_back_high .*\n.*win_back_medium .*\n.*win_back_low .*\n.*second_order /);
    expect(told.out).toContain(join(lake, 'published'));
    expect(told.out).toContain('the newest order date, at most yesterday');
    expect(told.out).not.toContain('\u001b');
  });

  test('run again says that nothing changed', async () => {
    const ended = await inHere('run', '--orders', 'good.csv', '--lake', lake);
    expect(ended.out).toContain('Nothing changed since this night was published');
    const withoutFiles = await inHere('run', '--lake', lake, '--json');
    expect(JSON.parse(withoutFiles.out)).toMatchObject({ published: false, files: [] });
  });

  test.concurrent.each<[string, string[], number, Record<string, unknown>]>([
    ['run', ['run', '--lake', 'LAKE'], 0, { as_of: '2024-06-26', lists: expect.any(Array) }],
    [
      'ingest',
      ['ingest', 'good.csv', '--lake', 'LAKE'],
      0,
      {
        files: [
          expect.objectContaining({
            orders_accepted: 60,
            first_order_date: '2024-01-01',
            last_order_date: '2024-06-26',
            totals: { EUR: { orders: 60, gross: '2370.00', refunded: '0.00', net: '2370.00' } },
          }),
        ],
      },
    ],
    ['check', ['check', 'good.csv'], 0, { verdict: 'accepted', counts: expect.objectContaining({ read: 60 }) }],
    ['check, refused', ['check', 'no-total.csv'], 3, { verdict: 'refused' }],
    ['lists', ['lists', '--lake', 'LAKE'], 0, { as_of: '2024-06-26', age_days: expect.any(Number) }],
    ['lists show', ['lists', 'show', 'win_back_low', '--lake', 'LAKE'], 0, { campaign: 'win_back_low' }],
    ['explain', ['explain', 'c1', '--lake', 'LAKE'], 0, { customers: [expect.objectContaining({ orders: 7 })] }],
    ['rollback', ['rollback', '2024-06-26', '--lake', 'LAKE'], 0, { as_of: '2024-06-26' }],
    [
      'an unknown customer',
      ['explain', 'nobody-knows', '--lake', 'LAKE'],
      3,
      { error: expect.objectContaining({ exit_code: 3 }) },
    ],
    [
      'an unknown campaign',
      ['lists', 'show', 'x', '--lake', 'LAKE'],
      2,
      { error: expect.objectContaining({ exit_code: 2 }) },
    ],
    [
      'a missing file',
      ['run', '--orders', 'missing.csv'],
      3,
      { error: expect.objectContaining({ name: 'FileAccessError' }) },
    ],
  ])('%s --json prints one JSON object and nothing else', async (_, words, code, expected) => {
    const ended = await inHere(...words.map((word) => (word === 'LAKE' ? lake : word)), '--json');
    expect([ended.code, ended.err]).toEqual([code, '']);
    const parsed: unknown = JSON.parse(ended.out);
    expect(Array.isArray(parsed)).toBe(false);
    expect(parsed).toMatchObject(expected);
  });

  test('an unknown customer, campaign, list action and date are said in a sentence', async () => {
    const [nobody, campaign, action, nowhere, date] = await Promise.all([
      inHere('explain', 'nobody-knows', '--lake', lake),
      inHere('lists', 'show', 'x', '--lake', lake),
      inHere('lists', 'burn', '--lake', lake),
      inHere('lists', 'pull', '--lake', lake),
      inHere('rollback', '2024-06-25', '--lake', lake),
    ]);
    expectSentence(nobody, 3, /no buyer "nobody-knows"/);
    expectSentence(campaign, 2, /no campaign "x"/, /Campaigns: service_recovery, win_back_high, /);
    expectSentence(action, 2, /lists cannot "burn"/);
    expectSentence(nowhere, 2, /--out DIR/);
    expectSentence(date, 2, /no night of 2024-06-25/, /2024-06-26/);
  });

  test('check writes nothing', async () => {
    const before = await hashesUnder(folder);
    const ended = await inHere('check', 'good.csv');
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('60 records read = 60 orders accepted');
    expect(await hashesUnder(folder)).toEqual(before);
  });

  test('the secret of a lake is readable by its owner alone', async () => {
    expect((await stat(join(lake, 'secret/identity-secret'))).mode & 0o777).toBe(0o600);
  });
});

test('--help names every command, and each command its options', async () => {
  const all = await inHere('--help');
  expect(all.code).toBe(0);
  const names = ['run', 'demo', 'ingest', 'check', 'lists', 'backtest', 'explain', 'rollback'];
  for (const name of names) expect(all.out).toContain(`winback ${name} `);
  const shown = ['run', 'lists'];
  const pages = await Promise.all(shown.map((name) => inHere(name, '--help')));
  for (const [i, page] of pages.entries()) {
    expect(page.code).toBe(0);
    expect(page.out).toContain(`winback ${shown[i]}`);
    expect(page.out).toContain('--json');
  }
});

test('a reader that closes the pipe early is no error', async () => {
  const rows = Array.from({ length: 4_000 }, (_, i) => `${i},c${i},2024-01-01,5.00,EUR`);
  await writeFile(join(folder, 'long.csv'), ['order_id,customer_id,order_ts,total,currency', ...rows].join('\n'));
  const program = new URL('../../bin/winback.js', import.meta.url).pathname;
  const script = `"${process.execPath}" "${program}" check long.csv --json 2>err.txt | head -c 10`;
  expect(execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })).toHaveLength(10);
  expect(await readFile(join(folder, 'err.txt'), 'utf8')).toBe('');
});
