import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { readConfigFile } from '../../bin/local-lake.ts';
import { runNight } from '../../bin/night.ts';
import { type Erased, erase } from '../../lambdas/erase/erase.ts';
import { identityColumns, keepsRows, sweptTables } from '../../lambdas/erase/sweep-tables.ts';
import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import { count, money, text } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { storedName } from '../../lambdas/lake/table.ts';
import { latestManifestKey } from '../../lambdas/lake/zones.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { readManifest } from '../../lambdas/publish/manifest.ts';
import { day } from '../support/lake.ts';
import { type LakeProcess, processOn } from '../support/night.ts';
import { filesWith } from './search.ts';
import { ada, header, orderLine, take } from './shop-of-two.ts';

let folder: string;
let lake: LakeProcess;
let config: Config;
let lastDay: number;
let exports: string[];
let adasExport: string;

/** Ada bought every 30 days for a lot of money and then no more: she is on lists. Once under another address. */
const adasOrders = (last: number): string =>
  [
    header,
    ...Array.from({ length: 12 }, (_, i) =>
      orderLine(`ADA-${i}`, isoDate(last - 130 - 30 * i), '400.00', i === 3 ? { ...ada, email: ada.otherEmail } : ada),
    ),
  ].join('\n');

async function night(asOf: number): Promise<void> {
  const claimed = await claim(lake, asOf);
  await runNight(lake, claimed);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-erase-'));
  const shop = await writeDemoShop(join(folder, 'shop'), { customers: 400, seed: 3 });
  const settings = await readConfigFile(shop.configFile);
  config = { ...settings, publish: { ...settings.publish, control_pct: 0 } };
  lastDay = day(shop.asOf);
  exports = shop.exportFiles;
  adasExport = adasOrders(lastDay);
  lake = { ...(await processOn(join(folder, 'lake'))), config };
  for (const path of exports) {
    const file = {
      name: basename(path),
      bytes: (await stat(path)).size,
      deliveredAt: new Date('2026-10-01T00:00:00Z'),
    };
    await ingestFile(lake, { file: { ...file, open: () => createReadStream(path) }, limits: localLimits });
  }
  await take(lake, 'ada.csv', adasExport);
  await night(lastDay - 10);
  await night(lastDay);
}, 240_000);
afterAll(async () => {
  lake?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Rows of a table of all ingests and nights, as text, without those that name one of the keys. */
async function rowsOfOthers(keys: readonly string[]): Promise<Map<string, { rows: number; hash: string }>> {
  const tables = new Map<string, { rows: number; hash: string }>();
  for (const table of sweptTables) {
    const names = identityColumns(table);
    const isTheirs = names.map((name) => `${name} in (${keys.map((key) => `'${key}'`).join(', ')})`).join(' or ');
    const kept = keepsRows(table)
      ? names.map((name) => `case when ${isTheirs} then null else ${name} end as ${name}`)
      : [];
    const whose = `select * ${kept.length > 0 ? `replace (${kept.join(', ')})` : ''} from ${storedName(table)}
      ${keepsRows(table) ? '' : `where not coalesce(${isTheirs}, false)`}`;
    const statement = {
      name: table.name,
      sql: `select cast(t as varchar) as line, count(*) as lines from (${whose}) as t group by 1`,
    };
    const shape = { columns: { line: text(''), lines: count('') }, key: ['line'] };
    const lines = await rowsOf(lake.engine, statement, shape);
    const hash = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
    tables.set(table.name, { rows: lines.reduce((sum, { lines: n }) => sum + n, 0), hash });
  }
  return tables;
}

const revenue = () =>
  rowsOf(
    lake.engine,
    {
      name: 'revenue',
      sql: `select run_id, count(*) as orders, sum(gross_reporting - refunded_reporting) as net
        from orders_runs group by run_id`,
    },
    { columns: { run_id: text(''), orders: count(''), net: money('') }, key: ['run_id'] },
  );

/** What the manifest names, against what is there. */
async function wrongFiles(): Promise<string[]> {
  const wrong: string[] = [];
  for (const { key, sha256, bytes } of (await readManifest(lake.store, latestManifestKey))?.files ?? []) {
    const body = (await lake.store.read(key))?.body ?? new Uint8Array();
    if (createHash('sha256').update(body).digest('hex') !== sha256 || body.byteLength !== bytes) wrong.push(key);
  }
  return wrong;
}

test('an erased person is nowhere in the lake; everybody else and all revenue stay', { timeout: 240_000 }, async () => {
  const plain = [ada.email, ada.otherEmail, ada.phone, '4915123454711', ada.customer, ada.firstName, ada.lastName];
  const keys = [
    lake.keys.pseudonym('email', ada.email),
    lake.keys.pseudonym('email', ada.otherEmail),
    lake.keys.pseudonym('phone', '4915123454711'),
    lake.keys.pseudonym('customer', `${config.shop.source}:${ada.customer}`),
  ];
  const root = join(folder, 'lake');
  const before = await filesWith(root, [...plain, ...keys]);
  // she is looked for in the right way: everything that names her is found somewhere, she and her upload on lists
  for (const word of [...plain, ...keys]) expect(before.get(word), word).not.toEqual([]);
  expect(before.get(ada.email)?.filter((file) => file.endsWith('people.csv')).length).toBeGreaterThanOrEqual(2);
  expect(before.get(ada.email)?.some((file) => file.endsWith('klaviyo.csv'))).toBe(true);
  expect(before.get(ada.lastName)?.some((file) => file.startsWith('personal/runs/customers/'))).toBe(true);
  const [others, sums] = [await rowsOfOthers(keys), await revenue()];

  const input = { person: ada.email, isDry: false, isForced: false };
  const tried = await erase(lake, { ...input, isDry: true });
  expect([...(await filesWith(root, plain))]).toEqual(plain.map((word) => [word, before.get(word)]));
  const erased = await erase(lake, input);
  expect(erased).toEqual(tried);
  expect(erased.keys).toEqual([...keys].sort());
  const rowsIn = (table: string) => erased.tables.find((each) => each.table === table)?.rows;
  expect(rowsIn('order_versions')).toBe(12);
  expect(rowsIn('orders')).toBe(24);
  expect(rowsIn('customers')).toBe(2);
  expect(rowsIn('customer_sightings')).toBe(2);

  const stays = (file: string): boolean => file.startsWith('ledger/erasures/');
  const after = await filesWith(root, [...plain, ...keys]);
  for (const [word, files] of after)
    expect(
      files.filter((file) => !stays(file)),
      word,
    ).toEqual([]);
  for (const key of keys) expect(after.get(key)?.filter(stays)).toHaveLength(1);
  for (const word of plain) expect(after.get(word)).toEqual([]);
  expect(await rowsOfOthers(keys)).toEqual(others);
  expect(await revenue()).toEqual(sums);
  expect(await wrongFiles()).toEqual([]);

  const nothing: Erased = { keys: erased.keys, tables: [], files: [] };
  expect(await erase(lake, { ...input, person: ada.customer })).toEqual(nothing);
});

test('the next night is another one, knows nobody of that name even from an old export, and has the same revenue', async () => {
  const known = (await revenue()).map(({ run_id }) => run_id);
  await take(lake, 'ada-again.csv', `${adasExport}\n`);
  await night(lastDay);
  const [now, ...rest] = (await revenue()).filter(({ run_id }) => !known.includes(run_id));
  expect(rest).toEqual([]);
  expect(
    (await revenue()).filter(({ net, orders }) => net === now?.net && orders === now?.orders).length,
  ).toBeGreaterThan(1);
  const found = await filesWith(join(folder, 'lake'), [ada.email, ada.otherEmail, ada.lastName, ada.customer]);
  expect([...found.values()].flat()).toEqual([]);
  expect(await wrongFiles()).toEqual([]);
}, 120_000);
