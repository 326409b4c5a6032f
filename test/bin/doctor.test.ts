import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../bin/doctor/finding.ts';
import { nodeVersion, room } from '../../bin/doctor/machine.ts';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import { runInputs } from '../../lambdas/lake/tables/curated.ts';
import { publishedPrefix, runPrefix } from '../../lambdas/lake/zones.ts';
import { type Ended, winback } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { winbackIn, writeOrders } from './small-shop.ts';

let folder: string;
let run: (...words: string[]) => Promise<Ended>;
let lakes = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-doctor-'));
  run = winbackIn(folder);
  await run('run', '--orders', await writeOrders(folder), '--lake', 'lake');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the lake that a test may damage. */
async function copyOfLake(): Promise<string> {
  const copy = join(folder, `lake-${lakes++}`);
  await cp(join(folder, 'lake'), copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

async function examined(root: string, ...words: string[]): Promise<{ code: number | null; checks: Finding[] }> {
  const { code, out } = await run('doctor', '--lake', root, '--json', ...words);
  return { code, checks: (JSON.parse(out) as { checks: Finding[] }).checks };
}

const of = (checks: readonly Finding[], check: string): Finding => checks.find((one) => one.check === check)!;

/** The path of the first file below a folder whose path fits. */
async function fileIn(root: string, fits: RegExp): Promise<string> {
  const paths = await readdir(root, { recursive: true });
  return join(root, paths.filter((path) => fits.test(path)).sort()[0]!);
}

/** Spoils all that a Parquet file holds but its footer, which tells the columns and how many rows there are. */
async function spoilPages(path: string): Promise<void> {
  const body = await readFile(path);
  const footer = 8 + body.readUInt32LE(body.length - 8);
  await writeFile(path, body.fill(0xff, 4, body.length - footer));
}

/** Lays into a lake what a run has left that died and was never published. */
async function leftByRun(root: string, date: string, withLists: boolean): Promise<void> {
  const run = { asOf: parseIsoDate(date)!, runId: '0123456789abcdef', attempt: 1 };
  const keys = [`${runPrefix(runInputs, run)}inputs.json`, ...(withLists ? [`${publishedPrefix(run)}people.csv`] : [])];
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), '');
  }
}

