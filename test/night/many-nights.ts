import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { integer } from '../../lambdas/lake/column.ts';
import { customers, identities, runInputs } from '../../lambdas/lake/tables/curated.ts';
import { publishedRuns } from '../../lambdas/lake/tables/runs.ts';
import {
  claimKey,
  nightKey,
  publishedPrefix,
  publishedRunsKey,
  type Run,
  runPrefix,
  stepResultKey,
} from '../../lambdas/lake/zones.ts';
import type { PublishedRun } from '../../lambdas/night/published.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import type { Context } from '../../lambdas/platform/context.ts';
import { encodeJsonRows, writeJson } from '../../lambdas/platform/json-objects.ts';
import { duckDbEngine } from '../../lambdas/platform/local/duckdb-engine.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind, runParameters } from '../../lambdas/platform/statement.ts';
import { awsLake } from '../support/aws-lake.ts';

export interface OpenLake extends Context {
  readonly root: string;
  close(): Promise<void>;
}

const common = (keepDays: number) => ({
  config: parseConfig({ night: { keep_days: keepDays } }, 'test settings'),
  log: silentLog,
  clock: () => new Date('2026-01-01T00:00:00Z'),
  progress: () => undefined,
});

export async function localLake(root: string, keepDays: number): Promise<OpenLake> {
  const store = fileStore(root);
  const engine = await duckDbEngine(store, { root, threads: 1 });
  return { root, store, engine, ...common(keepDays), close: async () => engine.close() };
}

export async function s3Lake(root: string, keepDays: number): Promise<OpenLake> {
  const lake = await awsLake(root);
  return { root, store: lake.store, engine: lake.engine(randomUUID()), ...common(keepDays), close: lake.close };
}

export const runOf = (asOf: number, name = 'night'): Run => ({
  asOf,
  runId: Buffer.from(`${name}${asOf}`.padEnd(8, '.')).toString('hex').slice(-16),
  attempt: 1,
});

/** Leaves what a run leaves: some of its tables, what its steps returned, lists. */
export async function leaveRun({ store, engine }: Context, run: Run): Promise<void> {
  await writeJson(store, claimKey(run), { run_id: run.runId });
  await writeJson(store, nightKey(run), { run });
  const input = { ingest_id: 'i', input_rank: 1, file_name: 'a.csv', file_sha256: '', source: 'shop' };
  await store.write(`${runPrefix(runInputs, run)}inputs.json`, encodeJsonRows(runInputs, [input]));
  await engine.register(runInputs, run);
  await writeTable(store, identities, `${runPrefix(identities, run)}part-00000.parquet`, [
    { identity_key: 'a', customer_key: run.runId },
  ]);
  await engine.register(identities, run);
  await store.write(`${runPrefix(customers, run)}part-00000.parquet`, new TextEncoder().encode('contact data'));
  await writeJson(store, stepResultKey(run, 'curate'), {});
  await store.write(`${publishedPrefix(run)}win_back_high/people.csv`, new TextEncoder().encode('a list'));
  await writeJson(store, `${publishedPrefix(run)}manifest.json`, { run_id: run.runId });
}

/** Makes a lake's published nights these, the last one current. */
export async function publishAll({ store }: Context, runs: readonly Run[], horizonDays = 90): Promise<void> {
  const nights: PublishedRun[] = runs.map((run, i) => ({
    as_of: run.asOf,
    run_id: run.runId,
    is_current: i === runs.length - 1,
    model_id: 'm',
    horizon_days: horizonDays,
    trained_on: run.asOf,
  }));
  await store.write(publishedRunsKey, encodeJsonRows(publishedRuns, nights));
}

/** Rows that a run left in a table, as statements read them. */
export async function rowsLeft({ engine }: Context, run: Pick<Run, 'asOf' | 'runId'>): Promise<number> {
  const sql = 'select count(*) as n from identities_runs where as_of = :as_of and run_id = :run_id';
  const shape = { columns: { n: integer('Rows.') }, key: ['n'] };
  const [found] = await rowsOf(engine, bind('rows left', sql, runParameters(run)), shape);
  return found?.n ?? 0;
}

/** Paths of all files that are a run's, but its claims and the note that it was removed. */
export async function filesOf(root: string, run: Run): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => file.includes(run.runId) && !/\/runs\/(claims|removed|pins)\//.test(file));
}

/** What a reader sees of a lake: the pointer, and which files there are. */
export async function stateOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pointer = files.find((file) => file.endsWith(publishedRunsKey));
  const told = pointer ? await readFile(pointer, 'utf8') : '';
  return [told, ...files.map((file) => file.slice(root.length)).sort()];
}

/** What a process throws that dies. */
export class Died extends Error {}

/** The process dies at its nth call of store or engine: before it takes effect, or right after. */
export function dyingAt(lake: OpenLake, nth: number, when: 'before' | 'after') {
  let calls = 0;
  const mortal =
    <A extends unknown[], R>(act: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      calls++;
      if (calls > nth || (calls === nth && when === 'before')) throw new Died();
      const result = await act(...given);
      if (calls === nth) throw new Died();
      return result;
    };
  const { store, engine } = lake;
  const dying: OpenLake = {
    ...lake,
    store: {
      ...store,
      read: mortal(store.read),
      write: mortal(store.write),
      remove: mortal(store.remove),
      removeAll: mortal(store.removeAll),
    },
    engine: { ...engine, forget: mortal(engine.forget) },
  };
  return { dying, calls: () => calls };
}
