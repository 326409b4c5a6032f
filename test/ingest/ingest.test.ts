import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IngestPorts, ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import type { ExportFile } from '../../lambdas/ingest/source/export-file.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import {
  customerSightings,
  orderLineVersions,
  orderVersions,
  rejectedRows,
} from '../../lambdas/lake/tables/ingested.ts';
import { ingestKey, receiptKey } from '../../lambdas/lake/zones.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import { readArrow } from '../../lambdas/platform/parquet.ts';
import { memoryFile } from './memory-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-ingest-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const keys = identityKeys('a secret for tests');

const portsFor = (settings: unknown = {}, now = '2024-07-01T00:00:00Z'): IngestPorts => ({
  store: fileStore(root),
  config: parseConfig(settings, 'test settings'),
  keys,
  clock: () => new Date(now),
  log: silentLog,
  progress: () => undefined,
});

const ingest = (file: ExportFile, ports = portsFor()) => ingestFile(ports, { file, limits: localLimits });

/** Rows of a table of one ingest, money and times as text. */
async function rowsOf(table: Table, ingestId: string): Promise<Record<string, unknown>[]> {
  const found = await fileStore(root).read(ingestKey(table, ingestId));
  if (!found) throw new Error(`no ${table.name}`);
  const arrow = readArrow(found.body);
  return Array.from({ length: arrow.numRows }, (_, i) =>
    Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => {
        const value: unknown = arrow.getChild(name)?.get(i);
        return [name, column.type === 'money' && value !== null ? String(value) : value];
      }),
    ),
  );
}

