import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Landed, takeLanded } from '../../lambdas/ingest/take-landed.ts';
import { landedKey } from '../../lambdas/lake/zones.ts';
import { readJson } from '../../lambdas/platform/json-objects.ts';
import { type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const body = new TextEncoder().encode(
  'order_id,email,order_ts,total,currency\n1,anna@mail.example,2024-01-05T10:00:00Z,10.00,EUR',
);
const file: Landed = {
  key: 'exports/a.csv',
  name: 'a.csv',
  version: 'version-1',
  bytes: body.byteLength,
  deliveredAt: new Date('2026-01-01T00:00:00Z'),
  async *open() {
    yield body;
  },
};

test('a delivery that could not be let expire is asked for again, and counts once', async () => {
  await expect(takeLanded(lake, file, () => Promise.reject(new Error('denied')))).rejects.toThrow('denied');
  expect(await lake.store.read(landedKey(file.version))).toBeNull();

  let settled = 0;
  const { ingest_id, verdict } = await takeLanded(lake, file, async () => void settled++);
  expect(verdict).toBe('accepted');
  expect(settled).toBe(1);
  expect(await readJson(lake.store, landedKey(file.version))).toEqual({ key: file.key, ingest_id, verdict });
  const receipts: string[] = [];
  for await (const { key } of lake.store.list('ledger/receipts/')) receipts.push(key);
  expect(receipts).toHaveLength(1);
});
