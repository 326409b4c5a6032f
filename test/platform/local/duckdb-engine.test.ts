import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { count, date, integer, money, text } from '../../../lambdas/lake/column.ts';
import { tables } from '../../../lambdas/lake/contract.ts';
import { isoDate } from '../../../lambdas/lake/day.ts';
import type { TableRow } from '../../../lambdas/lake/table.ts';
import { gapHistogram } from '../../../lambdas/lake/tables/retention.ts';
import { publishedRuns } from '../../../lambdas/lake/tables/runs.ts';
import { publishedRunsKey, type Run, runPrefix } from '../../../lambdas/lake/zones.ts';
import { LakeAccessError, QueryError } from '../../../lambdas/platform/errors.ts';
import { encodeJsonRows } from '../../../lambdas/platform/json-objects.ts';
import { duckDbEngine } from '../../../lambdas/platform/local/duckdb-engine.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { runsNamed } from '../../../lambdas/platform/local/views.ts';
import { writeTable } from '../../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../../lambdas/platform/query-engine.ts';
import type { Statement } from '../../../lambdas/platform/statement.ts';
import { deliver } from '../../support/ingested.ts';
import { day, type TestLake, testLake } from '../../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const sql = (statement: string): Statement => ({ name: 'test', sql: statement });
const runOf = (asOf: string, runId: string, attempt = 1): Run => ({ asOf: day(asOf), runId, attempt });

type Gap = TableRow<typeof gapHistogram>;
const gap = (days: number): Gap => ({ days, purchases: days, censored: 0 });

/** Writes and registers gap_histogram of a run. */
async function putGaps(run: Run, days: readonly number[]): Promise<void> {
  await writeTable(lake.store, gapHistogram, `${runPrefix(gapHistogram, run)}part-00000.parquet`, days.map(gap));
  await lake.engine.register(gapHistogram, run);
}

async function publish(...nights: [asOf: string, runId: string, isCurrent: boolean][]): Promise<void> {
  const rows = nights.map(([asOf, run_id, is_current]) => ({
    as_of: day(asOf),
    run_id,
    is_current,
    model_id: 'm',
    horizon_days: 90,
    trained_on: day(asOf),
  }));
  await lake.store.write(publishedRunsKey, encodeJsonRows(publishedRuns, rows));
}

const gapsIn = async (from: string): Promise<number[]> =>
  (await rowsOf(lake.engine, sql(`select * from ${from}`), gapHistogram)).map((row) => row.days);

describe('partitions', () => {
  const other = runOf('2024-06-29', 'other');
  const own = runOf('2024-06-30', 'own');
  beforeEach(async () => {
    for (const run of [other, own]) await putGaps(run, [run.asOf % 7]);
    await publish(['2024-06-29', 'other', false], ['2024-06-30', 'own', true]);
    const damaged = `${runPrefix(gapHistogram, other)}part-00000.parquet`;
    await lake.store.write(damaged, new TextEncoder().encode('no Parquet'));
  });
  const named = (run: Run) => `as_of = date '${isoDate(run.asOf)}' and run_id = '${run.runId}'`;

  test('that a statement cannot meet are not opened', async () => {
    expect(await gapsIn(`gap_histogram_runs where ${named(own)}`)).toEqual([own.asOf % 7]);
    expect(await gapsIn(`gap_histogram_runs as g where g.${named(own).replace('run_id', 'g.run_id')}`)).toEqual([
      own.asOf % 7,
    ]);
    expect(await gapsIn('gap_histogram')).toEqual([own.asOf % 7]);
    expect(await gapsIn(`gap_histogram_runs where ${named(runOf('2024-06-28', 'never'))}`)).toEqual([]);
  });

  test.each([
    ['names no run', 'gap_histogram_runs'],
    [
      'names a run elsewhere',
      `gap_histogram_runs where days in (select days from gap_histogram_runs where ${named(own)})`,
    ],
    [
      'names a run and a damaged one',
      `gap_histogram_runs where ${named(own)} union all select * from gap_histogram_runs where ${named(other)}`,
    ],
    ['names a run or another', `gap_histogram_runs where ${named(own)} or run_id = 'other'`],
    ['joins before it names', `gap_histogram_runs inner join gap_histogram as h using (days) where ${named(own)}`],
  ])('are all there for a statement that %s', async (_, from) => {
    await expect(gapsIn(from)).rejects.toThrow(LakeAccessError);
  });

  test('of every statement of the product are named where they are read', () => {
    const sources = new URL('../../../', import.meta.url);
    const files = ['lambdas', 'bin'].flatMap((folder) =>
      readdirSync(new URL(folder, sources), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.sql'))
        .map((file) => `${folder}/${file}`),
    );
    const bound = (text: string) =>
      text
        .replaceAll(/ = :\w*run_id| = :predicted_by/g, " = 'a'")
        .replaceAll(/as_of = :\w+/g, "as_of = date '2024-01-01'");
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const text = bound(readFileSync(new URL(file, sources), 'utf8'));
      for (const table of tables.filter(({ kind }) => kind === 'run'))
        expect(runsNamed(text, table), file).not.toBeNull();
    }
  });
});

