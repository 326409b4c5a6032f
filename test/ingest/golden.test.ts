import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { memoryFile } from './memory-file.ts';

/** What a user expects of one export; what is left out is not looked at. */
interface Expected {
  readonly refused?: string;
  /** A text that the refusal has to contain. */
  readonly says?: string;
  /** Texts that it may not contain. */
  readonly hides?: readonly string[];
  readonly seen?: object;
  readonly counts?: object;
  readonly orders?: readonly object[];
  readonly rejects?: readonly object[];
  readonly warnings?: readonly object[];
}

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

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('what a user expects of an export', () => {
  test.each(cases)('%s', async (name) => {
    const folder = `${root}${name}/`;
    const exportName = readdirSync(folder).find((file) => file.startsWith('export.'))!;
    const expected = readJson(`${folder}expected.json`) as Expected;
    const settings = existsSync(`${folder}config.json`) ? readJson(`${folder}config.json`) : {};
    const content = readFileSync(folder + exportName);

    for (const chunkBytes of [5, 1 << 16]) {
      const file = memoryFile(exportName, content, { chunkBytes });
      const report = await checkFile(file, parseConfig(settings, 'config.json'), localLimits);

      expect(report.refusal?.code).toBe(expected.refused);
      if (expected.says) expect(report.refusal?.message).toContain(expected.says);
      for (const text of expected.hides ?? []) expect(report.refusal?.message).not.toContain(text);
      if (expected.seen) expect(report.seen).toMatchObject(expected.seen);
      if (expected.counts) expect(report.counts).toMatchObject(expected.counts);
      if (expected.orders) expect([...report.orders()]).toMatchObject(expected.orders);
      if (expected.rejects) expect([...report.rejects()]).toMatchObject(expected.rejects);
      if (expected.warnings) expect(report.warnings).toMatchObject(expected.warnings);
      expectAccount(report);
    }
  });
});
