import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { horizon } from '../../lambdas/horizon/horizon.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { models } from '../../lambdas/lake/tables/model.ts';
import { gapHistogram, horizons } from '../../lambdas/lake/tables/retention.ts';
import { modelPrefix, runPrefix } from '../../lambdas/lake/zones.ts';
import { featureNames } from '../../lambdas/model/feature-vector.ts';
import { cardFormat, trainingLine } from '../../lambdas/model/model-file.ts';
import type { PreviousNight } from '../../lambdas/pipeline.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { writeJson } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind } from '../../lambdas/platform/statement.ts';
import { arbitraryOrders, type OrderSpec, plainOrder, shopOf } from '../features/shop.ts';
import { day, testLake } from '../support/lake.ts';

const asOf = day('2024-06-30');

/** Runs the step on a shop in a lake of its own. */
async function settled(
  specs: readonly OrderSpec[],
  settings: unknown = {},
  previous: PreviousNight | null = null,
  features = featureNames(),
  judgedOn: number | null = null,
) {
  const lake = await testLake('2024-06-30', settings);
  try {
    await lake.put(orders, shopOf(specs).orders);
    await writeJson(lake.store, `${modelPrefix('model')}model.json`, { card: { formatVersion: cardFormat, features } });
    if (previous && judgedOn !== null) {
      const run = { asOf: previous.asOf, runId: previous.runId, attempt: 1 };
      const row = { ...modelRow, trained_on: previous.trainedOn, judged_on: judgedOn };
      await writeTable(lake.store, models, `${runPrefix(models, run)}part-00000.parquet`, [row]);
      await lake.engine.register(models, run);
    }
    const output = await horizon(lake, { night: { ...lake.night, previous } });
    const read = (name: string) => bind(name, `select * from ${name}_runs`, {});
    const [row] = await rowsOf(lake.engine, read('horizons'), horizons);
    return { output, row, gaps: await rowsOf(lake.engine, read('gap_histogram'), gapHistogram) };
  } finally {
    await lake.close();
  }
}

const modelRow = {
  model_id: 'model',
  basis: 'forest',
  trainer: 'winback',
  is_champion: true,
  verdict: 'kept',
  reason: 'because',
  horizon_days: 75,
  rows: 1,
  customers: 1,
  churn_rate_pct: 50,
  sample_rate_pct: 100,
  is_calibrated: false,
  level_shift: null,
  level_from: null,
  season_tests: 0,
  process_tests: 0,
  judged_with: trainingLine(parseConfig({}, 'test').model),
  method: 'forest',
  undated_refunds_pct: null,
};

/** 60 customers who buy every 20 days, over two years. */
const rhythmic = Array.from({ length: 60 }, (_, customer) =>
  Array.from({ length: 36 }, (_, i) => plainOrder(customer, asOf - (customer % 20) - 20 * i)),
).flat();

const trained = (daysAgo: number): PreviousNight => ({
  asOf: asOf - 1,
  runId: 'before',
  modelId: 'model',
  horizonDays: 75,
  trainedOn: asOf - daysAgo,
});

describe('gap histogram', () => {
  it('counts gaps between purchase days, and the open gap of every buyer', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryOrders(asOf, 120, 20, 60), async (specs) => {
        const expected = new Map<number, { days: number; purchases: number; censored: number }>();
        const add = (days: number, kind: 'purchases' | 'censored') => {
          const row = expected.get(days) ?? { days, purchases: 0, censored: 0 };
          row[kind]++;
          expected.set(days, row);
        };
        const bought = shopOf(specs).orders.filter(
          (order) =>
            order.is_sale &&
            order.gross_reporting !== null &&
            order.order_date <= asOf &&
            (order.void_on === null || order.void_on > asOf),
        );
        for (const customer of new Set(bought.flatMap((order) => order.customer_key ?? []))) {
          const own = bought.filter((order) => order.customer_key === customer).map((order) => order.order_date);
          const days = [...new Set(own)].sort((a, b) => a - b);
          for (const [i, start] of days.entries()) {
            const next = days[i + 1];
            add((next ?? asOf) - start, next === undefined ? 'censored' : 'purchases');
          }
        }
        const { gaps } = await settled(specs);
        expect(gaps).toEqual([...expected.values()].sort((a, b) => a.days - b.days));
      }),
      { numRuns: 15 },
    );
  });
});

