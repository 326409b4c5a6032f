import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driftOf, driftReference, populationStability } from '../../lambdas/model/drift.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';

const column = (seed: number, count: number, of: (u: number) => number) => {
  const random = randomFor(seed, 0);
  return Float64Array.from({ length: count }, () => of(uniform(random)));
};
const matrixOf = (columns: Record<string, Float64Array>) => ({
  names: Object.keys(columns),
  rows: Object.values(columns)[0]!.length,
  columns: Object.values(columns),
});

describe('population stability index', () => {
  test('by hand: half of the buyers moved from one bin to the other', () => {
    // (0.75 − 0.5) ln(0.75 / 0.5) + (0.25 − 0.5) ln(0.25 / 0.5)
    expect(populationStability([0.5, 0.5], [0.75, 0.25])).toBeCloseTo(0.25 * Math.log(1.5) - 0.25 * Math.log(0.5), 12);
  });

  test('is 0 for equal shares, above 0 for others, and the same both ways', () => {
    const shares = fc
      .array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 3 })
      .map((counts) => counts.map((count) => count / counts.reduce((a, b) => a + b)));
    fc.assert(
      fc.property(shares, shares, (p, q) => {
        expect(populationStability(p, p)).toBe(0);
        expect(populationStability(p, q)).toBeGreaterThanOrEqual(0);
        expect(populationStability(p, q)).toBeCloseTo(populationStability(q, p), 10);
      }),
    );
  });

  test('stays finite where a bin is empty', () => {
    expect(populationStability([0.5, 0.5], [1, 0])).toBeLessThan(10);
  });
});

describe('the reference of a model', () => {
  const steady = column(1, 4000, (u) => Math.floor(100 * u));
  const zeros = column(2, 4000, (u) => (u < 0.7 ? 0 : Math.floor(10 * u)));
  const trained = matrixOf({ steady, zeros });
  const dates = Array.from(steady, (_, row) => (row % 2 ? '2024-01-01' : '2023-12-01'));
  const reference = driftReference(trained, { matrix: trained, dates });

  test('has tenths of the buyers, ties merged, and the shares of each snapshot', () => {
    expect(reference.rows).toBe(4000);
    expect(reference.features.steady!.edges).toHaveLength(9);
    for (const share of reference.features.steady!.trained) expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    expect(reference.features.zeros!.edges[0]).toBe(0);
    expect(reference.features.zeros!.edges.length).toBeLessThan(9);
    expect(reference.features.zeros!.trained[0]).toBeCloseTo(0.7, 1);
    expect(Object.keys(reference.features.steady!.labelled).sort()).toEqual(['2023-12-01', '2024-01-01']);
    expect(reference.features.steady!.median).toBeCloseTo(50, -1);
  });

  test('shows a shift of a known size, and none where only chance moved', () => {
    const same = driftOf(reference, matrixOf({ steady: column(7, 4000, (u) => Math.floor(100 * u)), zeros }), null);
    expect(same[0]).toMatchObject({ feature: 'steady', psiSeason: null });
    expect(same[0]!.psi).toBeLessThan(0.02);
    expect(same[1]!.psi).toBe(0);
    const moved = driftOf(reference, matrixOf({ steady: steady.map((value) => value * 0.6), zeros }), '2024-01-01');
    expect(moved[0]!.psi).toBeGreaterThan(0.25);
    expect(moved[0]!.psiSeason).toBeGreaterThan(0.25);
    expect(moved[0]!.meanNow).toBeCloseTo(0.6 * moved[0]!.meanThen, 8);
    expect(moved[1]!.psi).toBe(0);
  });
});
