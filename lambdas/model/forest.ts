import { emptyNodes, type ForestKind, type TreeNodes, treeGrower } from './grow-tree.ts';
import { type ForestParams, growthTask } from './growth-task.ts';
import type { FeatureMatrix } from './matrix.ts';

/**
 * A forest as flat arrays: its trees one after another, each in preorder, node numbers counted through the whole forest.
 * Tree t has the nodes `treeStart[t] … treeStart[t + 1] − 1` (so `treeStart` has one number more than there are trees),
 * its root first. A row goes left where its value of `feature` is < `threshold`.
 */
export interface Forest extends TreeNodes {
  readonly kind: ForestKind;
  readonly names: readonly string[];
  readonly trees: number;
  readonly treeStart: Int32Array;
}

/** Puts trees, each with node numbers of its own, one after another. */
export function joinTrees(kind: ForestKind, names: readonly string[], trees: readonly TreeNodes[]): Forest {
  const treeStart = new Int32Array(trees.length + 1);
  for (const [t, tree] of trees.entries()) treeStart[t + 1] = treeStart[t]! + tree.feature.length;
  const all = emptyNodes(treeStart[trees.length]!);
  for (const [t, tree] of trees.entries()) {
    const start = treeStart[t]!;
    for (const name of ['feature', 'threshold', 'value', 'count'] as const) all[name].set(tree[name], start);
    for (const name of ['left', 'right'] as const) {
      all[name].set(
        tree[name].map((child) => (child === -1 ? -1 : child + start)),
        start,
      );
    }
  }
  return { kind, names: [...names], trees: trees.length, treeStart, ...all };
}

/**
 * Grows a forest in this thread. Labels in a `Uint8Array` (0 or 1) make a classification forest, in a `Float64Array` a
 * regression forest. `groups` (one number per row, from 0) puts rows of one customer into a bag together or not at all.
 * The forest is a function of the arguments alone.
 * @throws MatrixShapeError, NonFiniteFeature, LabelError, ForestParamsError
 */
export function growForestInProcess(
  matrix: FeatureMatrix,
  labels: Uint8Array | Float64Array,
  params: ForestParams,
  groups?: Int32Array,
): Forest {
  const task = growthTask(matrix, labels, params, groups);
  const grow = treeGrower(task);
  const trees = Array.from({ length: params.trees }, (_, tree) => grow(tree));
  return joinTrees(task.kind, matrix.names, trees);
}

/**
 * Share of each feature in the decrease of impurity (weighted variance; for classes 0 and 1 that is gini), normalised
 * within each tree and over the forest, as Breiman's mean decrease in impurity. All zeros when no tree has a split.
 */
export function featureImportance(forest: Forest): Float64Array {
  const importance = new Float64Array(forest.names.length);
  for (let t = 0; t < forest.trees; t++) {
    const decrease = impurityDecrease(forest, forest.treeStart[t]!, forest.treeStart[t + 1]!);
    const total = decrease.reduce((sum, value) => sum + value, 0);
    if (total > 0) for (let f = 0; f < decrease.length; f++) importance[f]! += decrease[f]! / total;
  }
  const total = importance.reduce((sum, value) => sum + value, 0);
  return total > 0 ? importance.map((value) => value / total) : importance;
}

function impurityDecrease(forest: Forest, from: number, to: number): Float64Array {
  const { feature, left, right, value, count } = forest;
  const decrease = new Float64Array(forest.names.length);
  for (let node = from; node < to; node++) {
    if (feature[node] === -1) continue;
    for (const child of [left[node]!, right[node]!]) {
      decrease[feature[node]!]! += count[child]! * (value[child]! - value[node]!) ** 2;
    }
  }
  return decrease;
}
