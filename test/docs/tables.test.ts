import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localExample, publishedMacro, tablesDocument } from '../../docs/generate-tables.ts';
import { tableExamples } from '../../docs/table-examples.ts';
import type { ColumnType } from '../../lambdas/lake/column.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import type { Table, TableRow } from '../../lambdas/lake/table.ts';
import { publishedRuns } from '../../lambdas/lake/tables/runs.ts';
import { publishedRunsKey, type Run, runPrefix } from '../../lambdas/lake/zones.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

const document = readFileSync(new URL('../../docs/tables.md', import.meta.url), 'utf8');

describe('docs/tables.md', () => {
  it('is what the contract makes of it: run `npm run docs:tables` after a change', () => {
    expect(document).toBe(tablesDocument());
  });

  it('says first that it is generated, and how', () => {
    expect(document.split('\n')[0]).toMatch(/Generated .* by `npm run docs:tables`/);
  });

  it.each(tables.map((table) => [table.name, table] as const))('describes %s', (name, table) => {
    const [, section = ''] = document.split(`\n## ${name}\n`);
    const own = section.split('\n## ')[0] ?? '';
    expect(own).toContain(table.grain);
    for (const [column, { meaning }] of Object.entries(table.columns)) {
      expect(own).toMatch(new RegExp(`^\\| \`${column}\` \\|`, 'm'));
      expect(own).toContain(meaning.replaceAll('|', '\\|'));
    }
  });

  it('has examples for tables of the contract only', () => {
    const names = tables.filter((table) => table.kind === 'run').map((table) => table.name);
    expect(Object.keys(tableExamples).filter((name) => !names.includes(name))).toEqual([]);
  });
});

const anyValue: Readonly<Record<ColumnType, unknown>> = {
  varchar: 'x',
  boolean: true,
  integer: 6,
  bigint: 7,
  double: 0.5,
  date: 20_000,
  timestamp: 1_700_000_000_000_000n,
  money: 123_400n,
};

const anyRow = (table: Table): TableRow<Table> =>
  Object.fromEntries(
    Object.entries(table.columns).map(([name, { type }]) => [name, anyValue[type]]),
  ) as TableRow<Table>;

const parquetRuns = tables.filter((table) => table.kind === 'run' && table.format === 'parquet');

describe('on a local lake', () => {
  let lake: TestLake;
  let query: (sql: string) => Promise<Record<string, unknown>[]>;

  /** One row in a partition of its own; only what is registered is part of the lake. */
  async function putRow(table: Table, run: Run, isRegistered: boolean): Promise<void> {
    await writeTable(lake.store, table, `${runPrefix(table, run)}part-00000.parquet`, [anyRow(table)]);
    if (isRegistered) await lake.engine.register(table, run);
  }

  beforeAll(async () => {
    lake = await testLake('2026-08-31');
    const { run } = lake.night;
    for (const table of parquetRuns) {
      await putRow(table, { ...run, attempt: 1 }, false);
      await putRow(table, { ...run, attempt: 2 }, true);
      await putRow(table, { ...run, asOf: run.asOf - 1, runId: 'published-before' }, true);
      await putRow(table, { ...run, runId: 'never-published' }, true);
    }
    const night = { model_id: 'm', horizon_days: 90, trained_on: run.asOf };
    const nights = [
      { as_of: run.asOf - 1, run_id: 'published-before', is_current: false, ...night },
      { as_of: run.asOf, run_id: run.runId, is_current: true, ...night },
    ];
    await lake.store.write(publishedRunsKey, encodeJsonRows(publishedRuns, nights));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    query = async (sql) =>
      (await connection.runAndReadAll(sql.replaceAll('winback-lake', join(lake.root)))).getRowObjectsJson();
    await query(publishedMacro);
  });
  afterAll(() => lake.close());

  it.each(parquetRuns.map((table) => [table.name, table] as const))(
    'published(%s) is the night',
    async (name, table) => {
      const rows = await query(`from published('${name}')`);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ run_id: lake.night.run.runId, as_of: '2026-08-31' });
      expect(Object.keys(rows[0] ?? {})).toEqual([...Object.keys(table.columns), 'as_of', 'run_id']);
      expect(day(String(rows[0]?.as_of))).toBe(lake.night.run.asOf);
    },
  );

  it.each(Object.keys(tableExamples))('the example of %s runs', async (name) => {
    const sql = localExample(name);
    expect(document).toContain(sql);
    await expect(query(sql ?? '')).resolves.toBeInstanceOf(Array);
  });
});
