import { describe, expect, test } from 'vitest';
import { fitLogistic, OneClassOnly, scoreLogistic, sigmoid } from '../../lambdas/model/logistic.ts';
import {
  type FeatureMatrix,
  FeatureNamesDiffer,
  MatrixShapeError,
  NonFiniteFeature,
} from '../../lambdas/model/matrix.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';

function matrix(columns: Record<string, ArrayLike<number>>): FeatureMatrix {
  const values = Object.values(columns).map((column) => Float64Array.from(column));
  return { names: Object.keys(columns), rows: values[0]?.length ?? 0, columns: values };
}

/** Hours of study and whether the exam was passed: the usual textbook example. */
const hours = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5];
const passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];

test('gives the published maximum-likelihood estimates when the penalty vanishes', () => {
  const model = fitLogistic(matrix({ hours }), passed, { ridge: 1e-9 });
  const slope = model.coefficients[0]! / model.scale[0]!;
  expect(slope).toBeCloseTo(1.5046, 4);
  expect(model.intercept - slope * model.mean[0]!).toBeCloseTo(-4.0777, 4);
  expect(scoreLogistic(model, matrix({ hours: [2] }))[0]).toBeCloseTo(0.256, 3);
});

test('is at the optimum of the penalised likelihood: its gradient is zero', () => {
  const random = randomFor(1);
  const rows = 500;
  const x = Float64Array.from({ length: rows }, () => uniform(random) * 9);
  const y = Float64Array.from({ length: rows }, () => uniform(random) ** 3 * 1000);
  const labels = Array.from(x, (v, i) => (uniform(random) < sigmoid(v - 4 - y[i]! / 400) ? 1 : 0));
  const data = matrix({ x, y });
  const ridge = 3;
  const model = fitLogistic(data, labels, { ridge });
  const scores = scoreLogistic(model, data);
  const residual = Array.from(scores, (p, i) => p - labels[i]!);
  expect(residual.reduce((total, v) => total + v, 0)).toBeCloseTo(0, 5);
  for (const [f, column] of data.columns.entries()) {
    const along = residual.reduce((total, v, i) => total + v * ((column[i]! - model.mean[f]!) / model.scale[f]!), 0);
    expect(along + ridge * model.coefficients[f]!).toBeCloseTo(0, 4);
  }
});

describe('hard inputs', () => {
  test('classes that separate perfectly give finite coefficients and scores inside (0, 1)', () => {
    const x = Array.from({ length: 200 }, (_, i) => i);
    const labels = x.map((v) => (v >= 100 ? 1 : 0));
    const model = fitLogistic(matrix({ x }), labels);
    expect(Number.isFinite(model.coefficients[0])).toBe(true);
    const scores = scoreLogistic(model, matrix({ x: [-1e9, 0, 99.5, 199, 1e9] }));
    for (const p of scores) {
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
    }
    expect(scores[2]).toBeCloseTo(0.5, 2);
  });

  test('a constant column is ignored, also where rows to score differ in it', () => {
    const model = fitLogistic(matrix({ hours, flat: hours.map(() => 7.3) }), passed);
    expect(model.coefficients[1]).toBe(0);
    expect(scoreLogistic(model, matrix({ hours: [2, 2], flat: [7.3, 99] }))).toEqual(
      scoreLogistic(fitLogistic(matrix({ hours }), passed), matrix({ hours: [2, 2] })),
    );
  });

  test('a repeated column shares its weight', () => {
    const model = fitLogistic(matrix({ hours, again: hours.map((h) => h * 60) }), passed);
    expect(model.coefficients[0]).toBeCloseTo(model.coefficients[1]!, 8);
  });

  test('no column at all gives the base rate', () => {
    const empty: FeatureMatrix = { names: [], rows: 4, columns: [] };
    expect([...scoreLogistic(fitLogistic(empty, [1, 0, 0, 0]), empty)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test('a column of huge values next to one of tiny values', () => {
    const model = fitLogistic(
      matrix({ big: hours.map((h) => h * 1e12), small: hours.map((h) => h * h * 1e-12) }),
      passed,
    );
    const scores = scoreLogistic(model, matrix({ big: [0.5e12, 5.5e12], small: [0.25e-12, 30.25e-12] }));
    expect(scores[0]).toBeLessThan(0.2);
    expect(scores[1]).toBeGreaterThan(0.8);
  });
});

describe('refusals', () => {
  test('labels of one class', () => {
    expect(() =>
      fitLogistic(
        matrix({ hours }),
        hours.map(() => 1),
      ),
    ).toThrow(OneClassOnly);
    expect(() =>
      fitLogistic(
        matrix({ hours }),
        hours.map(() => 0),
      ),
    ).toThrow(/0 positive labels in 20 rows/);
  });

  test('a missing value, a missing label, another feature', () => {
    expect(() => fitLogistic(matrix({ hours: [1, Number.NaN] }), [0, 1])).toThrow(NonFiniteFeature);
    expect(() => fitLogistic(matrix({ hours }), passed.slice(1))).toThrow(MatrixShapeError);
    const model = fitLogistic(matrix({ hours }), passed);
    expect(() => scoreLogistic(model, matrix({ minutes: hours }))).toThrow(FeatureNamesDiffer);
  });
});

test('a firm penalty leaves a trusted feature its weight', () => {
  const random = randomFor(77);
  const told = Float64Array.from({ length: 2000 }, () => 4 * uniform(random) - 2);
  const other = told.map((z) => z + 0.2 * (uniform(random) - 0.5));
  const labels = Uint8Array.from(told, (z) => (uniform(random) < sigmoid(z) ? 1 : 0));
  const matrix = { names: ['told', 'other'], rows: 2000, columns: [told, other] };
  const firm = fitLogistic(matrix, labels, { ridge: 1e6 });
  const trusting = fitLogistic(matrix, labels, { ridge: 1e6, trusted: ['told'] });
  for (const coefficient of firm.coefficients) expect(Math.abs(coefficient)).toBeLessThan(0.01);
  expect(trusting.coefficients[0]! / trusting.scale[0]!).toBeCloseTo(1, 0);
  expect(Math.abs(trusting.coefficients[1]!)).toBeLessThan(0.01);
  expect(trusting).toEqual(fitLogistic(matrix, labels, { ridge: 1e6, trusted: ['told', 'unknown'] }));
});
