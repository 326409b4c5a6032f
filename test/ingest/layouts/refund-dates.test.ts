import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ingestFile, localLimits } from '../../../lambdas/ingest/ingest.ts';
import { isoDate } from '../../../lambdas/lake/day.ts';
import { orderVersions } from '../../../lambdas/lake/tables/ingested.ts';
import { ingestKey } from '../../../lambdas/lake/zones.ts';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import { identityKeys } from '../../../lambdas/platform/identity-keys.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../../lambdas/platform/log.ts';
import { readArrow } from '../../../lambdas/platform/parquet.ts';
import { memoryFile } from '../memory-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-refunds-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Day of refund of each order of a golden export, in the shop's zone. */
async function refundDays(folder: string, timeZone: string): Promise<Record<string, string | null>> {
  const path = fileURLToPath(new URL(`../golden/${folder}/export.csv`, import.meta.url));
  const store = fileStore(root);
  const ports = {
    store,
    config: parseConfig({ shop: { time_zone: timeZone } }, 'test settings'),
    keys: identityKeys('a secret for tests'),
    clock: () => new Date('2024-07-01T00:00:00Z'),
    log: silentLog,
    progress: () => undefined,
  };
  const file = memoryFile('export.csv', await readFile(path), { chunkBytes: 1 << 16 });
  const receipt = await ingestFile(ports, { file, limits: localLimits });
  const found = await store.read(ingestKey(orderVersions, receipt.ingest_id));
  const arrow = readArrow(found!.body);
  const dayOf = (at: number): string | null => {
    const day: unknown = arrow.getChild('refunded_on')?.get(at);
    return day === null ? null : isoDate(Math.floor(Number(day) / 86_400_000));
  };
  return Object.fromEntries(
    Array.from({ length: arrow.numRows }, (_, at) => [String(arrow.getChild('order_id')?.get(at)), dayOf(at)]),
  );
}

test('WebToffee dates its refunds in UTC: the latest of an order counts, on its day in the shop', async () => {
  expect(await refundDays('woocommerce-webtoffee', 'Europe/Budapest')).toMatchObject({
    '801': null,
    '803': '2024-01-12',
    '804': '2024-01-10',
    '805': null,
  });
});

test('a refund in a row of its own is dated by that row', async () => {
  expect(await refundDays('square-transactions', 'America/New_York')).toMatchObject({
    TX1: null,
    TX2: '2024-03-12',
    TX4: '2024-03-09',
    RF9: '2024-03-09',
  });
});