describe('views', () => {
  test('every table can be read before anything exists', async () => {
    expect(await gapsIn('gap_histogram')).toEqual([]);
    expect(await gapsIn('gap_histogram_runs')).toEqual([]);
    const counted = await rowsOf(
      lake.engine,
      sql(`select (select count(*) from order_versions) + (select count(*) from receipts)
             + (select count(*) from published_runs) + (select count(*) from run_ledger)
             + (select count(*) from customers) as things`),
      { columns: { things: count('') }, key: ['things'] },
    );
    expect(counted).toEqual([{ things: 0 }]);
  });

  test('`_runs` shows the registered partitions of all runs, with the partition in each row', async () => {
    await putGaps(runOf('2024-06-29', 'a'), [1, 2]);
    await putGaps(runOf('2024-06-30', 'b'), [3]);
    const unregistered = `${runPrefix(gapHistogram, runOf('2024-06-30', 'c'))}part-00000.parquet`;
    await writeTable(lake.store, gapHistogram, unregistered, [gap(99)]);
    const columns = { days: integer(''), as_of: date(''), run_id: text('') };
    expect(await rowsOf(lake.engine, sql('select * from gap_histogram_runs'), { columns, key: ['days'] })).toEqual([
      { days: 1, as_of: day('2024-06-29'), run_id: 'a' },
      { days: 2, as_of: day('2024-06-29'), run_id: 'a' },
      { days: 3, as_of: day('2024-06-30'), run_id: 'b' },
    ]);
    expect(await gapsIn("gap_histogram_runs where as_of = date '2024-06-30' and run_id = 'b'")).toEqual([3]);
  });

  test('the published view shows the current run alone, whatever else lies there', async () => {
    await putGaps(runOf('2024-06-29', 'a'), [1]);
    await putGaps(runOf('2024-06-30', 'b'), [2]);
    await putGaps(runOf('2024-06-30', 'other'), [3]);
    expect(await gapsIn('gap_histogram')).toEqual([]);
    await publish(['2024-06-29', 'a', true]);
    expect(await gapsIn('gap_histogram')).toEqual([1]);
    await publish(['2024-06-29', 'a', false], ['2024-06-30', 'b', true]);
    expect(await gapsIn('gap_histogram')).toEqual([2]);
    expect(await gapsIn('gap_histogram_runs')).toEqual([1, 2, 3]);
    await publish(['2024-06-29', 'a', true], ['2024-06-30', 'b', false]);
    expect(await gapsIn('gap_histogram')).toEqual([1]);
  });

  test('ingested tables show every object, receipts their JSON', async () => {
    await deliver(lake, { file: 'a.csv', orders: [{ order_id: '1', on: '2024-01-01' }] });
    await deliver(lake, { file: 'b.csv', orders: [{ order_id: '2', on: '2024-02-01', gross_amount: 55_000n }] });
    const orders = await rowsOf(lake.engine, sql('select order_id, gross_amount from order_versions'), {
      columns: { order_id: text(''), gross_amount: money('') },
      key: ['order_id'],
    });
    expect(orders).toEqual([
      { order_id: '1', gross_amount: 100_000n },
      { order_id: '2', gross_amount: 55_000n },
    ]);
    const told = await rowsOf(lake.engine, sql('select file_name, last_order_date from receipts'), {
      columns: { file_name: text(''), last_order_date: date('') },
      key: ['file_name'],
    });
    expect(told).toEqual([
      { file_name: 'a.csv', last_order_date: day('2024-01-01') },
      { file_name: 'b.csv', last_order_date: day('2024-02-01') },
    ]);
  });
});

