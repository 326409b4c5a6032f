import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binMatrix, binOf, binThresholds, thresholdBetween } from '../../lambdas/model/binning.ts';
import { columnOf, matrixOf } from './forest-support.ts';

describe('binning', () => {
  it('routes every value as a comparison with the raw threshold does', () => {
    const problem = fc.tuple(fc.integer({ min: 1, max: 80 }).chain(columnOf), fc.integer({ min: 2, max: 256 }));
    fc.assert(
      fc.property(problem, ([column, bins]) => {
        const { bytes, stride, thresholds } = binMatrix(matrixOf([column]), bins, 1);
        const borders = thresholds[0]!;
        expect(borders.length).toBeLessThan(bins);
        for (const [row, value] of column.entries()) {
          for (const [bin, border] of borders.entries()) expect(bytes[row * stride]! <= bin).toBe(value < border);
        }
      }),
    );
  });

  it('separates all distinct values when there are no more than bins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }).chain(columnOf), (column) => {
        const thresholds = binThresholds(Float64Array.from(column), 256);
        const distinct = new Set(column.map((value) => value + 0));
        expect(new Set(column.map((value) => binOf(value, thresholds))).size).toBe(distinct.size);
      }),
    );
  });

  it('fills bins evenly when there are more distinct values', () => {
    const column = Float64Array.from({ length: 6400 }, (_, i) => Math.sqrt(i));
    const sizes = new Array<number>(64).fill(0);
    const thresholds = binThresholds(column, 64);
    for (const value of column) sizes[binOf(value, thresholds)]!++;
    expect(sizes).toEqual(new Array(64).fill(100));
  });

  it('gives the rest its share when one value takes most rows', () => {
    const column = Float64Array.from({ length: 10_000 }, (_, i) => (i < 9000 ? 0 : i));
    expect(binThresholds(column, 64).length).toBe(63);
  });

  it('has no border for a constant column or an empty one', () => {
    expect(binThresholds(new Float64Array(5).fill(3), 64).length).toBe(0);
    expect(binThresholds(new Float64Array(0), 64).length).toBe(0);
  });

  it('picks short thresholds between two values', () => {
    expect(thresholdBetween(3, 4)).toBe(3.5);
    expect(thresholdBetween(0.33333, 0.34567)).toBe(0.34);
    expect(thresholdBetween(-7, 11)).toBe(2);
    expect(thresholdBetween(1, 1 + 2 ** -52)).toBe(1 + 2 ** -52);
    expect(thresholdBetween(0, Number.MIN_VALUE)).toBe(Number.MIN_VALUE);
    expect(thresholdBetween(-Number.MAX_VALUE, Number.MAX_VALUE)).toBe(0);
  });
});
