import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customersNeeded, smallestLift } from '../../lambdas/statistics/power.ts';

describe('customers needed', () => {
  // total customers for a power of 80 % at two-sided 5 %, by rate of control and of treatment
  it.each([
    [0.02, 0.03, 7652, 12_475, 22_460],
    [0.05, 0.06, 16_316, 26_000, 46_510],
    [0.05, 0.07, 4426, 7160, 12_860],
    [0.1, 0.12, 7682, 12_225, 21_860],
    [0.1, 0.13, 3548, 5690, 10_190],
  ])('from %f to %f agree with the holdout size guide at 50, 20 and 10 %% control', (from, to, half, fifth, tenth) => {
    expect(customersNeeded(to - from, from, 0.5)).toBe(half);
    expect(customersNeeded(to - from, from, 0.2)).toBe(fifth);
    expect(customersNeeded(to - from, from, 0.1)).toBe(tenth);
  });

  it('agree with the worked example of Fleiss, Levin and Paik: 0.25 against 0.40 takes 152 in each of two equal arms', () => {
    expect(customersNeeded(0.15, 0.25, 0.5)).toBe(2 * 152);
  });

  it('are none that would do for no lift, no control group, or a rate above 1', () => {
    expect(customersNeeded(0, 0.1, 0.1)).toBeNull();
    expect(customersNeeded(-0.02, 0.1, 0.1)).toBeNull();
    expect(customersNeeded(0.02, 0.1, 0)).toBeNull();
    expect(customersNeeded(0.02, 0.1, 1)).toBeNull();
    expect(customersNeeded(0.2, 0.9, 0.1)).toBeNull();
    expect(customersNeeded(Number.NaN, 0.1, 0.1)).toBeNull();
  });
});

describe('the smallest lift', () => {
  const cases = fc.record({
    lift: fc.double({ min: 0.005, max: 0.3, noNaN: true }),
    baseline: fc.double({ min: 0, max: 0.65, noNaN: true }),
    share: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  });

  it('of as many as are needed for a lift is that lift', () => {
    fc.assert(
      fc.property(cases, ({ lift, baseline, share }) => {
        const customers = customersNeeded(lift, baseline, share)!;
        const sizes = { treated: customers * (1 - share), controls: customers * share };
        const shown = smallestLift(sizes, baseline)!;
        expect(shown).toBeLessThanOrEqual(lift * 1.001);
        expect(shown).toBeGreaterThan(lift * (1 - 2 / (customers * share)));
      }),
    );
  });

  it('shrinks as either arm grows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 50, max: 5000 }), (treated, controls) => {
        const here = smallestLift({ treated, controls }, 0.1)!;
        expect(smallestLift({ treated: 2 * treated, controls }, 0.1)!).toBeLessThan(here);
        expect(smallestLift({ treated, controls: 2 * controls }, 0.1)!).toBeLessThan(here);
      }),
    );
  });

  it('is none with an empty arm, a handful of customers, or where all buy anyway', () => {
    expect(smallestLift({ treated: 0, controls: 90 }, 0.1)).toBeNull();
    expect(smallestLift({ treated: 722, controls: 0 }, 0.1)).toBeNull();
    expect(smallestLift({ treated: 3, controls: 1 }, 0.2)).toBeNull();
    expect(smallestLift({ treated: 722, controls: 90 }, 1)).toBeNull();
    expect(smallestLift({ treated: 722, controls: 90 }, Number.NaN)).toBeNull();
  });
});