describe('partitions', () => {
  const night = runOf('2024-06-30', 'n');

  test('materialise casts to the contract, sorts by key, counts and registers', async () => {
    const given =
      "select cast(d as bigint) as days, '7' as purchases, 1.0 as censored from (values (3), (1), (2)) v(d)";
    const partition = await lake.engine.materialise(sql(given), gapHistogram, night);
    expect(partition).toMatchObject({ rows: 3, files: [{ rows: 3 }] });
    const path = `${lake.root}/${partition.files[0]!.key}`;
    const stored = await rowsOf(
      lake.engine,
      sql(`select row_number() over () as place, days, purchases, typeof(days) || ' ' || typeof(purchases) as types
           from read_parquet('${path}', hive_partitioning = false)`),
      { columns: { place: integer(''), days: integer(''), purchases: count(''), types: text('') }, key: ['place'] },
    );
    expect(stored.map((row) => row.days)).toEqual([1, 2, 3]);
    expect(stored[0]).toMatchObject({ purchases: 7, types: 'INTEGER BIGINT' });
    expect(await gapsIn('gap_histogram_runs')).toEqual([1, 2, 3]);
  });

  test('an empty result is an empty partition with its columns', async () => {
    const nothing = sql('select 1 as days, 1 as purchases, 1 as censored where false');
    expect(await lake.engine.materialise(nothing, gapHistogram, night)).toMatchObject({ rows: 0 });
    expect(await gapsIn('gap_histogram_runs')).toEqual([]);
  });

  test('the first registration stays: a second attempt changes nothing that is visible', async () => {
    await putGaps(night, [1]);
    await putGaps({ ...night, attempt: 2 }, [2]);
    expect(await gapsIn('gap_histogram_runs')).toEqual([1]);
    await lake.engine.materialise(sql('select 3 as days, 1 as purchases, 1 as censored'), gapHistogram, {
      ...night,
      attempt: 3,
    });
    expect(await gapsIn('gap_histogram_runs')).toEqual([1]);
  });

  test('a column that files of an older version do not have is null in them', async () => {
    const { censored: _, ...known } = gapHistogram.columns;
    const older = { ...gapHistogram, columns: known };
    const run = runOf('2024-06-29', 'older');
    await writeTable(lake.store, older, `${runPrefix(older, run)}part-00000.parquet`, [{ days: 3, purchases: 2 }]);
    await lake.engine.register(gapHistogram, run);
    await putGaps(runOf('2024-06-30', 'newer'), [7]);
    const found = await rowsOf(
      lake.engine,
      sql('select days, coalesce(censored, -1) as censored from gap_histogram_runs'),
      {
        columns: { days: integer(''), censored: count('') },
        key: ['days'],
      },
    );
    expect(found).toEqual([
      { days: 3, censored: -1 },
      { days: 7, censored: 0 },
    ]);
  });

  test('a damaged file of the lake is said, with its cause kept', async () => {
    const run = runOf('2024-06-30', 'damaged');
    await lake.store.write(`${runPrefix(gapHistogram, run)}part-00000.parquet`, new TextEncoder().encode('no parquet'));
    await lake.engine.register(gapHistogram, run);
    const reading = rowsOf(lake.engine, sql('select days from gap_histogram_runs'), {
      columns: { days: integer('') },
      key: ['days'],
    });
    await expect(reading).rejects.toBeInstanceOf(LakeAccessError);
  });

  test('a statement that fails leaves nothing registered', async () => {
    const broken = sql("select cast('x' as integer) as days, 1 as purchases, 1 as censored");
    await expect(lake.engine.materialise(broken, gapHistogram, night)).rejects.toBeInstanceOf(QueryError);
    expect(await gapsIn('gap_histogram_runs')).toEqual([]);
  });

  test('gives the same bytes again', async () => {
    const given = sql('select range as days, range % 7 as purchases, 0 as censored from range(1000)');
    const first = await lake.engine.materialise(given, gapHistogram, night);
    const second = await lake.engine.materialise(given, gapHistogram, { ...night, attempt: 2 });
    const tags = await Promise.all(
      [first, second].map(async ({ files }) => (await lake.store.read(files[0]!.key))!.etag),
    );
    expect(tags[0]).toBe(tags[1]);
  });
});

test('a statement that the engine refuses is a QueryError with its name and text', async () => {
  const error = await rowsOf(lake.engine, { name: 'orders', sql: 'select nonsense from nowhere' }, gapHistogram).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(QueryError);
  expect(error).toMatchObject({ statement: 'orders', sql: 'select nonsense from nowhere' });
  expect((error as QueryError).message).toMatch(/statement orders failed: .*nowhere/);
  expect(await gapsIn('gap_histogram')).toEqual([]);
});

test('statements asked for at once do not disturb each other', async () => {
  await putGaps(runOf('2024-06-29', 'a'), [1, 2, 3]);
  await publish(['2024-06-29', 'a', true]);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => gapsIn(i % 2 ? 'gap_histogram where days > 1' : 'gap_histogram_runs')),
  );
  for (const [i, answer] of answers.entries()) expect(answer).toEqual(i % 2 ? [2, 3] : [1, 2, 3]);
});

test('the path of a lake may hold quotes, brackets, blanks and letters of any script', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'winback-path-'));
  const root = join(parent, "Anna's [shop] *2024* árvíz=tűrő 商店");
  await mkdir(root);
  const store = fileStore(root);
  const engine = await duckDbEngine(store, { root });
  try {
    const run = runOf('2024-06-30', 'n');
    await deliver({ store }, { file: 'a.csv', orders: [{ order_id: '1', on: '2024-01-01' }] });
    const ids = sql('select order_id from order_versions');
    expect(await rowsOf(engine, ids, { columns: { order_id: text('') }, key: ['order_id'] })).toHaveLength(1);
    await engine.materialise(sql('select 3 as days, 1 as purchases, 1 as censored'), gapHistogram, run);
    expect(await rowsOf(engine, sql('select * from gap_histogram_runs'), gapHistogram)).toHaveLength(1);
  } finally {
    engine.close();
    await rm(parent, { recursive: true, force: true });
  }
});