async function everyObject(): Promise<Map<string, string>> {
  const paths = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const bodies = paths.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(root.length + 1), (await readFile(path)).toString('latin1')];
  });
  return new Map((await Promise.all(bodies)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const shopExport = [
  'order_id,customer_id,email,order_ts,total,refunded,currency,sku,quantity,unit_price,first_name,accepts_marketing,country',
  '1002,c2,guest@shop.example,2024-03-02 11:00:00,80.00,,EUR,B,2,40.00,,,DE',
  '1001,c1, Anna@Shop.Example ,2024-03-01 23:30:00,120.50,20.50,EUR,A,1,100.50,Anna,yes,HU',
  '1001,c1,anna@shop.example,2024-03-01 23:30:00,120.50,20.50,EUR,B,0.5,40.00,Anna,yes,HU',
  '1003,c1,anna@shop.example,2024-05-01 08:00:00,10.00,,EUR,C,1,10.00,Anne,no,HU',
  '1004,,,2024-05-02 08:00:00,7.00,,EUR,C,1,7.00,,,',
  '1005,c5,eva@shop.example,2024-02-30 08:00:00,7.00,,EUR,C,1,7.00,Eva,yes,',
].join('\n');

describe('ingestFile', () => {
  test('writes orders, lines, people and rejects as the contract says', async () => {
    const ports = portsFor({ shop: { source: 'demo', time_zone: 'Europe/Budapest' } });
    const receipt = await ingest(memoryFile('orders-2024-05-31.csv', shopExport), ports);
    const [first, second, , fourth] = await rowsOf(orderVersions, receipt.ingest_id);

    expect(first).toMatchObject({
      source: 'demo',
      order_id: '1001',
      record_no: 2n,
      version_epoch_s: BigInt(Date.UTC(2024, 4, 31, 21, 59, 59) / 1000),
      email_key: keys.pseudonym('email', 'anna@shop.example'),
      platform_key: keys.pseudonym('customer', 'demo:c1'),
      phone_key: null,
      status: 'completed',
      currency: 'EUR',
      gross_amount: '1205000',
      refunded_amount: '205000',
      discount_amount: '0',
      country: 'HU',
      line_count: 2,
    });
    expect(first!.order_date).toEqual(Date.UTC(2024, 2, 1));
    expect(first!.ordered_at).toEqual(Date.UTC(2024, 2, 1, 22, 30));
    expect(second).toMatchObject({
      order_id: '1002',
      email_key: null,
      platform_key: keys.pseudonym('customer', 'demo:c2'),
    });
    expect(fourth).toMatchObject({ order_id: '1004', email_key: null, platform_key: null, country: null });

    const lines = await rowsOf(orderLineVersions, receipt.ingest_id);
    expect(
      lines.map((line) => [line.order_id, line.line_no, line.record_no, line.sku, line.quantity, line.amount]),
    ).toEqual([
      ['1001', 1, 2n, 'A', '10000', '1005000'],
      ['1001', 2, 3n, 'B', '5000', '200000'],
      ['1002', 1, 1n, 'B', '20000', '800000'],
      ['1003', 1, 4n, 'C', '10000', '100000'],
      ['1004', 1, 5n, 'C', '10000', '70000'],
    ]);

    const people = await rowsOf(customerSightings, receipt.ingest_id);
    expect(people).toMatchObject([
      { sighting_no: 1n, customer_id: 'c2', email: null, accepts_marketing: null },
      { sighting_no: 2n, customer_id: 'c1', email: 'anna@shop.example', first_name: 'Anne', accepts_marketing: false },
    ]);
    expect(people[1]!.first_seen_at).toEqual(Date.UTC(2024, 2, 1, 22, 30));
    expect(people[1]!.last_seen_at).toEqual(Date.UTC(2024, 4, 1, 6));

    expect(await rowsOf(rejectedRows, receipt.ingest_id)).toEqual([
      {
        ingest_id: receipt.ingest_id,
        file_name: 'orders-2024-05-31.csv',
        record_no: 6n,
        reason: 'impossible_time',
        column_name: 'order_ts',
      },
    ]);
    expect(receipt).toMatchObject({
      verdict: 'accepted',
      layout: 'generic',
      encoding: 'utf-8',
      records_read: 6,
      orders_accepted: 4,
      lines_folded: 1,
      duplicates: 0,
      rejected: 1,
      orders_without_customer: 1,
      first_order_date: Date.UTC(2024, 2, 1) / 86_400_000,
      last_order_date: Date.UTC(2024, 4, 2) / 86_400_000,
      totals: '{"EUR":{"orders":4,"gross":"217.50","refunded":"20.50","net":"197.00"}}',
    });
  });

  test('the same file again changes nothing but the time it was asked for', async () => {
    const first = await ingest(memoryFile('orders.csv', shopExport));
    const before = await everyObject();
    const again = await ingest(
      memoryFile('another-name.csv', shopExport, { deliveredAt: '2024-08-30T00:00:00Z' }),
      portsFor({}, '2024-09-01T00:00:00Z'),
    );
    const after = await everyObject();

    expect(again).toEqual({ ...first, ingested_at: '2024-09-01T00:00:00.000Z' });
    before.delete(receiptKey(first));
    after.delete(receiptKey(first));
    expect(after).toEqual(before);
  });

  test('a file that is read again under other settings is no newer for that', async () => {
    const first = await ingest(memoryFile('orders.csv', shopExport));
    const again = memoryFile('orders.csv', shopExport, { deliveredAt: '2024-08-30T00:00:00Z' });
    const other = await ingest(again, portsFor({ shop: { time_zone: 'Europe/Budapest' } }));
    expect(other.ingest_id).not.toBe(first.ingest_id);
    expect(other.delivered_at).toBe(first.delivered_at);
  });

  test('two ingests of one file at once leave one truth', async () => {
    const [a, b] = await Promise.all([
      ingest(memoryFile('orders.csv', shopExport)),
      ingest(memoryFile('orders.csv', shopExport)),
    ]);
    expect(a).toEqual(b);
    const count = [...(await everyObject()).keys()].filter((key) => key.includes('receipts')).length;
    expect(count).toBe(1);
  });

  test('other settings, another secret or other bytes are another ingest', async () => {
    const file = memoryFile('orders.csv', shopExport);
    const ids = [
      await ingest(file),
      await ingest(file, portsFor({ shop: { time_zone: 'Europe/Budapest' } })),
      await ingest(file, { ...portsFor(), keys: identityKeys('another secret') }),
      await ingest(memoryFile('orders.csv', `${shopExport}\n`)),
    ].map((receipt) => receipt.ingest_id);
    expect(new Set(ids).size).toBe(4);
  });

  test('a file that cannot be trusted leaves a receipt that says why, and nothing else', async () => {
    const receipt = await ingest(
      memoryFile('orders.csv', 'order_id,customer_id,order_ts,total\n1,c1,03/04/2024,5.00\n'),
    );
    expect(receipt).toMatchObject({ verdict: 'refused', orders_accepted: 0, records_read: 0 });
    expect(receipt.reason).toContain('03/04/2024');
    expect(receipt.reason).toContain('ingest.date_order');
    expect([...(await everyObject()).keys()]).toEqual([receiptKey(receipt)]);
  });

  test('contact data stay out of every table but the one for them', async () => {
    await ingest(memoryFile('orders.csv', shopExport));
    for (const [key, body] of await everyObject()) {
      if (!key.startsWith('personal/')) expect(body.toLowerCase()).not.toMatch(/shop\.example|anna|eva/);
    }
  });

  test('a version is as old as its row says, else as its file says', async () => {
    const rows =
      'order_id,customer_id,order_ts,total,updated_at\n1,c1,2024-01-01,5.00,2024-02-01T00:00:00Z\n2,c2,2024-01-03,5.00,\n';
    const versionsOf = async (file: ExportFile, settings = {}) =>
      (await rowsOf(orderVersions, (await ingest(file, portsFor(settings))).ingest_id)).map(
        (row) => row.version_epoch_s,
      );
    const seconds = (text: string) => BigInt(Date.parse(text) / 1000);

    expect(await versionsOf(memoryFile('orders.csv', rows))).toEqual([
      seconds('2024-02-01T00:00:00Z'),
      seconds('2024-01-03T00:00:00Z'),
    ]);
    const exportedAt = { ingest: { exported_at: '2024-03-01T12:00:00+02:00' } };
    expect(await versionsOf(memoryFile('orders.csv', rows), exportedAt)).toEqual([
      seconds('2024-02-01T00:00:00Z'),
      seconds('2024-03-01T10:00:00Z'),
    ]);
  });
});
