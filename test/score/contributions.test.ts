import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { churnScores } from '../../lambdas/lake/tables/model.ts';
import { driftReference } from '../../lambdas/model/drift.ts';
import { featureNames } from '../../lambdas/model/feature-vector.ts';
import { growForest } from '../../lambdas/model/forest-pool.ts';
import {
  baselines,
  type FittedMethod,
  fitBaseline,
  fitLinear,
  fitPurchaseProcess,
  lossProbabilities,
  methodInput,
} from '../../lambdas/model/methods.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { additiveOf } from '../../lambdas/score/contributions.ts';
import { explainCustomer, featureRowsOf, ScoreDiffers, tenths } from '../../lambdas/score/explain-customer.ts';
import { reasonGroups } from '../../lambdas/score/reason-groups.ts';
import { partsOf, reasonsFor } from '../../lambdas/score/reasons.ts';
import { deliver } from '../support/ingested.ts';
import { type NightRun, nightOf, regularShop, rowsOfNight } from '../support/night.ts';

const asOf = '2024-06-30';
const settings = { model: { trees: 20, min_buyers: 100, min_per_class: 20 } };

let root: string;
let run: NightRun;
let features: TableRow<typeof customerFeatures>[];
let scores: TableRow<typeof churnScores>[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-parts-'));
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders: regularShop(260, asOf, 800) });
  run = await nightOf(root, asOf, settings);
  features = await rowsOfNight(root, customerFeatures, run);
  scores = await rowsOfNight(root, churnScores, run);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** Every kind of method, fitted on the night's own buyers: what is looked at is only how its scores are taken apart. */
async function fitted() {
  const rows = featureRowsOf(features);
  const bgNbd = fitPurchaseProcess(rows);
  const input = methodInput(rows, 60, bgNbd);
  const lost = Uint8Array.from(rows.numbers('recency_days'), (days, i) => (days > 50 || i % 7 === 0 ? 1 : 0));
  const params = { trees: 15, maxDepth: 6, minLeaf: 5, featuresPerSplit: 5, bagSize: rows.rows, seed: 1 };
  const forest = await growForest(input.vector, lost, params, { workers: 1 });
  const linear = fitLinear(input, lost);
  const methods: FittedMethod[] = [
    ...baselines.map((basis) => fitBaseline(basis, input, lost, bgNbd)),
    { basis: 'forest', forest },
    { basis: 'blend', forest, linear, forestShare: 0.4, calibrator: null },
    { basis: 'blend', forest, linear, forestShare: 0.4, calibrator: { kind: 'season', shift: -0.6 } },
  ];
  const reference = driftReference(input.vector, { matrix: input.vector, dates: rows.customerKeys.map(() => asOf) });
  return { methods, input, reference };
}

test('base and contributions of every method add up to its probability, for every customer', async () => {
  const { methods, input, reference } = await fitted();
  expect(new Set(methods.map(({ basis }) => basis)).size).toBe(6);
  for (const method of methods) {
    const probabilities = lossProbabilities(method, input);
    const { base, names, forEach } = additiveOf(method, input, probabilities, reference);
    expect(base).toBeGreaterThan(0);
    expect(base).toBeLessThan(1);
    let rows = 0;
    forEach((row, contributions) => {
      expect(contributions).toHaveLength(names.length);
      const sum = contributions.reduce((total, value) => total + value, base);
      expect(Math.abs(sum - probabilities[row]!), `${method.basis}, row ${row}`).toBeLessThan(1e-12);
      rows++;
    });
    expect(rows, method.basis).toBe(input.rows.rows);
  }
});

test('every feature of the model says something to a marketer, in one group', () => {
  for (const name of featureNames()) {
    expect(
      reasonGroups.filter((group) => group.features.includes(name)),
      name,
    ).toHaveLength(1);
  }
});

