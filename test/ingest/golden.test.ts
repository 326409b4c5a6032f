import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { expectReport, goldenCase } from './golden-case.ts';
import { memoryFile } from './memory-file.ts';

/** Every record has one fate, and the fates are those of the counts, the orders and the rejects. */
function expectAccount(report: CheckReport): void {
  const records = [...report.records()];
  const { read, accepted, folded, duplicate, rejected } = report.counts;
  const ofFate = (fate: string) => records.filter((record) => record.fate === fate);
  expect(records.map(({ record_no }) => record_no)).toEqual(Array.from({ length: read }, (_, i) => i + 1));
  expect([ofFate('folded').length, ofFate('duplicate').length]).toEqual([folded, duplicate]);
  if (report.verdict === 'refused') return;
  const orders = [...report.orders()].sort((a, b) => a.record_no - b.record_no);
  const place = ({
    record_no,
    line_no,
    order_id,
  }: {
    record_no: number;
    line_no: number | null;
    order_id: string | null;
  }) => ({
    record_no,
    line_no,
    order_id,
  });
  expect(ofFate('accepted').map(place)).toEqual(orders.map(place));
  expect(ofFate('rejected').map(({ record_no, reason }) => ({ record_no, reason }))).toEqual(
    [...report.rejects()].map(({ record_no, reason }) => ({ record_no, reason })),
  );
  expect([orders.length, ofFate('rejected').length]).toEqual([accepted, rejected]);
}

const root = fileURLToPath(new URL('golden/', import.meta.url));
const cases = readdirSync(root).sort();

describe('what a user expects of an export', () => {
  test.each(cases)('%s', async (name) => {
    const { name: exportName, content, expected, config } = goldenCase(`${root}${name}/`);
    for (const chunkBytes of [5, 1 << 16]) {
      const file = memoryFile(exportName, content, { chunkBytes });
      const report = await checkFile(file, config, localLimits);
      expectReport(report, expected);
      expectAccount(report);
    }
  });
});
