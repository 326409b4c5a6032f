import { join } from 'node:path';
import { sqlTypes } from '../../lake/column.ts';
import { tables } from '../../lake/contract.ts';
import { isoDate } from '../../lake/day.ts';
import { publishedViewSql } from '../../lake/published-view.ts';
import { partitionColumns, storedName, type Table } from '../../lake/table.ts';
import { publishedRunsKey, type Run, type RunName, runPrefix, tablePrefix } from '../../lake/zones.ts';
import { PreconditionFailed } from '../errors.ts';
import { readJson, writeJson } from '../json-objects.ts';
import type { ObjectStore } from '../object-store.ts';
import { tablesRead } from '../statement.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const catalogPrefix = (table: Table): string => `catalog/${table.name}/`;
/** The object that says where a run's partition of a table lies. */
export const catalogKey = (table: Table, run: RunName): string =>
  `${catalogPrefix(table)}as_of=${isoDate(run.asOf)}/run_id=${run.runId}.json`;

/** Remembers where a run's partition lies; the first registration stands. */
export async function registerPartition(store: ObjectStore, table: Table, run: Run): Promise<void> {
  await writeJson(store, catalogKey(table, run), { location: runPrefix(table, run) }, { ifAbsent: true }).catch(
    (error) => {
      if (!(error instanceof PreconditionFailed)) throw error;
    },
  );
}

/** Takes partitions out of a table. */
export async function forgetPartitions(store: ObjectStore, table: Table, runs: readonly RunName[]): Promise<void> {
  for (const run of runs) await store.remove(catalogKey(table, run));
}

async function keysUnder(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

async function partitionFiles(store: ObjectStore, table: Table): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await keysUnder(store, catalogPrefix(table))) {
    const partition = await readJson<{ location: string }>(store, entry);
    if (partition) files.push(...(await keysUnder(store, partition.location)));
  }
  return files;
}

const dataFiles = (store: ObjectStore, table: Table): Promise<string[]> => {
  if (table.kind === 'run') return partitionFiles(store, table);
  if (table.kind === 'pointer') return keysUnder(store, publishedRunsKey);
  return keysUnder(store, tablePrefix(table));
};

function scan(root: string, table: Table, files: readonly string[]): string {
  const stored = { ...table.columns, ...(table.kind === 'run' && partitionColumns) };
  const types = Object.entries(stored).map(([name, { type }]): [string, string] => [name, sqlTypes[type]]);
  const nothing = `select ${types.map(([name, type]) => `cast(null as ${type}) as ${name}`).join(', ')} where false`;
  if (files.length === 0) return nothing;
  const paths = `[${files.map((file) => quote(join(root, file))).join(', ')}]`;
  const hive =
    table.kind === 'run'
      ? ", hive_partitioning = true, hive_types = {'as_of': date, 'run_id': varchar}"
      : ', hive_partitioning = false';
  const columns = Object.entries(table.columns).map(([name, c]) => `'${name}': '${sqlTypes[c.type]}'`);
  const source =
    table.format === 'parquet'
      ? `read_parquet(${paths}${hive}, union_by_name = true)`
      : `read_json(${paths}, format = 'newline_delimited', columns = {${columns.join(', ')}}${hive})`;
  // a column that files of an older version do not have is null in them
  const rows = table.format === 'parquet' ? `(${nothing} union all by name select * from ${source})` : source;
  return `select ${types.map(([name]) => name).join(', ')} from ${rows}`;
}

/**
 * DuckDB views for the tables that a statement names: `<table>` for ingested tables, `<table>_runs` for all registered
 * partitions of a run table and `<table>` for its published one.
 */
export async function viewsFor(store: ObjectStore, root: string, sql: string): Promise<string[]> {
  const read = tablesRead(sql);
  const views: string[] = [];
  const wanted = tables.filter((table) => read.has(table.name) || read.has(storedName(table)));
  const published = tables.filter((table) => table.kind === 'pointer');
  const needsPointer = wanted.some((table) => table.kind === 'run' && read.has(table.name));
  for (const table of needsPointer ? new Set([...published, ...wanted]) : wanted) {
    const body = scan(root, table, await dataFiles(store, table));
    views.push(`create or replace temp view ${storedName(table)} as ${body}`);
    if (table.kind === 'run' && read.has(table.name)) {
      views.push(`create or replace temp view ${table.name} as ${publishedViewSql(table)}`);
    }
  }
  return views;
}
