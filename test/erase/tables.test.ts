import { afterEach, beforeEach, expect, test } from 'vitest';
import { seek } from '../../lambdas/erase/sought.ts';
import { identityColumns, keepsRows, sweepObject, sweptTables } from '../../lambdas/erase/sweep-tables.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import type { Table, TableRow } from '../../lambdas/lake/table.ts';
import { customers, orders } from '../../lambdas/lake/tables/curated.ts';
import { runPrefix } from '../../lambdas/lake/zones.ts';
import { LakeAccessError } from '../../lambdas/platform/errors.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { readArrow, writeTable } from '../../lambdas/platform/parquet.ts';
import { batchRowsOf, openParquet } from '../../lambdas/platform/parquet-rows.ts';
import { keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

test('columns whose names end in _key are all pseudonyms of people, and nothing else is', () => {
  const names = new Set(tables.flatMap((table) => identityColumns(table)));
  expect([...names].sort()).toEqual([
    'customer_key',
    'earlier_key',
    'email_key',
    'identity_key',
    'phone_key',
    'platform_key',
  ]);
  const others = tables.flatMap((table) =>
    Object.entries(table.columns).filter(
      ([name, { meaning }]) => /^pseudonym/i.test(meaning) && !name.endsWith('_key'),
    ),
  );
  expect(others).toEqual([]);
});

test('rows that count in the revenue stay; contact data and rows about a person alone go', () => {
  expect(sweptTables.every(({ format }) => format === 'parquet')).toBe(true);
  expect(sweptTables.filter(keepsRows).map(({ name }) => name)).toEqual([
    'order_versions',
    'survey_responses',
    'orders',
    'order_lines',
  ]);
  expect(sweptTables.filter(({ personal }) => personal).map(({ name }) => name)).toEqual([
    'customer_sightings',
    'customers',
    'campaign_measures',
  ]);
  const kept = tables.filter((table) => identityColumns(table).length > 0 && !sweptTables.includes(table));
  expect(kept.map(({ name }) => name)).toEqual(['suppressions', 'erasures']);
});

const order = (i: number): TableRow<typeof orders> => ({
  source: 'shop',
  order_id: String(i).padStart(6, '0'),
  ingest_id: 'ingest',
  record_no: i,
  versions_seen: 1,
  version_seq: 2 ** 50 + i,
  customer_key: i % 5 === 0 ? null : keyOf(`customer ${i % 700}`),
  ordered_at: 1_700_000_000_123_456n + BigInt(i),
  order_date: 19_000 + (i % 300),
  status: 'completed',
  currency: 'EUR',
  gross_amount: 123_456_789n * BigInt(i),
  refunded_amount: -1n,
  net_amount: 0n,
  gross_reporting: i % 3 === 0 ? null : -5n * BigInt(i),
  refunded_reporting: null,
  discount_reporting: 0n,
  is_sale: i % 2 === 0,
  refund_known_on: null,
  void_on: -1,
  cancel_known_on: null,
  country: 'Ελλάδα',
  channel: null,
  line_count: 0,
});

async function rowsIn(key: string): Promise<TableRow<typeof orders>[]> {
  const object = await openParquet((await lake.store.read(key))?.body ?? new Uint8Array());
  const rows: TableRow<typeof orders>[] = [];
  for await (const batch of object.batches()) rows.push(...batchRowsOf(orders, batch));
  return rows;
}

/** @returns rows that named the person */
const sweep = (table: Table, key: string, gone: string, store: ObjectStore = lake.store): Promise<number> =>
  sweepObject(store, table, key, seek([gone]), false);

test('an object of several row groups keeps all its other rows, values and order, whoever wrote it', async () => {
  const rows = Array.from({ length: 70_000 }, (_, i) => order(i));
  const own = `${runPrefix(orders, lake.night.run)}part-00000.parquet`;
  await writeTable(lake.store, orders, own, rows);
  await lake.engine.register(orders, lake.night.run);
  const again = { asOf: lake.night.run.asOf, runId: 'again', attempt: 2 };
  const names = Object.keys(orders.columns).join(', ');
  await lake.engine.materialise({ name: 'copy', sql: `select ${names} from orders_runs` }, orders, again);
  const gone = keyOf('customer 33');
  const expected = rows.map((row) => (row.customer_key === gone ? { ...row, customer_key: null } : row));
  const copy = `${runPrefix(orders, again)}part-00000.parquet`;
  expect(await sweep(orders, own, gone)).toBe(100);
  expect(await sweep(orders, copy, gone)).toBe(100);
  expect(rows.filter(({ customer_key }) => customer_key === gone)).toHaveLength(100);
  expect(await rowsIn(own)).toEqual(expected);
  expect(await rowsIn(copy)).toEqual(expected);
  for (const key of [own, copy]) expect(await sweep(orders, key, gone)).toBe(0);
});

test('an object that an older version wrote keeps the columns that it has', async () => {
  const key = `${runPrefix(customers, lake.night.run)}part-00000.parquet`;
  const { customer_key, email } = customers.columns;
  const older = { ...customers, columns: { customer_key, email } };
  const rows = ['ada', 'ben'].map((name) => ({ customer_key: keyOf(name), email: `${name}@mail.example` }));
  await writeTable(lake.store, older, key, rows);
  await sweep(customers, key, keyOf('ada'));
  const left = readArrow((await lake.store.read(key))?.body ?? new Uint8Array());
  expect(left.toArray().map((row) => row?.toJSON())).toEqual([rows[1]]);
});

test('an object that is no Parquet, or of other types, is said so and stays', async () => {
  const key = `${runPrefix(customers, lake.night.run)}part-00000.parquet`;
  await lake.store.write(key, new TextEncoder().encode('rubbish'));
  await expect(sweep(customers, key, keyOf('ada'))).rejects.toThrow(LakeAccessError);
  const { customer_key, first_seen_at } = customers.columns;
  const other = { ...customers, columns: { customer_key, email: first_seen_at } };
  await writeTable(lake.store, other, key, [{ customer_key: keyOf('ada'), email: 5n }]);
  const before = (await lake.store.read(key))?.etag;
  await expect(sweep(customers, key, keyOf('ada'))).rejects.toThrow(/as email, not varchar/);
  expect((await lake.store.read(key))?.etag).toBe(before);
});

test('an object that somebody replaces meanwhile is swept as it then is', async () => {
  const key = `${runPrefix(orders, lake.night.run)}part-00000.parquet`;
  await writeTable(lake.store, orders, key, [order(1), order(2)]);
  const gone = order(1).customer_key ?? '';
  let isReplaced = false;
  const racing = {
    ...lake.store,
    read: async (from: string) => {
      const found = await lake.store.read(from);
      if (!isReplaced) await writeTable(lake.store, orders, key, [order(1), order(2), order(3)]);
      isReplaced = true;
      return found;
    },
  };
  await sweep(orders, key, gone, racing);
  expect(await rowsIn(key)).toEqual([{ ...order(1), customer_key: null }, order(2), order(3)]);
});
