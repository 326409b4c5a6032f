import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tables } from '../../../lambdas/lake/contract.ts';
import { partitionColumns, storedName, type Table } from '../../../lambdas/lake/table.ts';
import type { AthenaBackend } from '../../support/athena/backend.ts';
import { duckDbBackend } from '../../support/athena/duckdb.ts';
import { firstDifference } from './compare.ts';

/** Opens the folder of a local lake as if it were a bucket, with the partitions that its catalog registers. */
export async function localBackend(root: string): Promise<AthenaBackend> {
  const bucket = root.slice(dirname(root).length + 1);
  const backend = await duckDbBackend(dirname(root), { lake: bucket, personal: bucket });
  for (const table of tables.filter(({ kind }) => kind === 'run')) {
    const catalog = join(root, 'catalog', table.name);
    const entries = existsSync(catalog) ? readdirSync(catalog, { recursive: true, encoding: 'utf8' }) : [];
    for (const entry of entries) {
      const [, asOf, runId] = /^as_of=([^/]+)\/run_id=([^/]+)\.json$/.exec(entry) ?? [];
      if (!asOf || !runId) continue;
      const { location } = JSON.parse(readFileSync(join(catalog, entry), 'utf8')) as { location: string };
      await backend.addPartition(storedName(table), [asOf, runId], `s3://${bucket}/${location}`);
    }
  }
  return backend;
}

/** A table as stored and, where it has one, the view of what is published: statements that give all of their rows. */
export function wholeTable(table: Table): string[] {
  const isRun = table.kind === 'run';
  const columns = Object.keys({ ...table.columns, ...(isRun && partitionColumns) }).join(', ');
  const order = [...(isRun ? Object.keys(partitionColumns) : []), ...table.key].join(', ');
  const names = isRun ? [storedName(table), table.name] : [table.name];
  return names.map((name) => `select ${columns} from ${name} order by ${order}`);
}

/** Whether two lakes have the same rows; times of the clock are in receipts, the ledger and the pointer only. */
const isComputed = ({ kind, name }: Table): boolean => kind === 'run' || (kind === 'ingested' && name !== 'receipts');

/** Reads every table and view of the lake in S3, and compares what nights compute with the lake in a folder. */
export async function unlikeTables(
  inS3: AthenaBackend,
  local: AthenaBackend,
): Promise<{ rows: number; faults: string[] }> {
  const faults: string[] = [];
  let rows = 0;
  for (const table of tables) {
    for (const sql of wholeTable(table)) {
      const found = await inS3.select(sql);
      if (!isComputed(table)) continue;
      const expected = await local.select(sql);
      rows += expected.rows.length;
      const difference = firstDifference(expected, found);
      if (difference)
        faults.push(`the lake in a folder and that in S3, ${sql.replace(/^.* from /, '')}: ${difference}`);
    }
  }
  return { rows, faults };
}
