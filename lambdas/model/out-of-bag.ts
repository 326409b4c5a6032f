import { drawBag } from './bag.ts';
import { compileForest, forEachLeafBlock } from './compile-forest.ts';
import type { Forest } from './forest.ts';
import { checkGroups, type ForestParams } from './growth-task.ts';
import { checkFeatures, type FeatureMatrix } from './matrix.ts';

/** Predictions for training rows by the trees that did not see them. */
export interface OutOfBag {
  /** Mean of those trees' leaf values; NaN where every tree saw the row. */
  readonly scores: Float64Array;
  /** How many trees did not see the row, nor any row of its group. */
  readonly trees: Int32Array;
}

/** Marks, per row, 1 where no row of its group is in the bag. */
function markOutOfBag(multiplicity: Int32Array, groups: Int32Array, outOfBag: Uint8Array): void {
  const inBag = new Uint8Array(groups.length);
  for (let row = 0; row < groups.length; row++) if (multiplicity[row]! > 0) inBag[groups[row]!] = 1;
  for (let row = 0; row < groups.length; row++) outOfBag[row] = 1 - inBag[groups[row]!]!;
}

/**
 * Out-of-bag predictions of a forest for the rows it was grown on. `params` must be those of its growth. `groups` are the
 * customers of the rows (numbered from 0): a tree that saw any row of a customer says nothing about the others.
 * `baggedByGroup` says whether growth was given these groups too; else its bags were drawn row by row, and with several
 * rows per group few trees, or none, are left to speak.
 */
export function oobScores(
  forest: Forest,
  matrix: FeatureMatrix,
  params: ForestParams,
  groups: Int32Array,
  baggedByGroup: boolean,
): OutOfBag {
  checkFeatures(matrix, forest.names);
  checkGroups(groups, matrix.rows);
  const bagging = {
    seed: params.seed,
    bagSize: params.bagSize ?? matrix.rows,
    groups: baggedByGroup ? groups : undefined,
  };
  const multiplicity = new Int32Array(matrix.rows);
  const outOfBag = Array.from({ length: forest.trees }, (_, tree) => {
    const marks = new Uint8Array(matrix.rows);
    drawBag(bagging, tree, multiplicity);
    markOutOfBag(multiplicity, groups, marks);
    return marks;
  });
  const scores = new Float64Array(matrix.rows);
  const trees = new Int32Array(matrix.rows);
  forEachLeafBlock(compileForest(forest), matrix, (tree, first, rows, leaves) => {
    const marks = outOfBag[tree]!;
    for (let i = 0; i < rows; i++) {
      if (marks[first + i] === 0) continue;
      scores[first + i]! += forest.value[leaves[i]!]!;
      trees[first + i]!++;
    }
  });
  for (let row = 0; row < scores.length; row++) scores[row]! /= trees[row]!;
  return { scores, trees };
}
