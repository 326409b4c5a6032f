import { exitCodes, WinbackError } from '../platform/errors.ts';
import { binOf } from './binning.ts';
import type { Forest } from './forest.ts';
import type { FeatureMatrix } from './matrix.ts';

/** Rows that are walked through a tree before the next tree, so that their codes and the tree stay in the cache. */
export const blockRows = 2048;

/**
 * A forest laid out for walking. Values are first replaced by codes: how many of the forest's thresholds of that feature
 * are ≤ the value, so that comparing codes gives exactly what comparing values gives. A node is two numbers: its feature
 * (the lowest `featureBits` bits) with the code above which a row goes right (the bits above), and the place of its left
 * child, which its right child follows. Trees are laid out level by level. A leaf is its own left child and sends nobody
 * right, so that every row can take as many steps as the tree is deep.
 */
export interface CompiledForest {
  readonly forest: Forest;
  /** Distinct thresholds of each feature, ascending. */
  readonly thresholds: readonly Float64Array[];
  readonly featureBits: number;
  readonly nodes: Int32Array;
  /** The forest's number of the node at each place: `numbers[place / 2]`. */
  readonly numbers: Int32Array;
  /** Where the root of each tree lies in `nodes`. */
  readonly roots: Int32Array;
  /** Depth of each tree. */
  readonly depths: Int32Array;
}

/** A forest has too many different thresholds to be laid out for scoring. */
export class ForestTooLarge extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** Distinct thresholds of each feature, ascending. */
export function distinctThresholds(forest: Forest): Float64Array[] {
  const found = forest.names.map(() => new Set<number>());
  for (let node = 0; node < forest.feature.length; node++) {
    if (forest.feature[node] !== -1) found[forest.feature[node]!]!.add(forest.threshold[node]!);
  }
  return found.map((thresholds) => Float64Array.from(thresholds).sort());
}

/** Lays out one tree level by level and returns its depth. `numbers` serves as the queue of nodes still to be laid out. */
function layOut(compiled: Omit<CompiledForest, 'depths'>, tree: number): number {
  const { forest, thresholds, featureBits, nodes, numbers } = compiled;
  const start = forest.treeStart[tree]!;
  const neverRight = 2 ** (31 - featureBits) - 1;
  numbers[start] = start;
  let end = start + 1;
  let depth = 0;
  let levelEnd = end;
  for (let at = start; at < end; at++) {
    if (at === levelEnd) {
      depth++;
      levelEnd = end;
    }
    const node = numbers[at]!;
    const feature = forest.feature[node]!;
    if (feature === -1) {
      nodes[2 * at] = neverRight << featureBits;
      nodes[2 * at + 1] = 2 * at;
      continue;
    }
    nodes[2 * at] = ((binOf(forest.threshold[node]!, thresholds[feature]!) - 1) << featureBits) | feature;
    nodes[2 * at + 1] = 2 * end;
    numbers[end++] = forest.left[node]!;
    numbers[end++] = forest.right[node]!;
  }
  return depth;
}

/**
 * Lays a forest out for walking.
 * @throws ForestTooLarge when a feature has more thresholds than fit beside the feature number in 31 bits (65,535 at least)
 */
export function compileForest(forest: Forest): CompiledForest {
  const thresholds = distinctThresholds(forest);
  const featureBits = 32 - Math.clz32(forest.names.length - 1);
  const most = Math.max(...thresholds.map((list) => list.length));
  if (most >= 2 ** (31 - featureBits) - 1) {
    throw new ForestTooLarge(`a feature of the forest has ${most} thresholds`, 'Grow fewer or smaller trees.');
  }
  const nodes = new Int32Array(2 * forest.feature.length);
  const numbers = new Int32Array(forest.feature.length);
  const roots = forest.treeStart.map((start) => 2 * start);
  const layout = { forest, thresholds, featureBits, nodes, numbers, roots };
  return { ...layout, depths: Int32Array.from({ length: forest.trees }, (_, tree) => layOut(layout, tree)) };
}

/** Codes of `rows` rows of the matrix from row `first` on, row by row, into `codes`. */
export function encodeRows(
  compiled: CompiledForest,
  matrix: FeatureMatrix,
  first: number,
  rows: number,
  codes: Int32Array,
): void {
  const features = matrix.columns.length;
  for (let f = 0; f < features; f++) {
    const thresholds = compiled.thresholds[f]!;
    const column = matrix.columns[f]!;
    for (let i = 0; i < rows; i++) codes[i * features + f] = binOf(column[first + i]!, thresholds);
  }
}

/** The place of the child to which a row goes; `at` is where its codes start. A leaf leads to itself. */
export function nextPlace(
  nodes: Int32Array,
  place: number,
  codes: Int32Array,
  at: number,
  featureBits: number,
): number {
  const split = nodes[place]!;
  const code = codes[at + (split & ((1 << featureBits) - 1))]!;
  return nodes[place + 1]! + (((split >> featureBits) - code) >>> 31) * 2;
}

/**
 * The forest's node number of the leaf that each encoded row reaches in one tree, into `leaves`. Four rows walk side by
 * side, since each step of one has to wait for the step before.
 */
export function findLeaves(
  compiled: CompiledForest,
  tree: number,
  codes: Int32Array,
  rows: number,
  leaves: Int32Array,
): void {
  const { nodes, numbers, featureBits } = compiled;
  const features = compiled.thresholds.length;
  const root = compiled.roots[tree]!;
  const depth = compiled.depths[tree]!;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const at = row * features;
    let [a, b, c, d] = [root, root, root, root];
    for (let step = 0; step < depth; step++) {
      a = nextPlace(nodes, a, codes, at, featureBits);
      b = nextPlace(nodes, b, codes, at + features, featureBits);
      c = nextPlace(nodes, c, codes, at + 2 * features, featureBits);
      d = nextPlace(nodes, d, codes, at + 3 * features, featureBits);
    }
    leaves[row] = numbers[a >> 1]!;
    leaves[row + 1] = numbers[b >> 1]!;
    leaves[row + 2] = numbers[c >> 1]!;
    leaves[row + 3] = numbers[d >> 1]!;
  }
  for (; row < rows; row++) {
    let place = root;
    for (let step = 0; step < depth; step++) place = nextPlace(nodes, place, codes, row * features, featureBits);
    leaves[row] = numbers[place >> 1]!;
  }
}

/**
 * Calls `visit` for every block of rows and every tree with the leaves that the block's rows reach: `leaves[i]` belongs to
 * row `first + i`. The array is used again for the next call. For each row the trees come in their order.
 */
export function forEachLeafBlock(
  compiled: CompiledForest,
  matrix: FeatureMatrix,
  visit: (tree: number, first: number, rows: number, leaves: Int32Array) => void,
): void {
  const codes = new Int32Array(blockRows * matrix.columns.length);
  const leaves = new Int32Array(blockRows);
  for (let first = 0; first < matrix.rows; first += blockRows) {
    const rows = Math.min(blockRows, matrix.rows - first);
    encodeRows(compiled, matrix, first, rows, codes);
    for (let tree = 0; tree < compiled.forest.trees; tree++) {
      findLeaves(compiled, tree, codes, rows, leaves);
      visit(tree, first, rows, leaves);
    }
  }
}
