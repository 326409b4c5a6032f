import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawWithReplacement,
  integerBelow,
  randomFor,
  sampleWithoutReplacement,
  uniform,
} from '../../lambdas/model/random.ts';

const take = (random: () => number, n: number) => Array.from({ length: n }, random);

describe('randomFor', () => {
  it('gives one sequence per seed and streams, and it is this one', () => {
    expect(take(randomFor(42, 1), 4)).toEqual(take(randomFor(42, 1), 4));
    expect(take(randomFor(42, 1), 4)).toMatchInlineSnapshot(`
      [
        4274536263,
        1341726256,
        2617696730,
        3506494212,
      ]
    `);
  });

  it('gives unrelated sequences for neighbouring seeds, streams and numbers of streams', () => {
    const starts = [
      randomFor(1),
      randomFor(2),
      randomFor(1, 0),
      randomFor(1, 1),
      randomFor(1, 0, 0),
      randomFor(1, 0, 1),
    ];
    expect(new Set(starts.flatMap((random) => take(random, 3))).size).toBe(18);
  });

  it('is uniform in 64 cells within five standard errors', () => {
    const random = randomFor(7, 3);
    const cells = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) cells[Math.floor(uniform(random) * 64)]!++;
    for (const cell of cells) expect(Math.abs(cell - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});

describe('drawing', () => {
  it('stays below n and reaches every number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (n, seed) => {
        const random = randomFor(seed);
        const seen = new Set(Array.from({ length: n * 40 }, () => integerBelow(random, n)));
        expect([...seen].every((value) => value >= 0 && value < n)).toBe(true);
        expect(seen.size).toBeGreaterThan(n * 0.9);
      }),
    );
  });

  it('with replacement counts every draw once and leaves out about 1/e of the rows', () => {
    const counts = new Int32Array(10_000);
    drawWithReplacement(randomFor(5), 10_000, counts);
    expect(counts.reduce((a, b) => a + b)).toBe(10_000);
    expect(counts.filter((count) => count === 0).length / 10_000).toBeCloseTo(Math.exp(-1), 1);
  });

  it('without replacement gives k different numbers, each as often as the others', () => {
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 5000; seed++) {
      const sample = sampleWithoutReplacement(randomFor(seed), 3, 10);
      expect(new Set(sample).size).toBe(3);
      for (const drawn of sample) times[drawn]!++;
    }
    for (const count of times) expect(Math.abs(count - 1500)).toBeLessThan(5 * Math.sqrt(1500));
  });
});
