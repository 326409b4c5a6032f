import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Columns } from '../../lambdas/lake/column.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures, customerSnapshots } from '../../lambdas/lake/tables/features.ts';
import { calibrationCurves, churnScores, drift, modelMetrics, models } from '../../lambdas/lake/tables/model.ts';
import { runLedger } from '../../lambdas/lake/tables/runs.ts';
import { ledgerKey, runPrefix } from '../../lambdas/lake/zones.ts';
import { brier, rocAuc } from '../../lambdas/model/evaluation.ts';
import { fitLinear, fitPurchaseProcess } from '../../lambdas/model/methods.ts';
import { loadModel, trainingLine } from '../../lambdas/model/model-file.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { decodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { contest } from '../../lambdas/train/champion.ts';
import { inputOf } from '../../lambdas/train/fit-forest.ts';
import { allBelieved } from '../../lambdas/train/level.ts';
import { at, type LabelledRows, latestDate, readSnapshots, until } from '../../lambdas/train/snapshots.ts';
import { type Fold, type TestedMethod, walkForward } from '../../lambdas/train/walk-forward.ts';
import { deliver } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { type NightRun, nightOf, regularShop, rowsOfNight } from '../support/night.ts';

const settings = {
  horizon: { days: 30 },
  model: { trees: 20, min_buyers: 100, min_per_class: 20 },
  gates: { max_days_without_orders: 40 },
};

let root: string;
let first: NightRun;
let later: NightRun;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-watch-'));
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders: regularShop(500, '2024-06-30', 700) });
  first = await nightOf(root, '2024-05-20', settings);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const told = <C extends Columns>(table: Table<C>, of: NightRun) => rowsOfNight(root, table, of);

