import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { goldenCase } from './golden-case.ts';
import { memoryFile } from './memory-file.ts';
import { mutant, seededRandom } from './mutants.ts';

const root = fileURLToPath(new URL('golden/', import.meta.url));
const config = parseConfig({ ingest: { max_rejected_pct: 100 } }, 'test settings');

function expectAccounts(report: CheckReport): void {
  const { read, accepted, folded, duplicate, rejected } = report.counts;
  expect(accepted + folded + duplicate + rejected).toBe(read);
  const orders = [...report.orders()];
  const rejects = [...report.rejects()].map((reject) => reject.record_no);
  expect(orders).toHaveLength(accepted);
  expect(new Set(orders.map((order) => order.order_id)).size).toBe(accepted);
  expect(orders.reduce((sum, order) => sum + order.records, 0)).toBe(accepted + folded);
  expect(rejects).toHaveLength(rejected);
  expect(new Set(rejects).size).toBe(rejected);
  expect(rejects.every((recordNo) => recordNo >= 1 && recordNo <= read)).toBe(true);
  const fates = [...report.records()].map((record) => record.fate);
  expect(fates).toHaveLength(read);
  const count = (fate: string): number => fates.filter((other) => other === fate).length;
  expect([count('accepted'), count('folded'), count('duplicate'), count('rejected')]).toEqual([
    accepted,
    folded,
    duplicate,
    rejected,
  ]);
}

/** The exports of all golden folders that are read whole under default settings. */
const originals = readdirSync(root)
  .sort()
  .map((folder) => goldenCase(`${root}${folder}/`))
  .filter(({ hasSettings, content }) => !hasSettings && content.length < 20_000)
  .filter(({ expected: { counts } }) => (counts?.accepted ?? 0) > 0 && counts?.rejected === 0);

/** WINBACK_MUTANTS=10000 tries as many mutants as `bench/README.md` reports. */
const mutants = Number(process.env.WINBACK_MUTANTS ?? 600);
const seeds = 6;

describe('every record of a damaged file is accounted for, or the file is refused', () => {
  test.each(Array.from({ length: seeds }, (_, i) => i + 1))(
    'seed %i',
    async (seed) => {
      const random = seededRandom(seed * 7919);
      let accepted = 0;
      const tried = Math.ceil(mutants / seeds);
      for (let i = 0; i < tried; i++) {
        const { name, content } = originals[random(originals.length)]!;
        const damaged = mutant(content, random);
        const file = memoryFile(name, damaged, { chunkBytes: 1 + random(64) });
        try {
          const report = await checkFile(file, config, localLimits);
          expectAccounts(report);
          if (report.verdict === 'accepted') accepted++;
        } catch (cause) {
          throw new Error(`mutant ${i} of seed ${seed}, ${name}: ${JSON.stringify(damaged.toString('latin1'))}`, {
            cause,
          });
        }
      }
      expect(accepted).toBeGreaterThan(tried / 5);
    },
    20_000 + mutants * 50,
  );

  test('compressed data cut off anywhere or with a damaged byte are never half read', async () => {
    const text = Buffer.from(
      `order_id,customer_id,order_ts,total\n${Array.from({ length: 400 }, (_, i) => `${i},c${i},2024-01-01,${i}.50\n`).join('')}`,
    );
    const packed = gzipSync(text);
    const random = seededRandom(20_240_101);
    for (let i = 0; i < 100; i++) {
      const damaged = Buffer.from(packed);
      const at = random(packed.length);
      damaged[at] = damaged[at]! ^ (1 << random(8));
      for (const bytes of [damaged, packed.subarray(0, at)]) {
        const report = await checkFile(memoryFile('orders.csv.gz', bytes, { chunkBytes: 512 }), config, localLimits);
        expect(report.verdict === 'refused' || report.counts.accepted === 400).toBe(true);
      }
    }
  });
});
