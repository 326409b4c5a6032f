import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { netPromoterScore, satisfiedShare } from '../../lambdas/statistics/survey-score.ts';

describe('netPromoterScore', () => {
  test('the worked example', () => {
    expect(netPromoterScore(100, 60, 15).score).toBe(45);
  });

  test('holds its score and stays within its scale, and mirrors promoters and detractors', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(300), (promoters, passives, detractors) => {
        const people = promoters + passives + detractors;
        fc.pre(people > 0);
        const { score, low, high } = netPromoterScore(people, promoters, detractors);
        expect(low).toBeLessThanOrEqual(score);
        expect(high).toBeGreaterThanOrEqual(score);
        expect(low).toBeGreaterThanOrEqual(-100);
        expect(high).toBeLessThanOrEqual(100);
        const mirrored = netPromoterScore(people, detractors, promoters);
        expect(mirrored.low).toBeCloseTo(-high, 9);
      }),
    );
  });
});

const logFactorials = [0];
for (let i = 1; i <= 200; i++) logFactorials.push(logFactorials[i - 1]! + Math.log(i));

/** Chance that the interval covers the true score, summed over everything that so many people can answer. */
function coverage(people: number, promoting: number, detracting: number): number {
  const passive = 1 - promoting - detracting;
  const truth = 100 * (promoting - detracting);
  let covered = 0;
  for (let promoters = 0; promoters <= people; promoters++) {
    for (let detractors = 0; detractors <= people - promoters; detractors++) {
      const passives = people - promoters - detractors;
      const { low, high } = netPromoterScore(people, promoters, detractors);
      if (truth < low || truth > high) continue;
      const ways = [promoters, detractors, passives].reduce(
        (sum, n) => sum - logFactorials[n]!,
        logFactorials[people]!,
      );
      covered += Math.exp(
        ways + promoters * Math.log(promoting) + detractors * Math.log(detracting) + passives * Math.log(passive),
      );
    }
  }
  return 100 * covered;
}

test.each([
  [20, 0.6, 0.15],
  [50, 0.6, 0.15],
  [50, 0.2, 0.5],
  [150, 0.35, 0.3],
  [150, 0.9, 0.05],
])('of %i people with %f promoting and %f detracting, the interval covers the truth as promised', (people, p, d) => {
  expect(coverage(people, p, d)).toBeGreaterThan(93.5);
  expect(coverage(people, p, d)).toBeLessThan(97.5);
});

test('CSAT has the interval of Wilson: 8 of 10 is 49 to 94 percent', () => {
  const { score, low, high } = satisfiedShare(10, 8);
  expect(score).toBe(80);
  expect(low).toBeCloseTo(49.0, 1);
  expect(high).toBeCloseTo(94.3, 1);
});
