import { type CompiledForest, compileForest, forEachLeafBlock } from './compile-forest.ts';
import type { Forest } from './forest.ts';
import { checkFeatures, type FeatureMatrix } from './matrix.ts';

function addLeafValues(
  values: Float64Array,
  leaves: Int32Array,
  rows: number,
  sums: Float64Array,
  first: number,
): void {
  for (let i = 0; i < rows; i++) sums[first + i]! += values[leaves[i]!]!;
}

/** `scoreForest` for a forest that was compiled once and scores many matrices. */
export function scoreCompiled(compiled: CompiledForest, matrix: FeatureMatrix): Float64Array {
  const { forest } = compiled;
  checkFeatures(matrix, forest.names);
  const scores = new Float64Array(matrix.rows);
  forEachLeafBlock(compiled, matrix, (_, first, rows, leaves) => {
    addLeafValues(forest.value, leaves, rows, scores, first);
  });
  for (let row = 0; row < scores.length; row++) scores[row]! /= forest.trees;
  return scores;
}

/**
 * The forest's prediction for each row: the mean of its trees' leaf values, which is P(class 1) for a classification
 * forest (the mean of leaf distributions, not a share of votes) and the predicted number for a regression forest.
 * @throws FeatureNamesDiffer, MatrixShapeError, NonFiniteFeature
 */
export function scoreForest(forest: Forest, matrix: FeatureMatrix): Float64Array {
  return scoreCompiled(compileForest(forest), matrix);
}

/** The class (0 or 1) that each tree votes for: `votes[tree][row]`. A leaf with as many of either class votes 0. */
export function treeVotes(forest: Forest, matrix: FeatureMatrix): Uint8Array[] {
  checkFeatures(matrix, forest.names);
  const votes = Array.from({ length: forest.trees }, () => new Uint8Array(matrix.rows));
  forEachLeafBlock(compileForest(forest), matrix, (tree, first, rows, leaves) => {
    const here = votes[tree]!;
    for (let i = 0; i < rows; i++) here[first + i] = forest.value[leaves[i]!]! > 0.5 ? 1 : 0;
  });
  return votes;
}

/**
 * The class that most trees vote for, per row. With as many votes for either, the class that reached its number first
 * wins, as in `ml-random-forest`: the one for which the last tree did not vote.
 */
export function votesForest(forest: Forest, matrix: FeatureMatrix): Uint8Array {
  const votes = treeVotes(forest, matrix);
  return Uint8Array.from({ length: matrix.rows }, (_, row) => {
    const ones = votes.reduce((sum, tree) => sum + tree[row]!, 0);
    if (2 * ones === forest.trees) return 1 - votes[forest.trees - 1]![row]!;
    return 2 * ones > forest.trees ? 1 : 0;
  });
}
