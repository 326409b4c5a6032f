import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { partitionColumns } from '../../../lambdas/lake/table.ts';
import type { AthenaBackend } from '../../support/athena/backend.ts';
import { askTrino, TrinoError } from './client.ts';
import type { TrinoServer } from './server.ts';
import { createTables } from './tables.ts';

/**
 * Trino over the folder of the S3 server's buckets, with the tables and views of the Glue catalog. What only Athena
 * understands is said in Trino's words: `UNLOAD` makes a table whose files are moved to where they belong, a partition is
 * registered by a procedure.
 */
export async function trinoBackend(
  server: TrinoServer,
  schema: string,
  root: string,
  buckets: { lake: string; personal: string },
): Promise<AthenaBackend> {
  await createTables(server, schema, (table) => join(root, table.personal ? buckets.personal : buckets.lake));
  const ask = (sql: string) => askTrino(server.url, schema, sql);
  const folderOf = (uri: string): string => join(root, uri.replace(/^s3:\/\//, ''));
  const inS3 = (value: string | null): string | null =>
    value?.replace(/^file:\/*\//, '/').replace(`${root}/`, 's3://') ?? null;
  const partitionNames = `array['${Object.keys(partitionColumns).join("', '")}']`;
  let unloads = 0;

  return {
    select: async (sql) => {
      const result = await ask(sql);
      return sql.includes('"$path"') ? { ...result, rows: result.rows.map((row) => row.map(inS3)) } : result;
    },
    unload: async (sql, prefix) => {
      const table = `unload_${++unloads}`;
      await ask(`create table ${table} with (format = 'PARQUET') as ${sql}`);
      const written = join(server.metastore, schema, table);
      const names = readdirSync(written).filter((name) => !name.startsWith('.'));
      mkdirSync(folderOf(prefix), { recursive: true });
      for (const name of names) renameSync(join(written, name), join(folderOf(prefix), name));
      await ask(`drop table ${table}`);
      return names.sort().map((name) => `${prefix}${name}`);
    },
    addPartition: async (table, values, location) => {
      mkdirSync(folderOf(location), { recursive: true });
      const place = `'file://${folderOf(location)}'`;
      const arguments_ = `'${schema}', '${table}', ${partitionNames}, array['${values.join("', '")}'], ${place}`;
      await ask(`call system.register_partition(${arguments_})`).catch((error) => {
        if (!(error instanceof TrinoError && error.message.includes('is already registered'))) throw error;
      });
    },
    dropPartitions: async (table, dropped) => {
      for (const values of dropped) {
        const arguments_ = `'${schema}', '${table}', ${partitionNames}, array['${values.join("', '")}']`;
        await ask(`call system.unregister_partition(${arguments_})`).catch((error) => {
          if (!(error instanceof TrinoError && /does not exist|not found/.test(error.message))) throw error;
        });
      }
    },
    close: async () => undefined,
  };
}
