import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { FeatureNamesDiffer, NonFiniteFeature, takeRows } from '../../lambdas/model/matrix.ts';
import { scoreForest, treeVotes, votesForest } from '../../lambdas/model/score-forest.ts';
import { leafByHand, smallProblem } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 9, maxDepth: 7, minLeaf: 3, featuresPerSplit: 3, seed: 5 };

describe('scoreForest', () => {
  it('averages the leaf values that raw comparison finds, on the rows of training and on others', () => {
    fc.assert(
      fc.property(smallProblem, smallProblem, ({ matrix, labels, targets, featuresPerSplit, seed }, other) => {
        fc.pre(other.matrix.columns.length >= matrix.columns.length);
        const strange = {
          ...other.matrix,
          names: matrix.names,
          columns: other.matrix.columns.slice(0, matrix.columns.length),
        };
        for (const y of [labels, targets]) {
          const forest = growForestInProcess(matrix, y, { ...params, minLeaf: 1, featuresPerSplit, seed });
          for (const scored of [matrix, strange]) {
            const scores = scoreForest(forest, scored);
            for (let row = 0; row < scored.rows; row++) {
              let sum = 0;
              for (let tree = 0; tree < forest.trees; tree++)
                sum += forest.value[leafByHand(forest, tree, scored, row)]!;
              expect(scores[row]).toBe(sum / forest.trees);
            }
          }
        }
      }),
    );
  });

  it('does not depend on which rows are scored together', () => {
    const { matrix, labels } = syntheticChurn(5001, 1);
    const forest = growForestInProcess(matrix, labels, params);
    const rows = Array.from({ length: 5001 }, (_, row) => 5000 - row);
    expect([...scoreForest(forest, takeRows(matrix, rows))]).toEqual([...scoreForest(forest, matrix)].reverse());
  });

  it('refuses other features and missing values', () => {
    const { matrix, labels } = syntheticChurn(50, 1);
    const forest = growForestInProcess(matrix, labels, params);
    expect(() => scoreForest(forest, { ...matrix, names: [...matrix.names].reverse() })).toThrow(FeatureNamesDiffer);
    const holed = matrix.columns.map((column) => column.with(7, Number.NaN));
    expect(() => scoreForest(forest, { ...matrix, columns: holed })).toThrow(NonFiniteFeature);
  });

  it('scores no rows', () => {
    const { matrix, labels } = syntheticChurn(50, 1);
    expect(scoreForest(growForestInProcess(matrix, labels, params), takeRows(matrix, [])).length).toBe(0);
  });
});

describe('votes', () => {
  it('break ties against the last tree', () => {
    const { matrix, labels } = syntheticChurn(300, 1);
    const forest = growForestInProcess(matrix, labels, { ...params, trees: 4 });
    const votes = treeVotes(forest, matrix);
    const majority = votesForest(forest, matrix);
    const ones = (row: number) => votes.reduce((sum, tree) => sum + tree[row]!, 0);
    const tied = Array.from({ length: 300 }, (_, row) => row).filter((row) => ones(row) === 2);
    expect(tied.length).toBeGreaterThan(5);
    for (let row = 0; row < 300; row++) {
      expect(majority[row]).toBe(ones(row) === 2 ? 1 - votes[3]![row]! : Number(ones(row) > 2));
    }
  });
});
