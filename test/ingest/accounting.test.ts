import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { memoryFile } from './memory-file.ts';

const root = fileURLToPath(new URL('golden/', import.meta.url));
const config = parseConfig({ ingest: { max_rejected_pct: 100 } }, 'test settings');

/** Marsaglia's xorshift32: the same mutants on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const oddBytes = Buffer.from([0x22, 0x0a, 0x0d, 0x2c, 0x3b, 0x09, 0x00, 0xff, 0xc3, 0x5c, 0x2d, 0x2e, 0x45, 0x30]);

function mutate(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let n = 1 + random(4); n > 0 && bytes.length > 2; n--) {
    const at = random(bytes.length);
    const to = Math.min(bytes.length, at + 1 + random(40));
    const odd = oddBytes.subarray(random(oddBytes.length)).subarray(0, 1);
    const parts = [
      () => [bytes.subarray(0, at), odd, bytes.subarray(at + 1)],
      () => [bytes.subarray(0, at), odd, bytes.subarray(at)],
      () => [bytes.subarray(0, at), bytes.subarray(to)],
      () => [bytes.subarray(0, to), bytes.subarray(at)],
      () => [bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at + 1)],
      () => [bytes.subarray(0, at)],
    ][random(6)]!();
    bytes = Buffer.concat(parts);
  }
  return bytes;
}

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
}

const originals = readdirSync(root)
  .sort()
  .filter((name) => /^(generic|lines|duplicate|online|structure|encoding|status)/.test(name))
  .map((name) =>
    readFileSync(`${root}${name}/${readdirSync(root + name).find((file) => file.startsWith('export.'))!}`),
  );

describe('every record of a damaged file is accounted for, or the file is refused', () => {
  test.each([1, 2, 3, 4, 5])('100 mutants, seed %i', async (seed) => {
    const random = randomNumbers(seed * 7919);
    let accepted = 0;
    for (let i = 0; i < 100; i++) {
      const mutant = mutate(originals[random(originals.length)]!, random);
      const packed = random(4) === 0 ? gzipSync(mutant) : mutant;
      const file = memoryFile('mutant.csv', packed, { chunkBytes: 1 + random(64) });
      const report = await checkFile(file, config, localLimits);
      expectAccounts(report);
      if (report.verdict === 'accepted') accepted++;
    }
    expect(accepted).toBeGreaterThan(20);
  });

  test('compressed data cut off anywhere or with a damaged byte are never half read', async () => {
    const text = Buffer.from(
      `order_id,customer_id,order_ts,total\n${Array.from({ length: 400 }, (_, i) => `${i},c${i},2024-01-01,${i}.50\n`).join('')}`,
    );
    const packed = gzipSync(text);
    const random = randomNumbers(20_240_101);
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