describe('horizon', () => {
  it('is chosen from the gaps on the first night, with its evidence', async () => {
    const { output, row } = await settled(rhythmic);
    expect(output).toMatchObject({ horizonDays: 30, activeWindowDays: 30, trainingDue: true });
    expect(row).toMatchObject({
      horizon_days: 30,
      active_window_days: 30,
      is_fixed: false,
      gaps_seen: 60 * 35,
      gaps_open: 60,
      gap_p50_days: 20,
      gap_p90_days: 20,
      history_days: 720,
    });
    expect(row?.rule).toContain('20 days');
  });

  it('stays with the model until a training is due, and says so', async () => {
    const kept = await settled(rhythmic, {}, trained(6));
    expect(kept.output).toEqual({
      horizonDays: 75,
      activeWindowDays: 75,
      snapshotDates: [],
      testDates: [],
      trainingDue: false,
    });
    expect(kept.row).toMatchObject({ is_fixed: false });
    expect(kept.row?.rule).toBe(
      'Kept at 75 days, as on 2024-06-29: the gaps of this night alone would give 30, and it stays until the model is trained again.',
    );
    const renewed = await settled(rhythmic, {}, trained(7));
    expect(renewed.output).toMatchObject({ horizonDays: 30, trainingDue: true });
    const updated = await settled(rhythmic, {}, trained(6), ['a feature of an older version']);
    expect(updated.output.trainingDue).toBe(true);
  });

  it('counts the days to the next training from the last time the model was held against a new one', async () => {
    const judged = (daysAgo: number) => settled(rhythmic, {}, trained(40), featureNames(), asOf - daysAgo);
    expect((await judged(6)).output.trainingDue).toBe(false);
    expect((await judged(7)).output.trainingDue).toBe(true);
  });

  it('calls for a training at once when the configuration trains otherwise than the last model was', async () => {
    const trainedBy = (model: unknown) => settled(rhythmic, { model }, trained(1), featureNames(), asOf - 1);
    expect((await trainedBy({})).output.trainingDue).toBe(false);
    expect((await trainedBy({ trees: 50 })).output.trainingDue).toBe(true);
    expect((await trainedBy({ trainer: 'ml-random-forest' })).output.trainingDue).toBe(true);
    expect((await trainedBy({ min_buyers: 20 })).output.trainingDue).toBe(false);
  });

  it('does not move for a difference of up to a quarter, and says what the gaps would give', async () => {
    const inForce = (horizonDays: number) => settled(rhythmic, {}, { ...trained(7), horizonDays });
    const near = await inForce(38);
    expect(near.output).toMatchObject({ horizonDays: 38, trainingDue: true });
    expect(near.row?.rule).toMatch(/^Kept at 38 days.* would give 30, and a difference of up to a quarter/);
    expect((await inForce(41)).output.horizonDays).toBe(30);
  });

  it('is that of the configuration where it fixes one, which calls for a training when it is another', async () => {
    const fixed = { horizon: { days: 90, active_window_days: 45 } };
    const { output, row } = await settled(rhythmic, fixed, trained(1));
    expect(output).toMatchObject({ horizonDays: 90, activeWindowDays: 45, trainingDue: true });
    expect(row).toMatchObject({ is_fixed: true, horizon_days: 90, active_window_days: 45 });
    const same = await settled(rhythmic, { horizon: { days: 75 } }, trained(1));
    expect(same.output).toMatchObject({ horizonDays: 75, trainingDue: false });
  });

  it('comes with past dates whose horizon is over, newest first', async () => {
    const { output } = await settled(rhythmic);
    expect(output.snapshotDates[0]).toBe(asOf - 30);
    expect(output.snapshotDates).toContain(asOf - 30 - 365);
    expect(output.snapshotDates).toEqual([...output.snapshotDates].sort((a, b) => b - a));
    expect(output.testDates).toEqual([asOf - 30, asOf - 60, asOf - 90]);
  });

  it('is a default, without dates, for a shop without purchases', async () => {
    const { output, row, gaps } = await settled([{ ...plainOrder(1, asOf - 300), status: 'pending' }]);
    expect(gaps).toEqual([]);
    expect(output).toMatchObject({ snapshotDates: [], testDates: [], trainingDue: true });
    expect(row).toMatchObject({ gaps_seen: 0, gaps_open: 0, gap_p50_days: null, history_days: 1 });
  });
});
