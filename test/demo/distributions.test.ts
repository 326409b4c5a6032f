import { describe, expect, it } from 'vitest';
import {
  chance,
  exponential,
  gamma,
  normal,
  pick,
  pickWeighted,
  poisson,
  wholeBetween,
} from '../../bin/demo/distributions.ts';
import { type Random, randomFor } from '../../lambdas/model/random.ts';

const draws = 200_000;

function moments(draw: (random: Random) => number): { mean: number; variance: number } {
  const random = randomFor(20_260_930);
  const values = Float64Array.from({ length: draws }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1);
  return { mean, variance };
}

/** Mean within five standard errors; variance within `tolerance`, relative. */
function expectMoments(draw: (random: Random) => number, mean: number, variance: number, tolerance = 0.03): void {
  const found = moments(draw);
  expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / draws));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(tolerance);
}

describe('samplers have the moments of their distributions', () => {
  it('normal', () => expectMoments(normal, 0, 1));

  it.each([0.3, 1, 1.4, 7])('gamma of shape %d', (shape) => expectMoments((r) => gamma(r, shape), shape, shape, 0.05));

  it.each([0.2, 3, 40])('Poisson of mean %d', (mean) => expectMoments((r) => poisson(r, mean), mean, mean));

  it.each([0.5, 4])('exponential of rate %d', (rate) =>
    expectMoments((r) => exponential(r, rate), 1 / rate, 1 / rate ** 2),
  );

  it('chance', () => expectMoments((r) => Number(chance(r, 0.3)), 0.3, 0.21));

  it('whole numbers between two', () => expectMoments((r) => wholeBetween(r, 3, 8), 5.5, 35 / 12));
});

describe('samplers at their edges', () => {
  const random = randomFor(1);

  it('never leave their range', () => {
    const seen = new Set(Array.from({ length: 2_000 }, () => wholeBetween(random, -1, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
    expect(wholeBetween(random, 5, 5)).toBe(5);
  });

  it('wait forever at rate 0 and not at all at an infinite rate', () => {
    expect(exponential(random, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(Math.abs(exponential(random, Number.POSITIVE_INFINITY))).toBe(0);
  });

  it('pick by weight, and never what weighs nothing', () => {
    const counts = { a: 0, b: 0, c: 0 };
    const weights = { a: 1, b: 0, c: 3 };
    for (let i = 0; i < 40_000; i++) counts[pickWeighted(random, ['a', 'b', 'c'] as const, (one) => weights[one])] += 1;
    expect(counts.b).toBe(0);
    expect(Math.abs(counts.c / 40_000 - 0.75)).toBeLessThan(0.012);
  });

  it('pick each of several', () => {
    const picked = new Set(Array.from({ length: 200 }, () => pick(random, ['x', 'y', 'z'])));
    expect([...picked].sort()).toEqual(['x', 'y', 'z']);
  });
});
