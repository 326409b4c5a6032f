import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { churnScores } from '../../lambdas/lake/tables/model.ts';
import { featureRows } from '../../lambdas/model/feature-rows.ts';
import { inputFor } from '../../lambdas/pipeline.ts';
import { LakeAccessError } from '../../lambdas/platform/errors.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { readArrow } from '../../lambdas/platform/parquet.ts';
import { reasonKinds } from '../../lambdas/score/reason-groups.ts';
import { score } from '../../lambdas/score/score.ts';
import { isReasonCode } from '../../lambdas/wording/reason-codes.ts';
import { deliver } from '../support/ingested.ts';
import { type NightRun, nightOf, processOn, regularShop, rowsOfNight } from '../support/night.ts';

const asOf = '2024-06-30';

interface Scored {
  readonly root: string;
  readonly run: NightRun;
  readonly scores: TableRow<typeof churnScores>[];
  readonly features: Map<string, TableRow<typeof customerFeatures>>;
}

async function scored(customers: number, settings: unknown): Promise<Scored> {
  const root = await mkdtemp(join(tmpdir(), 'winback-score-'));
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders: regularShop(customers, asOf, 800) });
  const run = await nightOf(root, asOf, settings);
  const features = await rowsOfNight(root, customerFeatures, run);
  return {
    root,
    run,
    scores: await rowsOfNight(root, churnScores, run),
    features: new Map(features.map((row) => [row.customer_key, row])),
  };
}

const model = { trees: 20, min_buyers: 100, min_per_class: 20 };
const kinds: [string, () => Promise<Scored>][] = [
  ['by a model', () => scored(260, { model })],
  ['by rules', () => scored(25, { publish: { high_risk_from: 0.7, medium_risk_from: 0.4 } })],
];

test('a slice of a file of features reads as its rows do in the whole', async () => {
  const { root, run } = await scored(60, {});
  try {
    const [file] = run.outputs.features.featureFiles;
    const table = readArrow((await fileStore(root).read(file!.key))!.body);
    const [whole, slice] = [featureRows(table), featureRows(table.slice(17, 42))];
    expect(slice.rows).toBe(25);
    expect(slice.customerKeys).toEqual(whole.customerKeys.slice(17, 42));
    for (const [name, { type }] of Object.entries(customerFeatures.columns)) {
      if (type === 'varchar') expect(slice.texts(name), name).toEqual(whole.texts(name).slice(17, 42));
      else expect(slice.numbers(name, -7), name).toEqual(whole.numbers(name, -7).slice(17, 42));
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

describe.each(kinds)('scores %s', (kind, make) => {
  let found: Scored;
  beforeAll(async () => {
    found = await make();
  }, 120_000);
  afterAll(() => rm(found.root, { recursive: true, force: true }));

  test('are one per buyer', () => {
    expect(found.scores.map((row) => row.customer_key)).toEqual([...found.features.keys()]);
    expect(found.run.outputs.score.scored).toBe(found.scores.length);
    const basis = found.run.outputs.train.basis;
    expect(new Set(found.scores.map((row) => row.basis))).toEqual(new Set([basis]));
    expect(basis === 'rules').toBe(kind === 'by rules');
  });

  test('are probabilities in the band that their limits name', () => {
    const limits = kind === 'by rules' ? { high: 0.7, medium: 0.4 } : { high: 0.66, medium: 0.33 };
    for (const row of found.scores) {
      const p = row.churn_probability;
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(row.risk_band).toBe(p >= limits.high ? 'high' : p >= limits.medium ? 'medium' : 'low');
      expect(p).toBeGreaterThanOrEqual(row.band_from);
      if (row.risk_band !== 'high') expect(p).toBeLessThan(row.band_to);
    }
    const counted = (band: string) => found.scores.filter((row) => row.risk_band === band).length;
    expect(found.run.outputs.score).toMatchObject({
      high: counted('high'),
      medium: counted('medium'),
      low: counted('low'),
    });
    expect(new Set(found.scores.map((row) => row.risk_band)).size).toBeGreaterThan(1);
  });

  test('value at risk is probability × spend, to a ten-thousandth', () => {
    expect(found.scores.some((row) => row.value_at_risk > 0n)).toBe(true);
    for (const row of found.scores) {
      const expected = row.churn_probability * Number(row.spend_if_active);
      expect(Math.abs(Number(row.value_at_risk) - expected)).toBeLessThanOrEqual(1);
      expect(row.spend_if_active).toBeGreaterThanOrEqual(0n);
    }
  });

  test('reasons are known codes, each of another kind, strongest first, and say why somebody at risk is at risk', () => {
    for (const row of found.scores) {
      const reasons = ([1, 2, 3] as const).flatMap((n) => {
        const code = row[`reason_${n}_code`];
        return code === null ? [] : [{ code, value: row[`reason_${n}_value`]!, points: row[`reason_${n}_points`]! }];
      });
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.every(({ points }) => Math.abs(points) <= 100)).toBe(true);
      expect(reasons.every(({ code, value }) => isReasonCode(code) && Number.isFinite(value))).toBe(true);
      expect(reasons.every(({ points }) => Math.abs(points) >= 0.5) || reasons.length === 1).toBe(true);
      const kinds = reasons.flatMap(({ code }) => (isReasonCode(code) ? [reasonKinds[code]] : []));
      expect(new Set(kinds).size).toBe(reasons.length);
      const isAtRisk = kind !== 'by rules' && row.risk_band !== 'low';
      if (isAtRisk && reasons.length > 1) expect(reasons.every(({ points }) => points >= 0)).toBe(true);
      const sizes = reasons.map(({ points }) => Math.abs(points));
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      expect(new Set(reasons.map(({ points }) => Math.sign(points)).filter((sign) => sign !== 0)).size).toBeLessThan(2);
    }
  });

  test('the next order is due one average gap after the last, past or to come', () => {
    for (const row of found.scores) {
      const f = found.features.get(row.customer_key)!;
      const gap = f.gap_count === 0 ? null : f.gap_sum_days / f.gap_count;
      expect(row.average_gap_days).toBe(gap);
      const due = gap === null ? null : f.last_order_on + Math.round(gap);
      expect(row.expected_next_order_on).toBe(due);
    }
  });

  test('a rank by rule is 0.5 after one own gap; a model ranks the silent above the active', () => {
    const mean = (rows: readonly TableRow<typeof churnScores>[]) =>
      rows.reduce((sum, row) => sum + row.churn_probability, 0) / rows.length;
    const isSilent = (row: TableRow<typeof churnScores>) => found.features.get(row.customer_key)!.recency_days > 120;
    const silent = found.scores.filter(isSilent);
    expect(silent.length).toBeGreaterThan(0);
    expect(mean(silent)).toBeGreaterThan(mean(found.scores.filter((row) => !isSilent(row))) + 0.1);
  });

  test('a file of features that went missing, or rows that do, are an error', async () => {
    const lake = await processOn(found.root, { model });
    try {
      const { night, outputs } = found.run;
      const input = inputFor('score', { ...night, run: { ...night.run, attempt: 9 } }, outputs);
      const missing = {
        ...input,
        features: { ...input.features, featureFiles: [{ key: 'runs/no.parquet', rows: 1 }] },
      };
      await expect(score(lake, missing)).rejects.toBeInstanceOf(LakeAccessError);
      const fewer = { ...input, features: { ...input.features, buyers: input.features.buyers + 1 } };
      await expect(score(lake, fewer)).rejects.toThrow(/\d+ of \d+ buyers were scored/);
    } finally {
      lake.close();
    }
  });
});
