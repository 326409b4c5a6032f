import { join } from 'node:path';
import { sqlTypes } from '../../lake/column.ts';
import { tables } from '../../lake/contract.ts';
import { isoDate, parseIsoDate } from '../../lake/day.ts';
import { publishedViewSql } from '../../lake/published-view.ts';
import { partitionColumns, storedName, type Table } from '../../lake/table.ts';
import { publishedRuns } from '../../lake/tables/runs.ts';
import { publishedRunsKey, type Run, type RunName, runPrefix, tablePrefix } from '../../lake/zones.ts';
import { PreconditionFailed } from '../errors.ts';
import { decodeJsonRows, readJson, writeJson } from '../json-objects.ts';
import type { ObjectStore } from '../object-store.ts';
import { tablesRead } from '../statement.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const catalogPrefix = (table: Table): string => `catalog/${table.name}/`;
/** The object that says where a run's partition of a table lies. */
const catalogKey = (table: Table, run: RunName): string =>
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

/** Where a statement reads a stored table of runs, and what it says of it up to the next parenthesis or such table. */
const readings =
  /\b(?:from|join)\s+([a-z_]+_runs)\b(?:\s+as\s+(\w+))?([^()]*?)(?=[()]|\b(?:from|join)\s+\w+_runs\b|$)/gi;
const namesRun = /\b(?:(\w+)\.)?as_of = date '(\d{4}-\d\d-\d\d)'\s+and\s+(?:(\w+)\.)?run_id = '([\w-]+)'/i;

/**
 * The runs whose partitions of a stored table a statement can meet: those that it names where it reads the table.
 * @returns null where it reads the table without naming one
 */
export function runsNamed(sql: string, table: Table): RunName[] | null {
  const runs: RunName[] = [];
  for (const [, name, alias, said = ''] of sql.matchAll(readings)) {
    if (name?.toLowerCase() !== storedName(table)) continue;
    const [, of, date = '', alsoOf, runId = ''] = namesRun.exec(said) ?? [];
    const asOf = parseIsoDate(date);
    const isOfAnother = of !== alsoOf || (of !== undefined && of !== alias) || (!of && /\bjoin\b/i.test(said));
    if (asOf === null || isOfAnother || /\bor\b/i.test(said)) return null;
    runs.push({ asOf, runId });
  }
  return runs;
}

/** The current published run, which alone the view of a run table shows. */
async function currentRun(store: ObjectStore): Promise<RunName[]> {
  const found = await store.read(publishedRunsKey);
  const nights = found ? decodeJsonRows(publishedRuns, found.body) : [];
  return nights.filter((night) => night.is_current).map((night) => ({ asOf: night.as_of, runId: night.run_id }));
}

/** Catalog entries of the partitions of a run table that a statement can meet. */
async function entriesFor(store: ObjectStore, table: Table, sql: string): Promise<ReadonlySet<string>> {
  const read = tablesRead(sql);
  const named = runsNamed(sql, table);
  if (named === null) return new Set(await keysUnder(store, catalogPrefix(table)));
  const runs = read.has(table.name) ? [...named, ...(await currentRun(store))] : named;
  return new Set(runs.map((run) => catalogKey(table, run)).sort());
}

async function partitionFiles(store: ObjectStore, table: Table, sql: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entriesFor(store, table, sql)) {
    const partition = await readJson<{ location: string }>(store, entry);
    if (partition) files.push(...(await keysUnder(store, partition.location)));
  }
  return files;
}

const dataFiles = (store: ObjectStore, table: Table, sql: string): Promise<string[]> => {
  if (table.kind === 'run') return partitionFiles(store, table, sql);
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
 * DuckDB views for the tables that a statement reads: `<table>` for ingested tables, `<table>_runs` for registered
 * partitions of a run table and `<table>` for its published one. Of partitions only those are listed that the statement
 * can meet, so that a night takes as long in a lake of many nights as in an empty one.
 */
export async function viewsFor(store: ObjectStore, root: string, sql: string): Promise<string[]> {
  const read = tablesRead(sql);
  const views: string[] = [];
  const wanted = tables.filter((table) => read.has(table.name) || read.has(storedName(table)));
  const published = tables.filter((table) => table.kind === 'pointer');
  const needsPointer = wanted.some((table) => table.kind === 'run' && read.has(table.name));
  for (const table of needsPointer ? new Set([...published, ...wanted]) : wanted) {
    const body = scan(root, table, await dataFiles(store, table, sql));
    views.push(`create or replace temp view ${storedName(table)} as ${body}`);
    if (table.kind === 'run' && read.has(table.name)) {
      views.push(`create or replace temp view ${table.name} as ${publishedViewSql(table)}`);
    }
  }
  return views;
}
