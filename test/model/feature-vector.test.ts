import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeatureRows } from '../../lambdas/model/feature-rows.ts';
import { featureVector } from '../../lambdas/model/feature-vector.ts';

/** Customers by their gaps, who have been silent for some days. */
function customers(...histories: readonly { gaps: readonly number[]; silent: number }[]): FeatureRows {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const columns: Record<string, (history: (typeof histories)[number]) => number> = {
    recency_days: ({ silent }) => silent,
    gap_count: ({ gaps }) => gaps.length,
    gap_sum_days: ({ gaps }) => sum(gaps),
    gap_sum_squares: ({ gaps }) => sum(gaps.map((gap) => gap * gap)),
    gap_longest_days: ({ gaps }) => Math.max(0, ...gaps),
    gap_last_days: ({ gaps }) => gaps.at(-1) ?? 0,
  };
  return {
    rows: histories.length,
    customerKeys: histories.map((_, i) => `c${i}`),
    numbers: (name) => Float64Array.from(histories, columns[name] ?? (() => 0)),
    texts: () => [],
  };
}

const horizonDays = 90;
function feature(rows: FeatureRows, name: string): number[] {
  const { names, columns } = featureVector(rows, { horizonDays, bgNbd: null });
  return [...(columns[names.indexOf(name)] as Float64Array)];
}

describe('the rhythm of a customer', () => {
  const rows = customers(
    { gaps: [7, 7, 7, 7], silent: 14 },
    { gaps: [2, 58], silent: 14 },
    { gaps: [20], silent: 14 },
    { gaps: [], silent: 30 },
  );
  const near = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, 4));

  test('gaps that are alike vary less than those at random, few gaps or none about as much as those', () => {
    expect(feature(rows, 'gap_variation')).toEqual(near([Math.sqrt(2 / 5), Math.sqrt((2 + 3368 / 900 - 2) / 3), 1, 1]));
  });

  test('silence counts in spreads beyond the mean gap, which one horizon long stands in for at first', () => {
    const [weekly] = feature(rows, 'overdue_by_spread');
    expect(weekly).toBeCloseTo((14 + 45 - 23.6) / (23.6 * Math.sqrt(0.4)), 6);
    expect(feature(rows, 'overdue_by_spread').at(-1)).toBeCloseTo((30 + 45 - 90) / 90, 6);
  });

  test('silence and the latest gap are seen beside the longest gap, or a horizon where there is none', () => {
    expect(feature(rows, 'recency_to_longest_gap')).toEqual(near([2, 14 / 58, 14 / 20, 30 / 90]));
    expect(feature(rows, 'gap_last_to_longest')).toEqual(near([1, 1, 1, 0]));
  });

  test('the latest gap is held against the gaps before it, not against itself', () => {
    expect(feature(rows, 'gap_last_to_earlier')).toEqual(near([28 / 111, (58 * 2) / 92, 20 / 90, 1]));
  });

  test('of two with the same mean gap and silence, the more regular one is further overdue', () => {
    const gap = fc.integer({ min: 10, max: 60 });
    fc.assert(
      fc.property(gap, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 45, max: 300 }), (mean, jitter, silent) => {
        const regular = { gaps: [mean, mean, mean, mean], silent };
        const irregular = { gaps: [mean - jitter, mean + jitter, mean - jitter, mean + jitter], silent };
        const [steady, loose] = feature(customers(regular, irregular), 'overdue_by_spread') as [number, number];
        expect(steady).toBeGreaterThan(loose);
      }),
    );
  });

  test('no value is missing, whoever it is', () => {
    for (const column of featureVector(rows, { horizonDays, bgNbd: null }).columns) {
      expect(column.every(Number.isFinite)).toBe(true);
    }
  });
});
