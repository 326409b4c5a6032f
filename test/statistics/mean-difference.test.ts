import { describe, expect, it } from 'vitest';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { type AmountTable, meanDifference } from '../../lambdas/statistics/mean-difference.ts';

const bootstrap = (seed = 1, replicates = 399) => {
  const random = randomFor(seed);
  return { uniform: () => uniform(random), replicates };
};

const spends = (size: number, values: readonly number[]) => ({ size, values: Float64Array.from(values) });

/** Spenders with rising amounts around a mean. */
const spread = (count: number, mean: number): number[] =>
  Array.from({ length: count }, (_, i) => (mean * (2 * (i + 0.5))) / count);

const table: AmountTable = { treated: spends(900, spread(120, 50)), controls: spends(100, spread(11, 40)) };
const swapped: AmountTable = { treated: table.controls, controls: table.treated };

describe('the difference of means', () => {
  it('is that of amounts per customer, buyers or not', () => {
    expect(meanDifference([table], bootstrap())!.difference).toBeCloseTo((120 * 50) / 900 - (11 * 40) / 100, 10);
  });

  it('weights strata as the difference of rates does', () => {
    const other: AmountTable = { treated: spends(500, spread(60, 30)), controls: spends(500, spread(50, 20)) };
    const expected = (90 * ((120 * 50) / 900 - (11 * 40) / 100) + 250 * (3.6 - 2)) / 340;
    expect(meanDifference([table, other], bootstrap())!.difference).toBeCloseTo(expected, 10);
  });

  it('is negated where the arms are swapped, its interval up to the draws', () => {
    const one = meanDifference([table], bootstrap(1, 4999))!;
    const other = meanDifference([swapped], bootstrap(2, 4999))!;
    const width = one.high! - one.low!;
    expect(other.difference).toBeCloseTo(-one.difference, 10);
    expect(Math.abs(other.low! + one.high!) / width).toBeLessThan(0.06);
    expect(Math.abs(other.high! + one.low!) / width).toBeLessThan(0.06);
  });

  it('has the same interval for the same draws', () => {
    expect(meanDifference([table], bootstrap())).toEqual(meanDifference([table], bootstrap()));
  });

  it('has no interval below ten spenders in an arm, and is none without somebody in both arms', () => {
    const few = { ...table, controls: spends(100, spread(9, 40)) };
    expect(meanDifference([few], bootstrap())).toMatchObject({ low: null, high: null });
    expect(meanDifference([{ ...table, controls: spends(0, []) }], bootstrap())).toBeNull();
    expect(meanDifference([], bootstrap())).toBeNull();
  });

  it('is well where everybody spends, where some only give back, and where a stratum has no spenders in an arm', () => {
    const everybody: AmountTable = { treated: spends(50, spread(50, 20)), controls: spends(30, spread(30, 20)) };
    const giveBack: AmountTable = {
      treated: spends(500, [-20, ...spread(40, 30)]),
      controls: spends(400, spread(40, 30)),
    };
    const silent: AmountTable = { treated: spends(50, spread(5, 20)), controls: spends(10, []) };
    for (const strata of [[everybody], [giveBack], [table, silent]]) {
      const { difference, low, high } = meanDifference(strata, bootstrap())!;
      expect(low).toBeLessThan(difference);
      expect(high).toBeGreaterThan(difference);
      expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
    }
  });

  it('is as wide as the normal interval where there are many and amounts do not scatter far', () => {
    const many: AmountTable = { treated: spends(8000, spread(1600, 50)), controls: spends(8000, spread(1600, 50)) };
    const { low, high } = meanDifference([many], bootstrap(3, 999))!;
    // amounts spread evenly from 0 to 100 in a fifth of the customers
    const variance = 0.2 * (100 ** 2 / 3) - 10 ** 2;
    expect((high! - low!) / (2 * 1.96 * Math.sqrt((2 * variance) / 8000))).toBeCloseTo(1, 1);
  });
});
