import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelMetric } from '../../lambdas/model/model-file.ts';
import { type Ended, winback } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { regularShop } from '../support/night.ts';

let folder: string;
let lake: string;
let config: string;
let before: Map<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-backtest-'));
  lake = join(folder, 'lake');
  config = join(folder, 'winback.json');
  const rows = regularShop(260, '2024-06-30', 800).map(
    ({ order_id, email, on, gross_amount }) =>
      `${order_id},${email?.replace(' ', '-')},${on}T10:00:00Z,${Number(gross_amount ?? 50_000n) / 10_000},EUR`,
  );
  await writeFile(join(folder, 'orders.csv'), ['order_id,customer_id,order_ts,total,currency', ...rows].join('\n'));
  await writeFile(config, JSON.stringify({ model: { trees: 20, min_buyers: 100, min_per_class: 20 } }));
  const ended = await winback(['ingest', join(folder, 'orders.csv'), '--lake', lake, '--config', config]);
  expect(ended.code, ended.err).toBe(0);
  before = new Map(await hashesUnder(lake));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const backtest = (...words: string[]): Promise<Ended> =>
  winback(['backtest', '--lake', lake, '--config', config, '--as-of', '2024-06-30', '--horizon', '60', ...words]);

interface Printed {
  readonly verdict: string;
  readonly in_force: string;
  readonly horizon_days: number;
  readonly reason: string;
  readonly metrics: readonly (Omit<ModelMetric, 'test_on'> & { readonly test_on: string })[];
  readonly calibration: readonly { readonly customers: number }[];
}

describe('backtest', () => {
  let found: Printed;
  test('tests every method on past dates, with intervals and means', { timeout: 90_000 }, async () => {
    const ended = await backtest('--dates', '2', '--with-library', '--json');
    expect([ended.code, ended.err]).toEqual([0, '']);
    found = JSON.parse(ended.out) as Printed;
    expect(found).toMatchObject({ horizon_days: 60, as_of: '2024-06-30' });
    const dates = found.metrics.filter((row) => row.split === 'walk_forward').map((row) => row.test_on);
    expect([...new Set(dates)].sort()).toEqual(['2024-03-02', '2024-05-01']);
    const methods = new Set(found.metrics.map((row) => row.method));
    for (const method of ['recency', 'rfm', 'logistic', 'bgnbd', 'forest', 'blend', 'forest_ml_random_forest'])
      expect(methods, method).toContain(method);
    expect(methods).toContain(found.in_force);
    for (const method of methods) {
      for (const population of ['all', 'active_h']) {
        const of = (split: string) =>
          found.metrics.filter(
            (row) =>
              row.split === split && row.method === method && row.population === population && row.metric === 'roc_auc',
          );
        const values = of('walk_forward').map((row) => row.value!);
        const [mean] = of('walk_forward_mean');
        expect(mean!.value).toBeCloseTo((values[0]! + values[1]!) / 2, 10);
        expect(mean!.low!).toBeLessThan(mean!.value!);
        expect(mean!.high!).toBeGreaterThan(mean!.value!);
      }
    }
    expect(found.calibration.length).toBeGreaterThan(0);
  });

  test('publishes nothing and leaves nothing behind', async () => {
    expect([...(await hashesUnder(lake))]).toEqual([...before]);
  });

  test('prints a table that a person can read, the same figures', { timeout: 60_000 }, async () => {
    const ended = await backtest('--dates', '2');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toContain('Backtest as of 2024-06-30, horizon 60 days');
    expect(ended.out).toContain('Tested on 2024-05-01, not yet lapsed; fitted on snapshots up to 2024-03-02');
    expect(ended.out).toContain('Mean over 2 dates, all buyers');
    expect(ended.out).toContain(found.reason);
    expect(ended.out).not.toContain('forest_ml_random_forest');
    const mean = found.metrics.find(
      (row) =>
        row.split === 'walk_forward_mean' &&
        row.population === 'all' &&
        row.method === 'logistic' &&
        row.metric === 'log_loss',
    );
    expect(ended.out).toMatch(new RegExp(`logistic[ *]+.*${mean!.value!.toFixed(3)} ±`));
  });

  test('says what is missing where a shop is too small', { timeout: 60_000 }, async () => {
    const ended = await winback(['backtest', '--lake', lake, '--as-of', '2024-06-30', '--json']);
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.out)).toMatchObject({
      verdict: 'not_enough_data',
      reason: expect.stringMatching(/of 500 buyers/),
    });
  });
});
