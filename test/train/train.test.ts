import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerSnapshots } from '../../lambdas/lake/tables/features.ts';
import { modelMetrics, models } from '../../lambdas/lake/tables/model.ts';
import { modelPrefix, runPrefix } from '../../lambdas/lake/zones.ts';
import { loadModel } from '../../lambdas/model/model-file.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { type LabelledRows, readSnapshots } from '../../lambdas/train/snapshots.ts';
import { walkForward } from '../../lambdas/train/walk-forward.ts';
import { deliver } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { type NightRun, nightOf, regularShop, rowsOfNight } from '../support/night.ts';

const settings = {
  model: { trees: 20, min_buyers: 100, min_per_class: 20, seed: 3 },
  gates: { max_days_without_orders: 30 },
};
const asOf = '2024-06-30';

let root: string;
let trained: NightRun;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-train-'));
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders: regularShop(320, asOf, 800) });
  trained = await nightOf(root, asOf, settings);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** The model and its figures as a reader of a run sees them. */
const told = async (of: NightRun, at = root) => ({
  models: await rowsOfNight(at, models, of),
  metrics: await rowsOfNight(at, modelMetrics, of),
});

describe('a night with enough data', () => {
  test('trains a model, names it by its content, and says what it rests on', async () => {
    const { train, horizon } = trained.outputs;
    expect(['promoted', 'baseline']).toContain(train.verdict);
    expect(horizon.testDates.length).toBeGreaterThan(1);
    const found = await told(trained);
    expect(found.models).toMatchObject([
      { model_id: train.modelId, basis: train.basis, is_champion: true, horizon_days: horizon.horizonDays },
    ]);
    const model = await loadModel(fileStore(root), train.modelId);
    expect(model.card).toMatchObject({
      basis: train.basis,
      trainedOn: asOf,
      training: { trainer: 'winback', trees: 20, seed: 3 },
    });
    expect(model.card.rows).toBe(found.models[0]!.rows);
    if ('forest' in model.method) expect(model.card.referee).toEqual({ rows: 500, disagreements: 0 });
    else expect(model.card.referee).toBeNull();
  });

  test('judges every method on every test date, only by what was known on it', async () => {
    const { metrics } = await told(trained);
    const { horizonDays, testDates } = trained.outputs.horizon;
    expect(new Set(metrics.map((metric) => metric.test_on))).toEqual(new Set(testDates));
    const methods = new Set(metrics.map((metric) => metric.method));
    for (const method of ['recency', 'rfm', 'logistic', 'bgnbd', 'forest', 'blend']) expect(methods).toContain(method);
    const model = await loadModel(fileStore(root), trained.outputs.train.modelId);
    expect(methods).toContain(model.card.inForce);
    for (const { value, low, high } of metrics.filter((metric) => metric.low !== null)) {
      expect(low!).toBeLessThanOrEqual(value!);
      expect(high!).toBeGreaterThanOrEqual(value!);
    }
    for (const metric of metrics) expect(metric.trained_until! + horizonDays).toBeLessThanOrEqual(metric.test_on);
    const auc = metrics.filter((metric) => metric.metric === 'roc_auc' && metric.population === 'all');
    for (const { value } of auc) expect(value).toBeGreaterThan(0.5);
  });
});

describe('nights after it', () => {
  let next: NightRun;
  beforeAll(async () => {
    const store = fileStore(root);
    await deliver({ store }, { file: 'b.csv', orders: [{ order_id: 'b', on: '2024-07-01', email: 'customer 1' }] });
    next = await nightOf(root, '2024-07-01', settings);
  }, 60_000);

  test('keep the model until it is due', async () => {
    expect(next.outputs.horizon.trainingDue).toBe(false);
    expect(next.outputs.train).toMatchObject({
      verdict: 'kept',
      modelId: trained.outputs.train.modelId,
      basis: trained.outputs.train.basis,
      trainedOn: day(asOf),
    });
    const found = await told(next);
    expect(found.models).toMatchObject([{ verdict: 'kept', trained_on: day(asOf) }]);
    expect(found.metrics).toEqual((await told(trained)).metrics);
  });

  test('judge a new model when the old one is as old as configured, not a day before', async () => {
    const retrain = { ...settings, model: { ...settings.model, retrain_after_days: 3 } };
    const early = await nightOf(root, '2024-07-02', retrain);
    expect(early.outputs).toMatchObject({ horizon: { trainingDue: false }, train: { verdict: 'kept' } });
    const again = await nightOf(root, '2024-07-03', retrain);
    expect(again.outputs.horizon.trainingDue).toBe(true);
    expect(again.outputs.train.reason).not.toBe(early.outputs.train.reason);
    expect((await told(again)).models).toMatchObject([{ is_champion: true, judged_on: day('2024-07-03') }]);
    expect(await fileStore(root).read(`${modelPrefix(trained.outputs.train.modelId)}model.json`)).not.toBeNull();
  });
});

