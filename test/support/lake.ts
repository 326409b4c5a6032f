import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Columns, RowOf } from '../../lambdas/lake/column.ts';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { type Run, runPrefix } from '../../lambdas/lake/zones.ts';
import type { Night } from '../../lambdas/pipeline.ts';
import { type Config, parseConfig } from '../../lambdas/platform/config/config.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';
import { erasuresState } from '../../lambdas/platform/erasures.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { type DuckDbEngine, duckDbEngine } from '../../lambdas/platform/local/duckdb-engine.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';

/** Days since 1970-01-01 of a YYYY-MM-DD text that is known to be one. */
export function day(text: string): number {
  const parsed = parseIsoDate(text);
  if (parsed === null) throw new Error(`not a day: ${text}`);
  return parsed;
}

export interface TestLake extends IdentifyingContext {
  readonly root: string;
  readonly engine: DuckDbEngine;
  readonly night: Night;
  /** Writes and registers rows as the run's partition of a run table. */
  put<C extends Columns>(table: Table<C>, rows: readonly RowOf<C>[]): Promise<void>;
  /** Closes the engine and removes the folder. */
  close(): Promise<void>;
}

/** A real lake in a temporary folder, claimed for one night: filesystem, DuckDB, a fixed secret and a still clock. */
export async function testLake(asOf: string, settings: unknown = {}): Promise<TestLake> {
  const root = await mkdtemp(join(tmpdir(), 'winback-test-'));
  const store = fileStore(root);
  const engine = await duckDbEngine(store, { root });
  const config: Config = parseConfig(settings, 'test settings');
  const run: Run = { asOf: day(asOf), runId: 'test', attempt: 1 };
  return {
    root,
    store,
    engine,
    config,
    keys: identityKeys('a secret for tests'),
    log: silentLog,
    clock: () => new Date('2026-01-01T00:00:00Z'),
    progress: () => undefined,
    night: {
      run,
      previous: null,
      matured: [],
      inputs: 1,
      erasures: await erasuresState(store),
      firstOrderDate: run.asOf - 365,
      lastOrderDate: run.asOf,
      currency: 'EUR',
    },
    async put(table, rows) {
      await writeTable(store, table, `${runPrefix(table, run)}part-00000.parquet`, rows);
      await engine.register(table, run);
    },
    async close() {
      engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
