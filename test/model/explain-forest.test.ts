import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainForest } from '../../lambdas/model/explain-forest.ts';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { scoreForest } from '../../lambdas/model/score-forest.ts';
import { matrixOf, smallProblem } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 30, maxDepth: 10, minLeaf: 3, featuresPerSplit: 4, seed: 5 };

describe('explainForest', () => {
  it('adds up to the score', () => {
    const { matrix, labels } = syntheticChurn(3000, 1);
    const forest = growForestInProcess(matrix, labels, params);
    const scores = scoreForest(forest, matrix);
    const rows = Int32Array.from({ length: 3000 }, (_, i) => 2999 - i);
    const { base, contributions } = explainForest(forest, matrix, rows);
    for (const [i, row] of rows.entries()) {
      expect(Math.abs(contributions[i]!.reduce((sum, value) => sum + value, base) - scores[row]!)).toBeLessThan(1e-12);
    }
  });

  it('adds up for awkward matrices and for regression, within rounding', () => {
    fc.assert(
      fc.property(smallProblem, ({ matrix, targets, featuresPerSplit, seed }) => {
        const forest = growForestInProcess(matrix, targets, {
          ...params,
          trees: 3,
          minLeaf: 1,
          featuresPerSplit,
          seed,
        });
        const scores = scoreForest(forest, matrix);
        const { base, contributions } = explainForest(forest, matrix, [...scores.keys()]);
        for (const [row, own] of contributions.entries()) {
          expect(Math.abs(own.reduce((sum, value) => sum + value, base) - scores[row]!)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it('adds up to every row’s score within 1e-12 on awkward matrices, whatever rows are explained together', () => {
    fc.assert(
      fc.property(smallProblem, smallProblem, ({ matrix, labels, featuresPerSplit, seed }, other) => {
        fc.pre(other.matrix.columns.length >= matrix.columns.length);
        const forest = growForestInProcess(matrix, labels, { ...params, minLeaf: 1, featuresPerSplit, seed });
        const columns = other.matrix.columns.slice(0, matrix.columns.length);
        for (const rows of [matrix, { ...other.matrix, names: matrix.names, columns }]) {
          const scores = scoreForest(forest, rows);
          const { base, contributions } = explainForest(forest, rows, [...scores.keys()]);
          for (const [row, own] of contributions.entries()) {
            expect(Math.abs(own.reduce((sum, value) => sum + value, base) - scores[row]!)).toBeLessThan(1e-12);
          }
        }
      }),
    );
  });

  it('gives a feature that no split of a row’s paths uses exactly nothing', () => {
    const { matrix, labels } = syntheticChurn(1000, 1);
    const constant = matrix.columns.map((column, f) => (f === 3 ? column.fill(7) : column));
    const forest = growForestInProcess({ ...matrix, columns: constant }, labels, params);
    const { contributions } = explainForest(forest, { ...matrix, columns: constant }, [...Array(1000).keys()]);
    expect(contributions.every((own) => own[3] === 0)).toBe(true);
    expect(contributions.every((own) => own.some((value) => value !== 0))).toBe(true);
  });

  it('credits the only feature that matters', () => {
    const column = Array.from({ length: 200 }, (_, i) => i);
    const matrix = matrixOf([new Array(200).fill(1), column]);
    const labels = Uint8Array.from(column, (value) => (value >= 100 ? 1 : 0));
    const forest = growForestInProcess(matrix, labels, { ...params, featuresPerSplit: 2 });
    const { base, contributions } = explainForest(forest, matrix, [0, 199]);
    expect(base).toBeCloseTo(0.5, 1);
    expect([...contributions[0]!]).toEqual([0, expect.closeTo(-base, 12)]);
    expect([...contributions[1]!]).toEqual([0, expect.closeTo(1 - base, 12)]);
  });
});
