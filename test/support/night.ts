import { createHash } from 'node:crypto';
import { runNight } from '../../bin/night.ts';
import type { Columns, RowOf } from '../../lambdas/lake/column.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Night, StepOutputs } from '../../lambdas/pipeline.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { readJson } from '../../lambdas/platform/json-objects.ts';
import { duckDbEngine } from '../../lambdas/platform/local/duckdb-engine.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import type { ToldOrder } from './ingested.ts';
import { day } from './lake.ts';

export interface LakeProcess extends IdentifyingContext {
  close(): void;
}

/** A process of its own on a lake in a folder, as a run of the command line opens it; `wrap` may make its store fail. */
export async function processOn(
  root: string,
  settings: unknown = {},
  wrap: (store: ObjectStore) => ObjectStore = (store) => store,
): Promise<LakeProcess> {
  const store = wrap(fileStore(root));
  const engine = await duckDbEngine(store, { root, threads: 2 });
  return {
    store,
    engine,
    config: parseConfig(settings, 'test settings'),
    keys: identityKeys('a secret for tests'),
    log: silentLog,
    clock: () => new Date('2026-01-01T00:00:00Z'),
    progress: () => undefined,
    close: engine.close,
  };
}

export interface NightRun {
  readonly night: Night;
  readonly outputs: StepOutputs;
}

/** Claims and runs the night of a date in a process of its own. */
export async function nightOf(
  root: string,
  asOf: string | null,
  settings: unknown = {},
  wrap?: (store: ObjectStore) => ObjectStore,
): Promise<NightRun> {
  const lake = await processOn(root, settings, wrap);
  try {
    const night = await claim(lake, asOf === null ? null : day(asOf));
    return { night, outputs: await runNight(lake, night) };
  } finally {
    lake.close();
  }
}

/** What a night left in a table, published or not. */
export async function rowsOfNight<C extends Columns>(
  root: string,
  table: Table<C>,
  { night: { run } }: NightRun,
): Promise<RowOf<C>[]> {
  const lake = await processOn(root);
  try {
    const sql = `select * from ${table.name}_runs where as_of = date '${isoDate(run.asOf)}' and run_id = '${run.runId}'`;
    return await rowsOf(lake.engine, { name: table.name, sql }, table);
  } finally {
    lake.close();
  }
}

/**
 * Orders of a shop whose customers buy every 20 to 83 days until they stop for good, the same on every call.
 * @param last day of the newest order
 */
export function regularShop(customers: number, last: string, days: number): ToldOrder[] {
  const end = day(last);
  const orders: ToldOrder[] = [];
  for (let c = 0; c < customers; c++) {
    const hash = createHash('sha256').update(`shop ${c}`).digest();
    const rhythm = 20 + (hash[0]! & 63);
    const stops = hash[1]! % 3 === 0 ? end - (hash.readUInt16BE(2) % days) : end;
    let on = end - days + (hash.readUInt16BE(4) % (days - 30));
    for (let n = 0; on <= stops && n < 40; n++) {
      orders.push({
        order_id: `${c}-${n}`,
        on: isoDate(on),
        version: `${isoDate(end + 1)}T00:00:00Z`,
        email: `customer ${c}`,
        gross_amount: BigInt(5 + (hash[6]! % 90) + n) * 10_000n,
        contact: { email: `customer-${c}@shop.example`, accepts_marketing: hash[7]! % 5 === 0 ? false : null },
        lines: [{ sku: `sku-${(c + n) % 7}`, category: n % 2 ? 'tea' : 'coffee', amount: 10_000n }],
      });
      on += rhythm + (hash[8 + (n % 20)]! % 9) - 4;
    }
  }
  // somebody who bought on the last day keeps every night fresh
  orders.push({ order_id: 'last', on: last, email: 'the last one', version: `${isoDate(end + 1)}T00:00:00Z` });
  return orders;
}

async function hashOfObjects(store: ObjectStore, prefix: string, hide: (key: string) => string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) {
    found.push(`${hide(key)} ${(await store.read(key))?.etag}`);
  }
  return found;
}

/**
 * What a reader of the lake can see: the pointer, lists, report, models, and the bytes of every registered partition,
 * whichever attempt wrote them.
 */
export async function visibleState(root: string): Promise<string[]> {
  const store = fileStore(root);
  const state: string[] = [];
  for (const prefix of ['published/', 'models/', 'runs/published_runs/']) {
    state.push(...(await hashOfObjects(store, prefix, (key) => key)));
  }
  for (const table of tables) {
    for await (const { key } of store.list(`catalog/${table.name}/`)) {
      const partition = await readJson<{ location: string }>(store, key);
      const base = partition?.location ?? '';
      const objects = await hashOfObjects(store, base, (object) => object.slice(base.length));
      state.push(`${key}: ${objects.join(', ')}`);
    }
  }
  return state;
}
