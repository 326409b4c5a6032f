import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type DemoOptions, type DemoShop, writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { LakeAccessError, UsageError } from '../../lambdas/platform/errors.ts';
import { readCsv } from './read-csv.ts';

const root = mkdtempSync(join(tmpdir(), 'demo-shop-'));
const small: DemoOptions = { customers: 300 };
let written = 0;

afterAll(() => rmSync(root, { recursive: true }));

async function shopOf(options: DemoOptions): Promise<{ shop: DemoShop; directory: string; hashes: string[] }> {
  written += 1;
  const directory = join(root, String(written), 'shop');
  const shop = await writeDemoShop(directory, options);
  const hashes = readdirSync(directory)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(directory, name)))
          .digest('hex')}`,
    );
  return { shop, directory, hashes };
}

describe('bytes', () => {
  it('are the same for the same options, on any day', async () => {
    const first = await shopOf(small);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-05-05T05:05:05Z') });
    try {
      expect((await shopOf({ ...small, seed: 7, from: '2024-04-01', to: '2026-09-30' })).hashes).toEqual(first.hashes);
    } finally {
      vi.useRealTimers();
    }
  });

  it('differ with the seed in every file of orders and in the truth', async () => {
    const [seven, eight] = [await shopOf(small), await shopOf({ ...small, seed: 8 })];
    const same = seven.hashes.filter((hash) => eight.hashes.includes(hash));
    expect(same.map((hash) => hash.split(' ')[0])).toEqual(['winback.json']);
  });

  it('of the compressed file carry neither time nor system', async () => {
    const { shop } = await shopOf(small);
    expect([...readFileSync(shop.exportFiles[0]!).subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 0, 255]);
  });
});

describe('options', () => {
  it('set the period, and with it names and dates', async () => {
    const { shop, hashes } = await shopOf({ customers: 50, from: '2025-01-01', to: '2025-06-30' });
    expect(shop.asOf).toBe('2025-06-30');
    expect(hashes.map((hash) => hash.split(' ')[0])).toEqual([
      'orders-2025-05-31.csv.gz',
      'orders-2025-06-15.csv',
      'orders-2025-06-30.csv',
      'truth.csv',
      'winback.json',
    ]);
    const days = readCsv(shop.truthFile).map((row) => row.first_order_date!);
    expect(days).toHaveLength(50);
    expect(days.every((day) => day >= '2025-01-01' && day <= '2025-06-30')).toBe(true);
  });

  it.each([
    [{ seed: 1.5 }, /seed .* 1\.5/],
    [{ seed: -1 }, /seed .* -1/],
    [{ seed: 2 ** 32 }, /seed .* 4294967296/],
    [{ customers: 0 }, /customers .* 0/],
    [{ customers: Number.NaN }, /customers .* NaN/],
    [{ from: '2026-02-30' }, /from .* 2026-02-30/],
    [{ to: 'today' }, /to .* today/],
    [{ from: '2026-09-01' }, /2026-09-01 to 2026-09-30/],
  ])('%j are refused', async (options, message) => {
    const refused = expect(writeDemoShop(join(root, 'refused'), options)).rejects;
    await refused.toThrow(UsageError);
    await expect(writeDemoShop(join(root, 'refused'), options)).rejects.toThrow(message);
    expect(readdirSync(root)).not.toContain('refused');
  });

  it('name a directory that cannot be one', async () => {
    const path = join(root, 'a-file');
    writeFileSync(path, '');
    await expect(writeDemoShop(path, small)).rejects.toThrow(LakeAccessError);
    await expect(writeDemoShop(path, small)).rejects.toThrow(path);
  });
});
