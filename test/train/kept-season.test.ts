import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Columns } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { churnScores, drift, modelMetrics, models } from '../../lambdas/lake/tables/model.ts';
import { loadModel } from '../../lambdas/model/model-file.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { explainCustomer } from '../../lambdas/score/explain-customer.ts';
import { deliver, type ToldOrder } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { type NightRun, nightOf, rowsOfNight } from '../support/night.ts';
import { simulatedShop } from './labelled-shop.ts';

const settings = {
  horizon: { days: 45 },
  model: { trees: 20, min_buyers: 100, min_per_class: 20 },
  gates: { max_days_without_orders: 100 },
  watch: { psi_alarm: 100 },
};
const firstDay = day('2022-01-01');

/** Three years in which most buy from May to August and few around the turn of the year. */
const orders = simulatedShop(1000, 1095, 21, {
  perDay: 0.04,
  stay: 0.96,
  busy: (on) => 0.5 - 0.45 * Math.cos((2 * Math.PI * (on - 15)) / 365),
}).flatMap((days, customer) =>
  days.map(
    (on, n): ToldOrder => ({
      order_id: `${customer}-${n}`,
      on: isoDate(firstDay + on),
      version: '2025-01-02T00:00:00Z',
      email: `customer ${customer}`,
    }),
  ),
);

let root: string;
let trained: NightRun;
let kept: NightRun;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-season-'));
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders });
  trained = await nightOf(root, '2024-09-01', settings);
  kept = await nightOf(root, '2024-10-06', settings);
}, 240_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const told = <C extends Columns>(table: Table<C>, of: NightRun) => rowsOfNight(root, table, of);

const modelOf = ({ outputs }: NightRun) => loadModel(fileStore(root), outputs.train.modelId);

test('a model that is kept moves its level to the season, under an id of its own', async () => {
  expect(kept.outputs.train).toMatchObject({ verdict: 'kept', basis: 'blend', trainedOn: day('2024-09-01') });
  expect(kept.outputs.train.modelId).not.toBe(trained.outputs.train.modelId);
  expect(kept.outputs.train.reason).toMatch(/; its level was moved by -?\d\.\d\d in log odds \(before: -?\d\.\d\d\)$/);
  const [old, moved] = [await modelOf(trained), await modelOf(kept)];
  if (old.method.basis !== 'blend' || moved.method.basis !== 'blend') throw new Error('not a blend');
  const { believed } = moved.card;
  expect(moved).toEqual({
    ...old,
    card: { ...old.card, believed },
    method: { ...old.method, calibrator: moved.method.calibrator },
  });
  // autumn: fewer will buy than the model learned over the year
  expect(moved.method.calibrator!.shift).toBeGreaterThan(old.method.calibrator?.shift ?? 0);
  const [row] = await told(models, kept);
  expect(row).toMatchObject({
    model_id: kept.outputs.train.modelId,
    is_calibrated: true,
    trained_on: day('2024-09-01'),
  });
});

test('its scores are of that model and can be explained', async () => {
  const scores = await told(churnScores, kept);
  const features = await told(customerFeatures, kept);
  for (const [n, score] of scores.slice(0, 5).entries()) {
    expect(score.model_id).toBe(kept.outputs.train.modelId);
    const row = features.find(({ customer_key }) => customer_key === score.customer_key)!;
    const { probability, base, groups } = await explainCustomer(fileStore(root), row, {
      probability: score.churn_probability,
      modelId: score.model_id,
      horizonDays: score.horizon_days,
    });
    const sum = groups.reduce((total, { points }) => total + points, base);
    expect(sum, String(n)).toBeCloseTo(100 * probability, 8);
  }
});

test('drift of the score is that of the customers, not of the level', async () => {
  const rows = await told(drift, kept);
  const { card } = await modelOf(kept);
  const score = rows.find(({ feature }) => feature === 'churn_probability')!;
  expect(score.mean_then).toBe(card.reference.features.churn_probability!.mean);
  const published = await told(churnScores, kept);
  const mean = published.reduce((sum, row) => sum + row.churn_probability, 0) / published.length;
  expect(mean).toBeGreaterThan(score.mean_now! + 0.01);
});

test('its level moves on while the watch stops any new model', { timeout: 60_000 }, async () => {
  const strict = { ...settings, watch: { psi_warn: 0, psi_alarm: 0.000001 } };
  const stopped = await nightOf(root, '2024-10-14', strict);
  expect(stopped.outputs.train.reason).toMatch(/^the watch stops any new model until .*; its level was moved by/);
  expect(stopped.outputs.train).toMatchObject({ verdict: 'kept', trainedOn: day('2024-09-01') });
  const [before, after] = [await modelOf(kept), await modelOf(stopped)];
  if (before.method.basis !== 'blend' || after.method.basis !== 'blend') throw new Error('not a blend');
  expect(after.method.calibrator).not.toEqual(before.method.calibrator);
  const [row] = await told(models, stopped);
  expect(row).toMatchObject({ judged_on: day('2024-10-06'), level_from: 'season' });
  expect(row!.level_shift).toBe(after.method.calibrator!.shift);
  expect(row!.season_tests).toBeGreaterThan(0);
});

test('nights without a training keep it, and its predictions are judged against its promise once they matured', {
  timeout: 120_000,
}, async () => {
  const next = await nightOf(root, '2024-10-07', settings);
  expect(next.outputs.train.modelId).toBe(kept.outputs.train.modelId);
  const later = await nightOf(root, '2024-11-21', settings);
  expect(later.night.matured.map(({ modelId }) => modelId)).toContain(kept.outputs.train.modelId);
  const matured = (await told(modelMetrics, later)).filter(({ split }) => split === 'matured');
  const auc = matured.find((row) => row.metric === 'roc_auc' && row.population === 'all')!;
  expect(auc.promised).not.toBeNull();
});
