import { describe, expect, test } from 'vitest';
import { checkFile } from '../../lambdas/ingest/check.ts';
import { lambdaLimits, localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { memoryFile } from './memory-file.ts';

const config = parseConfig({}, 'no settings');
const line = (i: number) => `${i},c${i},2024-03-0${1 + (i % 9)} 10:00:00,5.00`;
const csv = (records: number) =>
  ['order_id,customer_id,order_ts,total', ...Array.from({ length: records }, (_, i) => line(i)), '', ''].join('\n');
const jsonLines = (records: number) =>
  Array.from({ length: records }, (_, i) =>
    JSON.stringify({ order_id: i, customer_id: i, order_ts: '2024-03-01', total: 5 }),
  ).join('\n');

describe('limits of a file', () => {
  for (const [name, make] of [
    ['orders.csv', csv],
    ['orders.jsonl', jsonLines],
  ] as const) {
    test(`${name}: as many records as allowed are taken, one more is refused`, async () => {
      const limits = { ...lambdaLimits, records: 20 };
      const taken = await checkFile(memoryFile(name, make(20)), config, limits);
      expect(taken).toMatchObject({ verdict: 'accepted', counts: { read: 20, accepted: 20 } });
      const refused = await checkFile(memoryFile(name, make(21)), config, limits);
      expect(refused.refusal).toMatchObject({
        code: 'too_large',
        message: `${name} has more than 20 records`,
        next: 'Split the export by date and deliver the parts.',
      });
    });
  }

  test('a Lambda takes 3 million records and 2 GB, a laptop any number', () => {
    expect(lambdaLimits).toMatchObject({ records: 3_000_000, bytes: 2_000_000_000 });
    expect(localLimits.records).toBeGreaterThan(1e12);
  });
});
