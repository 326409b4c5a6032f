import { blockRows, type CompiledForest, compileForest, encodeRows, nextPlace } from './compile-forest.ts';
import type { Forest } from './forest.ts';
import { checkFeatures, type FeatureMatrix, takeRows } from './matrix.ts';

/** What each feature adds to the forest's prediction for some rows. `base` + the sum of a row's contributions = its score. */
export interface Explanation {
  /** Mean of the root values: the prediction for a row of which nothing is known. */
  readonly base: number;
  /** Per row asked for, one contribution per feature, in the unit of the prediction. */
  readonly contributions: readonly Float64Array[];
}

/** Value of each node minus that of its parent, divided by the number of trees. */
function steps(forest: Forest): Float64Array {
  const step = new Float64Array(forest.value.length);
  for (let node = 0; node < step.length; node++) {
    if (forest.feature[node] === -1) continue;
    for (const child of [forest.left[node]!, forest.right[node]!]) {
      step[child] = (forest.value[child]! - forest.value[node]!) / forest.trees;
    }
  }
  return step;
}

function baseOf(forest: Forest): number {
  let sum = 0;
  for (let tree = 0; tree < forest.trees; tree++) sum += forest.value[forest.treeStart[tree]!]!;
  return sum / forest.trees;
}

function addPaths(
  compiled: CompiledForest,
  step: Float64Array,
  tree: number,
  codes: Int32Array,
  rows: number,
  sums: Float64Array,
): void {
  const { nodes, numbers, featureBits } = compiled;
  const featureMask = (1 << featureBits) - 1;
  const features = compiled.thresholds.length;
  const root = compiled.roots[tree]!;
  for (let row = 0; row < rows; row++) {
    const at = row * features;
    let place = root;
    let child = nextPlace(nodes, place, codes, at, featureBits);
    while (child !== place) {
      sums[at + (nodes[place]! & featureMask)]! += step[numbers[child >> 1]!]!;
      place = child;
      child = nextPlace(nodes, place, codes, at, featureBits);
    }
  }
}

/**
 * Calls `visit` with the contributions of each row in turn, one number per feature, in an array that is used again for
 * other rows. The contribution of a feature is the sum, over the splits on it along a row's paths, of child value minus
 * parent value, divided by the number of trees (Saabas 2014).
 */
export function forEachContributions(
  forest: Forest,
  matrix: FeatureMatrix,
  visit: (row: number, contributions: Float64Array) => void,
): void {
  checkFeatures(matrix, forest.names);
  const compiled = compileForest(forest);
  const step = steps(forest);
  const features = forest.names.length;
  const codes = new Int32Array(blockRows * features);
  const sums = new Float64Array(blockRows * features);
  for (let first = 0; first < matrix.rows; first += blockRows) {
    const rows = Math.min(blockRows, matrix.rows - first);
    encodeRows(compiled, matrix, first, rows, codes);
    sums.fill(0);
    for (let tree = 0; tree < forest.trees; tree++) addPaths(compiled, step, tree, codes, rows, sums);
    for (let i = 0; i < rows; i++) visit(first + i, sums.subarray(i * features, (i + 1) * features));
  }
}

/**
 * All contributions of the rows asked for.
 * @throws FeatureNamesDiffer, MatrixShapeError, NonFiniteFeature
 */
export function explainForest(forest: Forest, matrix: FeatureMatrix, rowIndices: ArrayLike<number>): Explanation {
  const contributions: Float64Array[] = [];
  forEachContributions(forest, takeRows(matrix, rowIndices), (_, row) => {
    contributions.push(row.slice());
  });
  return { base: baseOf(forest), contributions };
}
