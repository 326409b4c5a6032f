import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Forest, growForestInProcess, joinTrees } from '../../lambdas/model/forest.ts';
import {
  ForestKindError,
  fromLibraryJson,
  libraryVotes,
  refereeForest,
  toLibraryJson,
} from '../../lambdas/model/library-forest.ts';
import { MatrixShapeError, takeRows } from '../../lambdas/model/matrix.ts';
import { treeVotes, votesForest } from '../../lambdas/model/score-forest.ts';
import { smallProblem } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 8, maxDepth: 9, minLeaf: 2, featuresPerSplit: 4, seed: 8 };

describe('the library as referee', () => {
  it('agrees vote for vote on forests of awkward matrices, with an even number of trees', () => {
    fc.assert(
      fc.property(smallProblem, ({ matrix, labels, featuresPerSplit, seed }) => {
        const forest = growForestInProcess(matrix, labels, { ...params, minLeaf: 1, featuresPerSplit, seed });
        expect(refereeForest(forest, matrix)).toEqual({ rows: matrix.rows, disagreements: 0 });
      }),
    );
  });

  it('agrees on a trained forest, for customers it has not seen', () => {
    const { matrix, labels } = syntheticChurn(3000, 1);
    const forest = growForestInProcess(matrix, labels, { ...params, trees: 30 });
    const sample = syntheticChurn(500, 2).matrix;
    expect(refereeForest(forest, sample)).toEqual({ rows: 500, disagreements: 0 });
    const theirs = libraryVotes(toLibraryJson(forest), sample);
    expect(theirs.majority).toEqual(votesForest(forest, sample));
    expect(theirs.trees).toEqual(treeVotes(forest, sample));
    expect(new Set(theirs.majority).size).toBe(2);
  });

  it('finds the rows on which another model votes otherwise', () => {
    const { matrix, labels } = syntheticChurn(500, 1);
    const forest = growForestInProcess(matrix, labels, params);
    const other = growForestInProcess(matrix, labels, { ...params, seed: 9 });
    const { rows, disagreements } = refereeForest(forest, matrix, toLibraryJson(other));
    expect(rows).toBe(500);
    expect(disagreements).toBeGreaterThan(50);
  });

  it('finds a single tree that votes otherwise although the majority stays', () => {
    const { matrix } = syntheticChurn(10, 1);
    const leaf = (value: number) => ({
      feature: Int16Array.of(-1),
      threshold: new Float64Array(1),
      left: Int32Array.of(-1),
      right: Int32Array.of(-1),
      value: Float64Array.of(value),
      count: Int32Array.of(4),
    });
    const forest: Forest = joinTrees('classification', matrix.names, [leaf(0), leaf(0), leaf(1)]);
    const swapped = joinTrees('classification', matrix.names, [leaf(0), leaf(1), leaf(0)]);
    expect(refereeForest(forest, matrix, toLibraryJson(swapped)).disagreements).toBe(10);
  });

  it('refuses a regression forest and a sample without rows', () => {
    const { matrix, labels } = syntheticChurn(50, 1);
    expect(() => toLibraryJson(growForestInProcess(matrix, Float64Array.from(labels), params))).toThrow(
      ForestKindError,
    );
    const forest = growForestInProcess(matrix, labels, params);
    expect(() => refereeForest(forest, takeRows(matrix, []))).toThrow(MatrixShapeError);
  });
});

describe('toLibraryJson', () => {
  it('keeps the counts of every root and, read back, every vote', () => {
    const { matrix, labels } = syntheticChurn(2000, 1);
    const forest = growForestInProcess(matrix, labels, params);
    const back = fromLibraryJson(JSON.parse(JSON.stringify(toLibraryJson(forest))), forest.names);
    expect(treeVotes(back, matrix)).toEqual(treeVotes(forest, matrix));
    expect(back.feature.length).toBeLessThan(forest.feature.length);
    for (let tree = 0; tree < forest.trees; tree++) {
      const [ours, theirs] = [forest.treeStart[tree]!, back.treeStart[tree]!];
      expect([back.count[theirs], back.value[theirs]]).toEqual([forest.count[ours], forest.value[ours]]);
    }
  });

  it('keeps 100 trees with leaves of 1 % of the rows below 1 MB', () => {
    const { matrix, labels } = syntheticChurn(10_000, 1);
    const forest = growForestInProcess(matrix, labels, { ...params, trees: 100, maxDepth: 12, minLeaf: 100 });
    const text = JSON.stringify(toLibraryJson(forest));
    expect(text.length).toBeGreaterThan(50_000);
    expect(text.length).toBeLessThan(1_000_000);
  });
});