describe('the parts of a score', () => {
  /** Bought once, 200 days ago. */
  const once: Record<string, number> = { orders: 1, recency_days: 200, tenure_days: 200, monetary_score: 1 };
  const facts = { of: (name: string) => once[name] ?? 0 };
  const index = (feature: string) => reasonGroups.findIndex((group) => group.features.includes(feature));
  const sums = (given: Record<string, number>) => {
    const values = new Float64Array(reasonGroups.length);
    for (const [feature, value] of Object.entries(given)) values[index(feature)] = value;
    return values;
  };

  test('are one where they come to the same sentence in the same direction, and add up', () => {
    const parts = partsOf(sums({ overdue: 0.1, frequency: 0.05, monetary_value: 0.02, recency_days: -0.01 }), facts, 0);
    expect(parts.slice(0, 3)).toMatchObject([
      { code: 'one_time_buyer', groups: [index('overdue'), index('frequency')] },
      { code: 'low_spend', groups: [index('monetary_value')] },
      { code: 'days_since_last_order', groups: [index('recency_days')] },
    ]);
    expect(parts.map(({ points }) => points).reduce((a, b) => a + b)).toBeCloseTo(16, 10);
    expect(parts.flatMap(({ groups }) => groups).sort((a, b) => a - b)).toEqual([...reasonGroups.keys()]);
  });

  test('are not one where they point in different directions', () => {
    const parts = partsOf(sums({ overdue: -0.03, recency_days: 0.1 }), facts, 0);
    expect(parts.slice(0, 2)).toMatchObject([
      { code: 'days_since_last_order', groups: [index('recency_days')] },
      { code: 'days_since_last_order', groups: [index('overdue')] },
    ]);
  });

  test('give at most one reason of a kind, and none below half a point', () => {
    const rows = {
      rows: 1,
      customerKeys: ['a'],
      numbers: (name: string) => Float64Array.of(facts.of(name)),
      texts: () => [null],
    };
    const names = ['recency_days', 'overdue', 'orders_90d', 'monetary_value', 'tenure_days'];
    const told = (contributions: readonly number[]) =>
      reasonsFor(
        { names, base: 0, forEach: (visit) => visit(0, Float64Array.from(contributions)) },
        rows,
        Float64Array.of(0.9),
        0.33,
      )[0]!.map(({ code, points }) => [code, Math.round(points * 10) / 10]);
    expect(told([0.2, 0.1, 0.05, 0.02, 0.004])).toEqual([
      ['days_since_last_order', 20],
      ['low_spend', 2],
    ]);
    expect(told([0.004, 0.003, 0, 0, 0])).toEqual([['days_since_last_order', 0.4]]);
  });
});

describe('the score of a published customer', () => {
  const stored = (i: number) => {
    const score = scores[i]!;
    return { probability: score.churn_probability, modelId: score.model_id, horizonDays: score.horizon_days };
  };

  test('is the sum of all its parts, and its reasons are among them', async () => {
    for (const i of [0, 7, 40, 111, 200]) {
      const score = scores[i]!;
      const { base, groups, probability } = await explainCustomer(fileStore(root), features[i]!, stored(i));
      expect(probability).toBe(score.churn_probability);
      expect(groups.reduce((sum, group) => sum + group.points, base)).toBeCloseTo(100 * score.churn_probability, 9);
      for (const group of groups) {
        expect(group.features.reduce((sum, part) => sum + part.points, 0)).toBeCloseTo(group.points, 9);
      }
      const first = groups.find((group) => group.code === score.reason_1_code);
      expect(first?.points).toBeCloseTo(score.reason_1_points!, 9);
      expect(first?.number).toBeCloseTo(score.reason_1_value!, 9);
    }
    expect(run.outputs.train.modelId).toBe(scores[0]!.model_id);
  });

  test('is refused where it is not what model and features give', async () => {
    const other = { ...stored(3), probability: stored(3).probability + 1e-6 };
    await expect(explainCustomer(fileStore(root), features[3]!, other)).rejects.toBeInstanceOf(ScoreDiffers);
  });
});

test('tenths add up to the whole as printed, and none is off by a tenth or more', () => {
  const parts = fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(parts, (points) => {
      const whole = points.reduce((sum, value) => sum + value, 0);
      const rounded = tenths(points, whole);
      const off = Math.round(10 * rounded.reduce((sum, value) => sum + value, 0)) - Math.round(10 * whole);
      expect(Math.abs(off)).toBe(0);
      for (const [i, value] of rounded.entries()) expect(Math.abs(value - points[i]!)).toBeLessThanOrEqual(0.1 + 1e-9);
    }),
  );
});