describe('another way to train', () => {
  test('makes a training due once, and is held against the model in force as another method', {
    timeout: 60_000,
  }, async () => {
    const deeper = { ...settings, model: { ...settings.model, trees: 15 } };
    const changed = await nightOf(root, '2024-07-04', deeper);
    expect(changed.outputs.horizon.trainingDue).toBe(true);
    expect(changed.outputs.train.reason).not.toMatch(/made as the one of/);
    const [row] = (await told(changed)).models;
    expect(row!.judged_with).toBe('winback, 15 trees, depth 12, leaves of 1 %, seed 3');
    const next = await nightOf(root, '2024-07-05', deeper);
    expect(next.outputs.horizon.trainingDue).toBe(false);
    expect((await told(next)).models[0]!.judged_with).toBe(row!.judged_with);
  });
});

describe('the walk forward', () => {
  let rows: LabelledRows;
  let testOn: number;
  let horizonDays: number;
  beforeAll(async () => {
    const { night, outputs } = trained;
    const key = `${runPrefix(customerSnapshots, night.run)}part-00000.parquet`;
    rows = await readSnapshots(fileStore(root), [{ key, rows: 0 }]);
    testOn = outputs.horizon.testDates[0]!;
    horizonDays = outputs.horizon.horizonDays;
  });

  const model = parseConfig(settings, 'test').model;
  const foretold = async (from: LabelledRows) => (await walkForward(from, testOn, horizonDays, model))!.foretold;
  /** The same rows with the outcome turned round where `turn` holds. */
  const turned = (turn: (date: number) => boolean): LabelledRows => ({
    ...rows,
    lost: rows.lost.map((lost, row) => (turn(rows.dates[row]!) ? 1 - lost : lost)),
    spend: rows.spend.map((spend, row) => (turn(rows.dates[row]!) ? spend + 1000 : spend)),
  });

  test('uses no outcome that reaches past the test date, not even of snapshots before it', async () => {
    const between = new Set(rows.dates.filter((date) => date > testOn - horizonDays && date < testOn));
    expect(between.size).toBeGreaterThan(0);
    const before = await foretold(rows);
    const after = await foretold(turned((date) => date > testOn - horizonDays));
    for (const [method, scores] of before) expect(after.get(method), method).toEqual(scores);
  });

  test('does use the outcomes that were known on the test date', async () => {
    const before = await foretold(rows);
    const after = await foretold(turned((date) => date === testOn - horizonDays));
    for (const method of ['forest', 'logistic', 'recency', 'rfm'] as const) {
      expect(after.get(method), method).not.toEqual(before.get(method));
    }
  });

  test('says that there is no test where nothing was known, or where one outcome is missing', async () => {
    const oldest = Math.min(...rows.dates);
    expect(await walkForward(rows, oldest, horizonDays, model)).toBeNull();
    const allKept = { ...rows, lost: rows.lost.map(() => 0) };
    expect(await walkForward(allKept, testOn, horizonDays, model)).toBeNull();
  });
});

describe('a night without enough data', () => {
  test('says so with counts, publishes rules, and tries again every night', { timeout: 120_000 }, async () => {
    const small = await mkdtemp(join(tmpdir(), 'winback-rules-'));
    try {
      const store = fileStore(small);
      await deliver({ store }, { file: 'a.csv', orders: regularShop(12, asOf, 300) });
      await deliver({ store }, { file: 'b.csv', orders: [{ order_id: 'b', on: '2024-07-01', email: 'customer 1' }] });
      const rules = { verdict: 'not_enough_data', basis: 'rules', modelId: 'rules' };

      const first = await nightOf(small, asOf);
      expect(first.outputs.train).toMatchObject({ ...rules, trainedOn: day(asOf) });
      expect(first.outputs.train.reason).toMatch(/^not enough data: 13 of 500 buyers, .*\d+ of 100 kept customers/);
      const found = await told(first, small);
      expect(found.models).toMatchObject([{ model_id: 'rules', basis: 'rules', verdict: 'not_enough_data' }]);
      expect(found.metrics).toEqual([]);

      const next = await nightOf(small, '2024-07-01');
      expect(next.outputs.horizon.trainingDue).toBe(true);
      expect(next.outputs.train).toMatchObject({ ...rules, trainedOn: day('2024-07-01') });
    } finally {
      await rm(small, { recursive: true, force: true });
    }
  });
});
