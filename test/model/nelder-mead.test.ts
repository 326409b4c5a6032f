import { expect, test } from 'vitest';
import { minimise } from '../../lambdas/model/nelder-mead.ts';

test('finds the minimum of Rosenbrock’s curved valley', () => {
  const rosenbrock = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
  const found = minimise(rosenbrock, [-1.2, 1], { tolerance: 1e-10 });
  expect(found.converged).toBe(true);
  expect(found.point[0]).toBeCloseTo(1, 6);
  expect(found.point[1]).toBeCloseTo(1, 6);
  expect(found.value).toBeLessThan(1e-12);
});

test('works in one and in four dimensions', () => {
  const bowl = (p: readonly number[]) => p.reduce((total, c, i) => total + (i + 1) * (c - i) ** 2, 0);
  for (const start of [[9], [5, -5, 5, -5]]) {
    const found = minimise(bowl, start);
    for (const [i, c] of found.point.entries()) expect(c).toBeCloseTo(i, 5);
  }
});

test('keeps out of points where the function has no finite value', () => {
  const f = ([x]: readonly number[]) => (x! <= 0 ? Number.NaN : x! - Math.log(x!));
  expect(minimise(f, [0.2]).point[0]).toBeCloseTo(1, 5);
});

test('says when the limit came before the minimum', () => {
  const found = minimise(([x]) => (x! - 1000) ** 2, [0], { maxIterations: 3 });
  expect(found).toMatchObject({ converged: false, iterations: 3 });
});

test('gives the same point again', () => {
  const f = ([x, y]: readonly number[]) => Math.cosh(x! - 0.3) + (y! - x!) ** 4;
  expect(minimise(f, [3, 4])).toEqual(minimise(f, [3, 4]));
});