describe('winback doctor', () => {
  test('finds nothing wrong with a lake that nothing is wrong with, and writes nothing', async () => {
    const before = await hashesUnder(folder);
    const { code, out, err } = await run('doctor', '--lake', 'lake');
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toMatch(/^ {2}fail/m);
    expect(out).toMatch(/^ {2}ok +lists +\d+ files of the night of 2024-06-26 as published$/m);
    // a shop of 2024 has not run last night
    expect(out).toMatch(
      /^ {2}warn +night +the current night is 2024-06-26, \d+ days before .*\n +→ winback run --orders/m,
    );
    expect(await hashesUnder(folder)).toEqual(before);
  });

  test('looks at a machine without a lake', async () => {
    const { code, checks } = await examined(join(folder, 'nowhere'));
    expect(code).toBe(0);
    expect(of(checks, 'lake')).toMatchObject({ verdict: 'warn', next: expect.stringContaining('winback run') });
    expect(of(checks, 'engine').finding).toMatch(/DuckDB v\d/);
  });

  test.each<[string, string, (root: string) => Promise<void>, RegExp]>([
    [
      'a list that was changed',
      'lists',
      async (root) => writeFile(await fileIn(root, /people\.csv$/), 'x'),
      /is not what was published/,
    ],
    ['a list that is gone', 'lists', async (root) => rm(await fileIn(root, /meta\.csv$/)), /meta\.csv is missing/],
    [
      'a manifest that is gone',
      'lists',
      async (root) => rm(await fileIn(root, /manifest\.json$/)),
      /manifest\.json is missing/,
    ],
    [
      'a manifest of no night',
      'lists',
      async (root) => rm(join(root, 'published/latest.json')),
      /latest\.json is not the manifest/,
    ],
    [
      'a table that is gone',
      'tables',
      async (root) => rm(await fileIn(root, /^runs\/orders\/.*parquet$/)),
      /holds nothing/,
    ],
    [
      'a table that is damaged',
      'tables',
      async (root) => writeFile(await fileIn(root, /^runs\/orders\/.*parquet$/), 'x'),
      /cannot be used/,
    ],
    [
      'a table whose data is damaged and whose footer is not',
      'tables',
      async (root) => spoilPages(await fileIn(root, /^runs\/orders\/.*parquet$/)),
      /^runs\/orders\/as_of=.* is damaged$/,
    ],
    [
      'a partition that is gone',
      'tables',
      async (root) => rm(await fileIn(root, /^catalog\/orders\/.*json$/)),
      /catalog\/orders\/.* is missing/,
    ],
    [
      'orders that are gone',
      'exports',
      async (root) => rm(await fileIn(root, /^ingested\/order_versions\/.*parquet$/)),
      /what orders\.csv told is missing/,
    ],
    ['a secret that is gone', 'secret', async (root) => rm(join(root, 'secret/identity-secret')), /is missing/],
    [
      'a receipt that is damaged',
      'lake',
      async (root) => writeFile(await fileIn(root, /^ledger\/receipts\/.*json$/), '{'),
      /is damaged/,
    ],
    [
      'a pointer that is damaged',
      'lake',
      async (root) => writeFile(join(root, 'runs/published_runs/published_runs.json'), '{'),
      /is damaged/,
    ],
  ])('%s: fails, with what to do', async (_, check, damage, message) => {
    const root = await copyOfLake();
    await damage(root);
    const { code, checks } = await examined(root);
    expect(code).toBe(5);
    const failed = checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map((one) => one.check)).toEqual([check]);
    expect(failed[0]!.finding).toMatch(message);
    expect(failed[0]!.next).toMatch(/\w/);
  });

  test('warns of what does not stop a night', async () => {
    const root = await copyOfLake();
    await chmod(join(root, 'secret/identity-secret'), 0o644);
    await rm(await fileIn(root, /report\.html$/));
    const part = join(root, 'runs/.0123456789abcdef.part');
    await writeFile(part, 'x');
    await utimes(part, 0, 0);
    await writeFile(join(folder, 'no-total.csv'), 'order_id,customer_id,order_ts\n1,c1,2024-01-01\n');
    await run('ingest', 'no-total.csv', '--lake', root);
    const { code, checks } = await examined(root);
    expect(code).toBe(0);
    expect(of(checks, 'secret')).toMatchObject({ verdict: 'warn', next: expect.stringContaining('chmod 600') });
    expect(of(checks, 'lists')).toMatchObject({
      verdict: 'warn',
      next: expect.stringContaining('winback replay 2024-06-26'),
    });
    expect(of(checks, 'leftovers')).toMatchObject({ verdict: 'warn', finding: expect.stringContaining(part) });
    expect(of(checks, 'rejected')).toMatchObject({ verdict: 'warn', finding: '1 file refused: no-total.csv' });
  });

  test('tells of a night that was begun and not published, and of one that was rolled back', async () => {
    const root = await copyOfLake();
    expect((await run('run', '--lake', root, '--as-of', '2024-12-31')).code).toBe(4);
    const { checks } = await examined(root);
    expect(of(checks, 'leftovers')).toMatchObject({
      verdict: 'warn',
      next: expect.stringContaining('--as-of 2024-12-31'),
    });
    await run('run', '--lake', root, '--as-of', '2024-06-27');
    await run('rollback', '2024-06-26', '--lake', root);
    expect(of((await examined(root)).checks, 'night')).toMatchObject({
      finding: 'the current night is 2024-06-26, and one of 2024-06-27 is published',
    });
  });

  test('sends nobody back to an old night for what a replay has left', async () => {
    const root = await copyOfLake();
    await leftByRun(root, '2024-05-15', false);
    expect(of((await examined(root)).checks, 'leftovers')).toMatchObject({
      verdict: 'warn',
      finding: 'a run that was never published has left its tables: 2024-05-15',
      next: 'Nothing reads them. Nights later than 2025-06-19 remove them, no sooner than 16 days after they were begun.',
    });
  });

  test('names the lists that a replay has left, also of a date that is published', async () => {
    const root = await copyOfLake();
    await leftByRun(root, '2024-06-26', true);
    expect(of((await examined(root)).checks, 'leftovers')).toMatchObject({
      verdict: 'warn',
      finding: 'lists that were never published lie in published/2024-06-26/0123456789abcdef/',
      next: expect.stringMatching(/^Delete them/),
    });
  });

  test('holds settings, secret and shop against the lake', async () => {
    const wrong = await winback(['doctor', '--lake', 'lake', '--json'], {
      cwd: folder,
      env: { WINBACK_SECRET: 'another secret altogether' },
    });
    expect(wrong.code).toBe(5);
    expect(of(JSON.parse(wrong.out).checks, 'secret').finding).toBe('WINBACK_SECRET is not the secret of this lake');
    await writeFile(join(folder, 'wrong.json'), '{"modle": {}}');
    const settings = await examined('lake', '--config', 'wrong.json');
    expect([settings.code, of(settings.checks, 'settings').finding]).toEqual([5, expect.stringContaining('modle')]);
  });

  test('a clock that is behind what was taken in', async () => {
    const root = await copyOfLake();
    const path = await fileIn(root, /^ledger\/receipts\/.*json$/);
    const receipt = await readFile(path, 'utf8');
    await writeFile(path, receipt.replace(/"ingested_at":"[^"]+"/, '"ingested_at":"2999-01-01T00:00:00.000Z"'));
    const { code, checks } = await examined(root);
    expect([code, of(checks, 'clock').verdict]).toEqual([5, 'fail']);
  });
});

test.each([
  ['20.12.0', 'ok'],
  ['22.1.0', 'ok'],
  ['20.11.9', 'fail'],
  ['18.20.0', 'fail'],
])('Node.js %s: %s', (running, verdict) => {
  expect(nodeVersion(running).verdict).toBe(verdict);
});

test('room for ten nights is well, for less than two a failure', () => {
  const night = 1_000_000;
  const verdicts = [30, 10, 9, 2, 1].map((nights) => room({ free: nights * night, lake: 5 * night, night }).verdict);
  expect(verdicts).toEqual(['ok', 'ok', 'warn', 'warn', 'fail']);
});
