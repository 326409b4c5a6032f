import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainForest, type ReasonDirection, topReasons } from '../../lambdas/model/explain-forest.ts';
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

describe('topReasons', () => {
  const { matrix, labels } = syntheticChurn(3000, 1);
  const forest = growForestInProcess(matrix, labels, params);
  const all = explainForest(
    forest,
    matrix,
    Int32Array.from({ length: 3000 }, (_, i) => i),
  );
  const rank: Record<ReasonDirection, (value: number) => number> = {
    raising: (v) => v,
    lowering: (v) => -v,
    either: Math.abs,
  };

  it.each(['raising', 'lowering', 'either'] as const)(
    'picks what sorting all contributions picks (%s)',
    (direction) => {
      const { base, features, contributions } = topReasons(forest, matrix, 3, direction);
      expect(base).toBe(all.base);
      const weigh = rank[direction];
      for (let row = 0; row < 3000; row++) {
        const own = all.contributions[row]!;
        const order = [...own.keys()]
          .filter((f) => weigh(own[f]!) > 0)
          .sort((a, b) => weigh(own[b]!) - weigh(own[a]!) || a - b);
        const wanted = [0, 1, 2].map((i) => order[i] ?? -1);
        expect([...features.subarray(3 * row, 3 * row + 3)]).toEqual(wanted);
        expect([...contributions.subarray(3 * row, 3 * row + 3)]).toEqual(wanted.map((f) => own[f] ?? 0));
      }
    },
  );
});
