import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFile } from '../../lambdas/ingest/check.ts';
import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { ingestOf } from '../../lambdas/platform/config/ingest.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import { memoryFile } from './memory-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-files-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const settings = {
  ingest: {
    date_order: 'month_first',
    columns: { channel: 'Kasse' },
    files: [
      {
        match: 'loyalty-*.csv',
        date_order: 'day_first',
        columns: { order_id: 'Bon', customer_id: 'Karte', total: 'Summe' },
      },
      { match: '*.csv', max_rejected_pct: 3 },
    ],
  },
};

const loyalty = 'Bon,Karte,Date,Summe\nb1,k1,03/04/2024,5.00\n';
const shop = 'order_id,customer_id,date,total,Kasse\n1,c1,03/04/2024,5.00,web\n';

async function ingestId(name: string, text: string, given: unknown): Promise<string> {
  const ports = {
    store: fileStore(root),
    config: parseConfig(given, 'test settings'),
    keys: identityKeys('a secret for tests'),
    clock: () => new Date('2024-07-01T00:00:00Z'),
    log: silentLog,
    progress: () => undefined,
  };
  return (await ingestFile(ports, { file: memoryFile(name, text), limits: localLimits })).ingest_id;
}

describe('settings of some files', () => {
  const { ingest } = parseConfig(settings, 'test settings');

  test.each([
    ['loyalty-2024.csv', 'day_first'],
    ['/till/3/Loyalty-2024.CSV', 'day_first'],
    ['C:\\till\\loyalty-.csv', 'day_first'],
    ['loyalty-2024.csv.gz', 'month_first'],
    ['old-loyalty-2024.csv', 'month_first'],
  ])('%s is read %s', (name, order) => {
    expect(ingestOf(ingest, name).date_order).toBe(order);
  });

  test('the first pattern that fits counts, and replaces what it names as a whole', () => {
    const own = ingestOf(ingest, 'loyalty-2024.csv');
    expect(own.columns).toEqual({ order_id: 'Bon', customer_id: 'Karte', total: 'Summe' });
    expect(own.max_rejected_pct).toBe(50);
    expect(ingestOf(ingest, 'shop.csv')).toMatchObject({ columns: { channel: 'Kasse' }, max_rejected_pct: 3 });
  });

  test('signs that patterns of other tools know are plain signs', () => {
    const { ingest: plain } = parseConfig({ ingest: { files: [{ match: 'a+(b)?.[c]', header: false }] } }, 'test');
    expect(ingestOf(plain, 'a+(b)x.[c]').header).toBe(false);
    expect(ingestOf(plain, 'aab.c').header).toBe(true);
  });

  test('files of two kinds are read side by side', async () => {
    const config = parseConfig(settings, 'test settings');
    const [first] = (await checkFile(memoryFile('loyalty-a.csv', loyalty), config, localLimits)).orders();
    const [second] = (await checkFile(memoryFile('shop.csv', shop), config, localLimits)).orders();
    expect(first).toMatchObject({ order_id: 'b1', customer_id: 'k1', order_date: '2024-04-03', net: '5.00' });
    expect(second).toMatchObject({ order_id: '1', customer_id: 'c1', order_date: '2024-03-04', net: '5.00' });
  });

  test('change the ingests of the files that they fit, and no others', async () => {
    const general = { ingest: { date_order: 'month_first', columns: { channel: 'Kasse' } } };
    const other = { ingest: { ...general.ingest, files: [{ match: 'loyalty-*', header: true, max_rejected_pct: 1 }] } };
    expect(await ingestId('shop.csv', shop, other)).toBe(await ingestId('shop.csv', shop, general));
    expect(await ingestId('loyalty-1.csv', shop, other)).not.toBe(await ingestId('loyalty-1.csv', shop, general));
  });
});
