import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { sqlTypes } from '../../../lambdas/lake/column.ts';
import { tables } from '../../../lambdas/lake/contract.ts';
import { publishedViewSql } from '../../../lambdas/lake/published-view.ts';
import { partitionColumns, storedName, type Table } from '../../../lambdas/lake/table.ts';
import { tableLocation } from '../../../lambdas/lake/zones.ts';
import type { AthenaBackend } from './backend.ts';

/** Athena writes with many writers: a result of more rows than this becomes several objects. */
const rowsPerObject = 5_000;
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function filesUnder(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

const asText = (value: DuckDBValue): string | null => (value === null ? null : String(value));

/** DuckDB over the folder of the S3 server's buckets, with the tables and views of the Glue catalog. */
export async function duckDbBackend(root: string, buckets: { lake: string; personal: string }): Promise<AthenaBackend> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '800MB' });
  const connection = await instance.connect();
  const partitions = new Map<string, { values: readonly string[]; folder: string }[]>();
  let last: Promise<unknown> = Promise.resolve();
  let unloads = 0;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const pathOf = (uri: string): string => join(root, uri.replace(/^s3:\/\//, ''));
  const uriColumn = `'s3://' || substr(filename, ${root.length + 2}) as "$path"`;

  /** Rows of a table: of all objects below its location, or of its registered partitions. */
  function scan(table: Table, withPath: boolean): string {
    const isRun = table.kind === 'run';
    const columns = Object.entries({ ...table.columns, ...(isRun && partitionColumns) });
    const nothing = `select ${columns.map(([name, { type }]) => `cast(null as ${sqlTypes[type]}) as ${name}`).join(', ')}${withPath ? ', \'\' as "$path"' : ''} where false`;
    const location = join(root, table.personal ? buckets.personal : buckets.lake, tableLocation(table));
    const parts = isRun ? (partitions.get(storedName(table)) ?? []) : [{ values: [], folder: location }];
    const names = Object.keys(partitionColumns);
    const selects = parts.flatMap(({ values, folder }) => {
      const files = filesUnder(folder);
      if (files.length === 0) return [];
      const list = `[${files.map(quote).join(', ')}]`;
      const types = Object.entries(table.columns).map(([name, { type }]) => `'${name}': '${sqlTypes[type]}'`);
      const source =
        table.format === 'parquet'
          ? `read_parquet(${list}, filename = true, hive_partitioning = false)`
          : `read_json(${list}, format = 'newline_delimited', columns = {${types.join(', ')}}, filename = true)`;
      const added = values.map(
        (value, i) => `cast(${quote(value)} as ${sqlTypes[partitionColumns[names[i] as 'as_of'].type]}) as ${names[i]}`,
      );
      return [
        `select ${Object.keys(table.columns).join(', ')}${added.map((one) => `, ${one}`).join('')}${withPath ? `, ${uriColumn}` : ''} from ${source}`,
      ];
    });
    return [nothing, ...selects].join(' union all by name ');
  }

  async function prepare(sql: string): Promise<void> {
    const words = new Set(sql.toLowerCase().match(/[a-z_]+/g) ?? []);
    const pointers = tables.filter((table) => table.kind === 'pointer');
    const wanted = tables.filter((table) => words.has(table.name) || words.has(storedName(table)));
    for (const table of new Set([...pointers, ...wanted])) {
      await connection.run(
        `create or replace temp view ${storedName(table)} as ${scan(table, sql.includes('"$path"'))}`,
      );
      if (table.kind === 'run')
        await connection.run(`create or replace temp view ${table.name} as ${publishedViewSql(table)}`);
    }
  }

  return {
    select: (sql) =>
      inTurn(async () => {
        await prepare(sql);
        const result = await connection.runAndReadAll(sql);
        return {
          names: result.columnNames(),
          types: result.columnTypes().map((type) => String(type).toLowerCase()),
          rows: result.getRows().map((row) => row.map(asText)),
        };
      }),
    unload: (sql, prefix) =>
      inTurn(async () => {
        await prepare(sql);
        await connection.run(`create or replace temp table unloaded as ${sql}`);
        const counted = await connection.runAndReadAll('select count(*) from unloaded');
        const rows = Number(counted.getRows()[0]?.[0] ?? 0);
        mkdirSync(pathOf(prefix), { recursive: true });
        const written: string[] = [];
        for (let from = 0; from < rows; from += rowsPerObject) {
          const uri = `${prefix}${String(++unloads).padStart(8, '0')}_${from}`;
          await connection.run(
            `copy (select * from unloaded limit ${rowsPerObject} offset ${from}) to ${quote(pathOf(uri))} (format parquet, compression snappy)`,
          );
          written.push(uri);
        }
        return written;
      }),
    addPartition: async (table, values, location) => {
      const known = partitions.get(table) ?? [];
      if (known.some((one) => one.values.join() === values.join())) return;
      partitions.set(table, [...known, { values, folder: pathOf(location) }]);
    },
    dropPartitions: async (table, dropped) => {
      const known = partitions.get(table) ?? [];
      const isDropped = (values: readonly string[]) => dropped.some((one) => one.join() === values.join());
      partitions.set(
        table,
        known.filter(({ values }) => !isDropped(values)),
      );
    },
    close: async () => {
      await last;
      connection.closeSync();
      instance.closeSync();
    },
  };
}
