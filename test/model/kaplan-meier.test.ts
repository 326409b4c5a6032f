import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type GapCount,
  kaplanMeier,
  resurrectionRate,
  returnQuantile,
  survivalAt,
} from '../../lambdas/model/kaplan-meier.ts';

/**
 * Weeks of remission under 6-mercaptopurine (Freireich et al. 1963), the usual textbook example; `censored` were still
 * well.
 */
const freireich: GapCount[] = [
  { days: 6, purchases: 3, censored: 1 },
  { days: 7, purchases: 1, censored: 0 },
  { days: 9, purchases: 0, censored: 1 },
  { days: 10, purchases: 1, censored: 1 },
  { days: 11, purchases: 0, censored: 1 },
  { days: 13, purchases: 1, censored: 0 },
  { days: 16, purchases: 1, censored: 0 },
  { days: 17, purchases: 0, censored: 1 },
  { days: 19, purchases: 0, censored: 1 },
  { days: 20, purchases: 0, censored: 1 },
  { days: 22, purchases: 1, censored: 0 },
  { days: 23, purchases: 1, censored: 0 },
  { days: 25, purchases: 0, censored: 1 },
  { days: 32, purchases: 0, censored: 2 },
  { days: 34, purchases: 0, censored: 1 },
  { days: 35, purchases: 0, censored: 1 },
];

test('the textbook curve with Greenwood’s standard errors', () => {
  const curve = kaplanMeier(freireich);
  expect(curve.days).toEqual([6, 7, 10, 13, 16, 22, 23]);
  expect(curve.atRisk).toEqual([21, 17, 15, 12, 11, 7, 6]);
  const rounded = (values: readonly number[], digits: number) => values.map((v) => Number(v.toFixed(digits)));
  expect(rounded(curve.survival, 3)).toEqual([0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]);
  expect(rounded(curve.standardError, 4)).toEqual([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]);
  expect(curve.observedToDays).toBe(23);
});

test('reads the curve as a step function', () => {
  const curve = kaplanMeier(freireich);
  expect(survivalAt(curve, 0)).toBe(1);
  expect(survivalAt(curve, 5)).toBe(1);
  expect(survivalAt(curve, 6)).toBeCloseTo(18 / 21, 12);
  expect(survivalAt(curve, 9)).toBe(survivalAt(curve, 7));
  expect(survivalAt(curve, 1000)).toBe(survivalAt(curve, 23));
});

test('without censoring it is the share of gaps that are longer', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(gaps, fc.nat(35), (lengths, day) => {
      const curve = kaplanMeier(lengths.map((days) => ({ days, purchases: 1, censored: 0 })));
      expect(survivalAt(curve, day)).toBeCloseTo(lengths.filter((g) => g > day).length / lengths.length, 10);
    }),
  );
});

test('the order of rows and splitting a row play no part', () => {
  const rows = fc.array(fc.record({ days: fc.nat(20), purchases: fc.nat(5), censored: fc.nat(5) }), { maxLength: 20 });
  fc.assert(
    fc.property(rows, (histogram) => {
      const split = histogram.flatMap((row) => [
        { days: row.days, purchases: 0, censored: row.censored },
        { days: row.days, purchases: row.purchases, censored: 0 },
      ]);
      expect(kaplanMeier(split.reverse())).toEqual(kaplanMeier(histogram));
    }),
  );
});

describe('coming back', () => {
  /** 100 gaps: 40 end after 10 days, 20 after 50, 10 after 100; 30 are still open at day 200. */
  const histogram: GapCount[] = [
    { days: 10, purchases: 40, censored: 0 },
    { days: 50, purchases: 20, censored: 0 },
    { days: 100, purchases: 10, censored: 0 },
    { days: 200, purchases: 0, censored: 30 },
  ];
  const curve = kaplanMeier(histogram);

  test('resurrection: of those silent for H days, who came back later, and up to when that was watched', () => {
    const at30 = resurrectionRate(curve, 30)!;
    expect(at30.rate).toBeCloseTo(30 / 60, 12);
    expect(at30.observedToDays).toBe(100);
    expect(resurrectionRate(curve, 50)!.rate).toBeCloseTo(10 / 40, 12);
  });

  test('is unknown from the limit of observation on', () => {
    expect(resurrectionRate(curve, 100)).toBeNull();
    expect(resurrectionRate(curve, 5000)).toBeNull();
  });

  test('quantiles are those of customers who come back', () => {
    expect(returnQuantile(curve, 0.5)).toBe(10);
    expect(returnQuantile(curve, 0.8)).toBe(50);
    expect(returnQuantile(curve, 0.9)).toBe(100);
  });

  test('censoring that hides long gaps is corrected: half the gaps of 50 days cut off at day 20', () => {
    const hidden: GapCount[] = [
      { days: 10, purchases: 50, censored: 0 },
      { days: 20, purchases: 0, censored: 25 },
      { days: 50, purchases: 25, censored: 0 },
    ];
    const corrected = kaplanMeier(hidden);
    expect(survivalAt(corrected, 10)).toBeCloseTo(0.5, 12);
    expect(returnQuantile(corrected, 0.6)).toBe(50);
  });

  test('the tail that rests on few gaps is left out', () => {
    const withStray = [...histogram, { days: 190, purchases: 1, censored: 0 }];
    expect(kaplanMeier(withStray).observedToDays).toBe(190);
    expect(kaplanMeier(withStray, 35).observedToDays).toBe(100);
  });
});

test('no gaps: an empty curve, nothing known', () => {
  for (const histogram of [[], [{ days: 40, purchases: 0, censored: 9 }]]) {
    const curve = kaplanMeier(histogram);
    expect(curve).toMatchObject({ days: [], observedToDays: 0 });
    expect(survivalAt(curve, 10)).toBe(1);
    expect(returnQuantile(curve, 0.8)).toBeNull();
    expect(resurrectionRate(curve, 10)).toBeNull();
  }
});
