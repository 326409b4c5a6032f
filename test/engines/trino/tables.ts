import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishedView } from '../../../infra/catalog/published-view.ts';
import { type Columns, sqlTypes } from '../../../lambdas/lake/column.ts';
import { tables } from '../../../lambdas/lake/contract.ts';
import { partitionColumns, storedName, type Table } from '../../../lambdas/lake/table.ts';
import { tableLocation } from '../../../lambdas/lake/zones.ts';
import { askTrino } from './client.ts';
import { trinoVersion } from './install.ts';
import { catalogName, type TrinoServer } from './server.ts';

const definitions = (columns: Columns): string[] =>
  Object.entries(columns).map(([name, { type }]) => `${name} ${sqlTypes[type]}`);

/** A table of the contract in Trino's words: the formats and partitions that the Glue catalog has. */
function createTable(table: Table, folder: string): string {
  const isRun = table.kind === 'run';
  const columns = definitions({ ...table.columns, ...(isRun && partitionColumns) });
  const properties = [
    `external_location = 'file://${folder}'`,
    `format = '${table.format === 'json' ? 'OPENX_JSON' : 'PARQUET'}'`,
    ...(isRun ? [`partitioned_by = array['${Object.keys(partitionColumns).join("', '")}']`] : []),
  ];
  return `create table ${storedName(table)} (${columns.join(', ')}) with (${properties.join(', ')})`;
}

/** Puts the view that the Glue catalog gets into the metastore as it is, past Trino's own `create view`. */
async function putView(server: TrinoServer, schema: string, table: Table): Promise<void> {
  const view = publishedView(table, schema);
  const folder = join(server.metastore, schema, table.name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, '.trinoSchema'),
    JSON.stringify({
      writerVersion: trinoVersion,
      tableType: view.tableType,
      dataColumns: [{ name: 'unused', type: 'string' }],
      partitionColumns: [],
      parameters: view.parameters,
      serdeParameters: {},
      viewOriginalText: view.viewOriginalText,
      viewExpandedText: view.viewExpandedText,
      columnStatistics: {},
    }),
  );
}

/**
 * Creates every table and view of the contract.
 * @param bucketOf folder of the bucket that a table lies in
 */
export async function createTables(
  server: TrinoServer,
  schema: string,
  bucketOf: (table: Table) => string,
): Promise<void> {
  await askTrino(server.url, schema, `create schema ${catalogName}.${schema}`);
  for (const table of tables) {
    const folder = join(bucketOf(table), tableLocation(table));
    await mkdir(folder, { recursive: true });
    await askTrino(server.url, schema, createTable(table, folder));
    if (table.kind === 'run') await putView(server, schema, table);
  }
}
