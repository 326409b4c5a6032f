import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RateTable, riskDifference } from '../../lambdas/statistics/risk-difference.ts';

const table = (treatedEvents: number, treated: number, controlEvents: number, controls: number): RateTable => ({
  treated,
  treatedEvents,
  controls,
  controlEvents,
});

describe('of one stratum', () => {
  // Newcombe 1998, Statistics in Medicine 17, table II, method 10
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%i/%i against %i/%i is what Newcombe published', (a, m, b, n, low, high) => {
    const found = riskDifference([table(a, m, b, n)])!;
    expect(found.difference).toBeCloseTo(a / m - b / n, 12);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
});

/** Eight centres with treatment and control, successes and failures: Agresti 2013, "Categorical Data Analysis", table 6.9. */
const centres = [
  [11, 25, 10, 27],
  [16, 4, 22, 10],
  [14, 5, 7, 12],
  [2, 14, 1, 16],
  [6, 11, 0, 12],
  [1, 10, 0, 10],
  [1, 4, 1, 8],
  [4, 2, 6, 1],
].map(([a = 0, b = 0, c = 0, d = 0]) => table(a, a + b, c, c + d));

describe('of several strata', () => {
  it('is the Mantel–Haenszel difference of 0.130 with a standard error near 0.050, as Agresti has it on page 231', () => {
    const found = riskDifference(centres)!;
    expect(found.difference).toBeCloseTo(0.13, 3);
    expect((found.high - found.low) / (2 * 1.96)).toBeCloseTo(0.05, 2);
  });

  it('has the interval of one stratum where all strata are alike', () => {
    const half = table(28, 350, 24, 400);
    const whole = riskDifference([table(56, 700, 48, 800)])!;
    const halves = riskDifference([half, half])!;
    expect(halves.low).toBeCloseTo(whole.low, 10);
    expect(halves.high).toBeCloseTo(whole.high, 10);
  });

  it('has an interval on both sides where nobody in any stratum bought', () => {
    const { low, high } = riskDifference([table(0, 90, 0, 10), table(0, 50, 0, 6)])!;
    expect(low).toBeLessThan(-0.05);
    expect(high).toBeGreaterThan(0.01);
  });

  it('leaves out strata that compare nobody', () => {
    const single = riskDifference([table(56, 70, 48, 80)]);
    expect(riskDifference([table(5, 9, 0, 0), table(56, 70, 48, 80), table(0, 0, 3, 7)])).toEqual(single);
    expect(riskDifference([table(5, 9, 0, 0), table(0, 0, 3, 7)])).toBeNull();
    expect(riskDifference([])).toBeNull();
  });

  it('is not taken in by strata of differing rates and shares, where the plain difference of rates is', () => {
    const strata = [table(90, 900, 10, 100), table(30, 100, 270, 900)];
    expect(riskDifference(strata)!.difference).toBeCloseTo(0, 12);
  });
});

describe('in all cases', () => {
  const arm = fc
    .integer({ min: 1, max: 400 })
    .chain((size) => fc.tuple(fc.integer({ min: 0, max: size }), fc.constant(size)));
  const strata = fc.array(
    fc.tuple(arm, arm).map(([[a, m], [b, n]]) => table(a, m, b, n)),
    { minLength: 1, maxLength: 5 },
  );

  it('swapping the arms negates the lift and its interval', () => {
    fc.assert(
      fc.property(strata, (tables) => {
        const one = riskDifference(tables)!;
        const other = riskDifference(
          tables.map(({ treated, treatedEvents, controls, controlEvents }) =>
            table(controlEvents, controls, treatedEvents, treated),
          ),
        )!;
        expect(other.difference).toBeCloseTo(-one.difference, 10);
        expect(other.low).toBeCloseTo(-one.high, 10);
        expect(other.high).toBeCloseTo(-one.low, 10);
      }),
    );
  });

  it('the interval holds the difference, within −1 and 1', () => {
    fc.assert(
      fc.property(strata, (tables) => {
        const { difference, low, high, baseline } = riskDifference(tables)!;
        expect(low).toBeLessThanOrEqual(difference + 1e-12);
        expect(high).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(baseline).toBeGreaterThanOrEqual(0);
        expect(baseline).toBeLessThanOrEqual(1);
      }),
    );
  });
});