describe('a champion', () => {
  test('stays while nothing has happened that a new model of its kind did not learn from', {
    timeout: 60_000,
  }, async () => {
    const { train } = first.outputs;
    expect(['promoted', 'baseline']).toContain(train.verdict);
    const week = await nightOf(root, '2024-05-27', settings);
    expect(week.outputs.horizon.trainingDue).toBe(true);
    expect(week.outputs.train).toMatchObject({ verdict: 'kept', modelId: train.modelId, trainedOn: day('2024-05-20') });
    expect(week.outputs.train.reason).toMatch(/the first test of both is possible on 2024-06-19|challenger \(/);
    const [row] = await told(models, week);
    expect(row).toMatchObject({ judged_on: day('2024-05-27'), trained_on: day('2024-05-20'), is_champion: true });
    const next = await nightOf(root, '2024-05-28', settings);
    expect(next.outputs.horizon.trainingDue).toBe(false);
  });

  test('is held against a new model on days that neither learned from', { timeout: 60_000 }, async () => {
    later = await nightOf(root, '2024-06-23', settings);
    const { train, horizon } = later.outputs;
    expect(horizon.testDates.filter((date) => date >= day('2024-05-20'))).not.toEqual([]);
    expect(train.reason).toMatch(/challenger \(.*\) against the model of 2024-05-20 .*ROC AUC [+−]0\.\d+ \(95% /);
    const rows = (await told(modelMetrics, later)).filter((row) => row.split === 'champion');
    for (const row of rows) expect(row.test_on).toBeGreaterThanOrEqual(day('2024-05-20'));
    const of = (method: string, metric: string) => rows.find((row) => row.method === method && row.metric === metric)!;
    for (const metric of ['roc_auc', 'level_log_loss']) {
      const difference = of('difference', metric);
      expect(difference.value).toBeCloseTo(of('challenger', metric).value! - of('champion', metric).value!, 10);
      expect(difference.low!).toBeLessThanOrEqual(difference.value!);
      expect(difference.high!).toBeGreaterThanOrEqual(difference.value!);
    }
    const isBetter = of('difference', 'level_log_loss').high! < -0.002 || of('difference', 'roc_auc').low! > 0.002;
    if (train.verdict === 'kept') expect(isBetter).toBe(false);
    else expect((await loadModel(fileStore(root), train.modelId)).card.replaced).toBe(first.outputs.train.modelId);
  });
});

describe('predictions whose horizon has passed', () => {
  test('are those of the nights that the claim pinned', () => {
    expect(later.night.matured.map((night) => night.asOf)).toEqual([day('2024-05-20')]);
    expect(later.night.matured[0]).toMatchObject({ runId: first.night.run.runId, horizonDays: 30 });
  });

  test('are held against what happened, as plain code does it', { timeout: 60_000 }, async () => {
    const scores = await told(churnScores, first);
    const features = new Map((await told(customerFeatures, first)).map((row) => [row.customer_key, row]));
    const all = await told(orders, later);
    const bought = new Set(
      all
        .filter(
          (order) => order.is_sale && order.order_date > day('2024-05-20') && order.order_date <= day('2024-06-19'),
        )
        .map((order) => order.customer_key),
    );
    const matured = (await told(modelMetrics, later)).filter((row) => row.split === 'matured');
    for (const population of ['all', 'active_h']) {
      const judged = scores.filter((row) => population === 'all' || features.get(row.customer_key)!.recency_days < 30);
      const told = judged.map((row) => row.churn_probability);
      const lost = judged.map((row) => (bought.has(row.customer_key) ? 0 : 1));
      const of = (metric: string) => matured.find((row) => row.population === population && row.metric === metric)!;
      expect(of('roc_auc')).toMatchObject({
        test_on: day('2024-05-20'),
        rows: judged.length,
        lost: lost.filter(Boolean).length,
      });
      expect(of('roc_auc').value).toBeCloseTo(rocAuc(told, lost)!, 2);
      expect(of('brier').value).toBeCloseTo(brier(told, lost)!, 3);
      expect(of('roc_auc').promised).not.toBeNull();
    }
    const curve = (await told(calibrationCurves, later)).filter((row) => row.split === 'matured');
    const counted = curve.filter((row) => row.population === 'all').reduce((sum, row) => sum + row.customers, 0);
    expect(counted).toBe(scores.length);
    expect(later.outputs.train.gates.map((gate) => gate.gate)).toEqual(['matured', 'drift']);
  });
});

describe('drift', () => {
  test('is told for every feature and the score, against the night of training', async () => {
    const rows = await told(drift, later);
    const { card } = await loadModel(fileStore(root), first.outputs.train.modelId);
    expect(new Set(rows.map((row) => row.feature))).toEqual(new Set([...card.features, 'churn_probability']));
    for (const row of rows) {
      expect(row.psi).toBeGreaterThanOrEqual(0);
      expect(row.trained_on).toBe(day('2024-05-20'));
    }
    // the card has a snapshot of a year before 20 May, which lies within 45 days of 23 June
    expect(rows.every((row) => row.psi_season !== null)).toBe(true);
    expect(await told(drift, first)).toEqual([]);
  });

  test('beyond the threshold is a note of the run, and stops a new model for four weeks', {
    timeout: 90_000,
  }, async () => {
    const strict = { ...settings, watch: { psi_warn: 0, psi_alarm: 0.000001 } };
    const base = await nightOf(root, '2024-06-01', strict);
    expect(base.outputs.train.verdict).toBe('kept');
    const stopped = await nightOf(root, '2024-06-08', strict);
    expect(stopped.outputs.train).toMatchObject({ verdict: 'kept', modelId: first.outputs.train.modelId });
    expect(stopped.outputs.train.reason).toMatch(/^the watch stops any new model until 2024-07-17/);
    const gate = stopped.outputs.train.gates.find((one) => one.gate === 'drift')!;
    expect(gate).toMatchObject({ verdict: 'warned', message: expect.stringMatching(/beyond 0\.000001: /) });
    const found = await fileStore(root).read(ledgerKey(stopped.night.run, 'train'));
    const entries = decodeJsonRows(runLedger, found!.body).map((row) => [row.entry, row.verdict]);
    expect(entries).toContainEqual(['gate:drift', 'warned']);
    const stale = { ...strict, gates: { max_days_without_orders: 30 } };
    const patient = await nightOf(root, '2024-07-17', stale);
    const { reason, verdict, modelId } = patient.outputs.train;
    expect(reason).not.toMatch(/the watch stops/);
    const isReplaced = verdict !== 'kept' && modelId !== first.outputs.train.modelId;
    expect(reason.includes('the watch still warns, but has stopped new models for its 28 days: ')).toBe(isReplaced);
  });
});

describe('a contest', () => {
  let rows: LabelledRows;
  let folds: Fold[];
  beforeAll(async () => {
    const key = `${runPrefix(customerSnapshots, first.night.run)}part-00000.parquet`;
    rows = await readSnapshots(fileStore(root), [{ key, rows: 0 }]);
    const model = parseConfig(settings, 'test').model;
    const found = await Promise.all(first.outputs.horizon.testDates.map((date) => walkForward(rows, date, 30, model)));
    folds = found.filter((fold) => fold !== null);
  }, 60_000);

  const champion = async (change: (slope: number) => number, trainedOn: number) => {
    const model = await loadModel(fileStore(root), first.outputs.train.modelId);
    const known = until(rows, Math.min(...folds.map((fold) => fold.testOn)) - 30);
    const bgNbd = fitPurchaseProcess(at(known, latestDate(known)!).rows);
    const linear = fitLinear(inputOf(known, 30, bgNbd), known.lost);
    const method = { basis: 'logistic', linear: { ...linear, coefficients: linear.coefficients.map(change) } } as const;
    return { modelId: 'old', trainedOn, judgedOn: trainedOn, judgedWith: training, model: { ...model, method, bgNbd } };
  };

  const training = trainingLine(parseConfig(settings, 'test').model);
  const by = (method: TestedMethod) => ({ method, training, beliefsOn: () => allBelieved });

  test('is lost by a champion that foretells the opposite, on dates after its training', async () => {
    const trainedOn = Math.min(...folds.map((fold) => fold.testOn));
    const old = await champion((slope) => -slope, trainedOn);
    expect(contest(old, by('blend_calibrated'), folds, rows, 30)).toMatchObject({ winner: 'challenger' });
    expect(contest(old, by('recency'), folds, rows, 30).winner).not.toBeNull();
  });

  test('is won by a champion that is as good', async () => {
    const trainedOn = Math.min(...folds.map((fold) => fold.testOn));
    const old = await champion((slope) => slope, trainedOn);
    const earliest = folds.filter((fold) => fold.testOn === trainedOn);
    const result = contest(old, by('logistic'), earliest, rows, 30);
    expect(result.winner).toBeNull();
    expect(result.reason).toMatch(/not better by more than noise and \.002; on \d+ customers not yet lapsed/);
  });

  test('compares the methods where no date lies after the training of the champion', async () => {
    const old = await champion((slope) => slope, first.night.run.asOf);
    expect(contest(old, by('logistic'), folds, rows, 30)).toMatchObject({ winner: null, metrics: [] });
    const other = contest(old, by('blend_calibrated'), folds, rows, 30);
    expect(other.reason).toMatch(/against the method of the model of 2024-05-20 \(logistic\)/);
    expect(other.metrics.length).toBeGreaterThan(0);
  });

  test('puts the best baseline in force where it is better than champion and challenger', async () => {
    const trainedOn = Math.min(...folds.map((fold) => fold.testOn));
    const old = await champion((slope) => -slope, trainedOn);
    const blind = folds.map((fold) => {
      const chance = fold.lost.map((_, row) => (row * 7919) % 101);
      return {
        ...fold,
        foretold: new Map(fold.foretold).set(
          'forest',
          Float64Array.from(chance, (n) => n / 100),
        ),
      };
    });
    const result = contest(old, by('forest'), blind, rows, 30);
    expect(['logistic', 'bgnbd', 'rfm', 'recency']).toContain(result.winner);
    expect(result.reason).toMatch(/(logistic|bgnbd|rfm|recency) is better than both by more than noise/);
  });

  test('compares the same method with itself where it is trained otherwise', async () => {
    const old = await champion((slope) => slope, first.night.run.asOf);
    const other = { ...by('logistic'), training: 'ml-random-forest, 20 trees, depth 12, leaves of 1 %, seed 1' };
    const result = contest(old, other, folds, rows, 30);
    expect(result.winner).toBeNull();
    expect(result.reason).toMatch(/^challenger \(logistic, ml-random-forest, 20 trees.*not better by more than noise/);
  });
});
