import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear, ticks } from '../../lambdas/report/charts/scale.ts';

describe('ticks', () => {
  it.each([
    [100, [0, 25, 50, 75, 100]],
    [119, [0, 50, 100, 150]],
    [198, [0, 50, 100, 150, 200]],
    [1, [0, 0.25, 0.5, 0.75, 1]],
    [7, [0, 2, 4, 6, 8]],
  ])('up to %d', (top, expected) => {
    expect(ticks(top)).toEqual(expected);
  });

  it('covers any top with two to nine rising steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e7, noNaN: true }), (top) => {
        const steps = ticks(top);
        expect(steps[0]).toBe(0);
        expect(steps.at(-1)).toBeGreaterThanOrEqual(top * (1 - 1e-3));
        expect(steps.length).toBeGreaterThanOrEqual(2);
        expect(steps.length).toBeLessThanOrEqual(9);
        expect([...steps].sort((a, b) => a - b)).toEqual(steps);
      }),
    );
  });
});

describe('linear', () => {
  it('maps the ends of the domain to those of the range, and an empty domain to its start', () => {
    const y = linear([0, 200], [250, 10]);
    expect([y(0), y(100), y(200)]).toEqual([250, 130, 10]);
    expect(linear([5, 5], [1, 9])(5)).toBe(1);
  });
});
