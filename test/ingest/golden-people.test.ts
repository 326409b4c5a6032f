import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { expectReport, goldenCase } from './golden-case.ts';
import { memoryFile } from './memory-file.ts';
import { mutant, seededRandom } from './mutants.ts';

/** Every record has one fate, and the fates are those of the counts, the people and the rejects. */
function expectAccount(report: CheckReport): void {
  const { read, accepted, folded, duplicate, rejected } = report.counts;
  expect(accepted + folded + duplicate + rejected).toBe(read);
  const records = [...report.records()];
  const ofFate = (fate: string) => records.filter((record) => record.fate === fate).map(({ record_no }) => record_no);
  expect(records.map(({ record_no }) => record_no)).toEqual(Array.from({ length: read }, (_, i) => i + 1));
  expect([folded, ofFate('duplicate').length]).toEqual([0, duplicate]);
  expect([...report.people()].map(({ record_no }) => record_no)).toEqual(ofFate('accepted'));
  if (report.verdict === 'accepted') {
    expect([...report.rejects()].map(({ record_no }) => record_no)).toEqual(ofFate('rejected'));
    expect([ofFate('accepted').length, ofFate('rejected').length]).toEqual([accepted, rejected]);
  }
  expect([...report.orders()]).toEqual([]);
}

const kinds = ['surveys', 'suppressions', 'lifts'] as const;
const rootOf = (kind: string): string => fileURLToPath(new URL(`golden-${kind}/`, import.meta.url));
const cases = kinds.flatMap((kind) => readdirSync(rootOf(kind)).map((name) => ({ kind, name })));

describe('what a user expects of a file of people', () => {
  test.each(cases)('$kind: $name', async ({ kind, name }) => {
    const { name: exportName, content, expected, config } = goldenCase(`${rootOf(kind)}${name}/`);
    for (const chunkBytes of [5, 1 << 16]) {
      const file = memoryFile(exportName, content, { chunkBytes });
      const report = await checkFile(file, config, localLimits, kind);
      expectReport(report, expected);
      expectAccount(report);
    }
  });
});

describe('every record of a damaged file is accounted for, or the file is refused', () => {
  const config = parseConfig({ ingest: { max_rejected_pct: 100 } }, 'test settings');
  const originals = cases
    .map(({ kind, name }) => ({ kind, ...goldenCase(`${rootOf(kind)}${name}/`) }))
    .filter(({ hasSettings, expected }) => !hasSettings && !expected.refused);

  test.each([1, 2, 3])('seed %i', async (seed) => {
    const random = seededRandom(seed * 7919);
    let accepted = 0;
    for (let i = 0; i < 150; i++) {
      const { kind, name, content } = originals[random(originals.length)]!;
      const damaged = mutant(content, random);
      const file = memoryFile(name, damaged, { chunkBytes: 1 + random(64) });
      try {
        const report = await checkFile(file, config, localLimits, kind);
        expectAccount(report);
        if (report.verdict === 'accepted') accepted++;
      } catch (cause) {
        throw new Error(`mutant ${i}, ${kind} ${name}: ${JSON.stringify(damaged.toString('latin1'))}`, { cause });
      }
    }
    expect(accepted).toBeGreaterThan(20);
  });
});
