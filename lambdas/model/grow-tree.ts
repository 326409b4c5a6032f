import { type Bagging, drawBag } from './bag.ts';
import type { BinnedMatrix } from './binning.ts';
import { fillHistograms, pack, partition, type RowBlock, rowBlock, type Split, scanFeature } from './histogram.ts';
import { drawNext, type Random, randomFor } from './random.ts';

/** What a forest predicts: the probability of class 1 of two classes, or a number. */
export type ForestKind = 'classification' | 'regression';

/** Everything the growth of any tree of a forest needs, in a form that worker threads share. */
export interface GrowthTask extends Bagging {
  readonly kind: ForestKind;
  readonly binned: BinnedMatrix;
  /** Classification: 0 or 1. Regression: the target minus `offset`. */
  readonly labels: Uint8Array | Float64Array;
  /** Added to every prediction. */
  readonly offset: number;
  /** Splits from the root to the deepest leaf. */
  readonly maxDepth: number;
  /** Fewest draws of the bag in a leaf; a row drawn twice counts twice. */
  readonly minLeaf: number;
  /** Features tried at each split, drawn without replacement; more are drawn only while none of them can split. */
  readonly featuresPerSplit: number;
}

/**
 * Trees as flat arrays, every tree in preorder: parents before children, left before right. A leaf has −1 for feature,
 * left and right. `value` is P(class 1) or the mean of the bag at every node, internal ones too; `count` its draws there.
 */
export interface TreeNodes {
  readonly feature: Int16Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
  readonly count: Int32Array;
}

const featureStream = 2;
/** Relative to the sum of squares in the bag: a gain below it is rounding. */
const leastGain = 1e-12;

/** Arrays for a given number of nodes, all of them leaves. */
export function emptyNodes(nodes: number): TreeNodes {
  return {
    feature: new Int16Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    value: new Float64Array(nodes),
    count: new Int32Array(nodes),
  };
}

interface Totals {
  /** Different rows. */
  readonly rows: number;
  /** Draws. */
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Rows of the bag, ascending; `rows` has one place more than there can be. Returns how many there are. */
function listDrawn(multiplicity: Int32Array, rows: Int32Array): number {
  let size = 0;
  for (let row = 0; row < multiplicity.length; row++) {
    rows[size] = row;
    size += -multiplicity[row]! >>> 31;
  }
  return size;
}

/** Copies the rows drawn for a tree into `block`. */
function fillBlock(task: GrowthTask, multiplicity: Int32Array, rows: Int32Array, block: RowBlock): Totals {
  const { binned, labels, kind } = task;
  const words = new BigUint64Array(binned.bytes.buffer);
  const width = binned.stride >> 3;
  const size = listDrawn(multiplicity, rows);
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const row = rows[i]!;
    const label = labels[row]!;
    const drawn = multiplicity[row]!;
    count += drawn;
    sum += drawn * label;
    squares += drawn * label * label;
    block.weights[i] = kind === 'classification' ? pack(drawn, drawn * label) : drawn;
    if (kind === 'regression') block.sums[i] = drawn * label;
    for (let word = 0; word < width; word++) block.words[i * width + word] = words[row * width + word]!;
  }
  return { rows: size, count, sum, squares };
}

/** Most different rows that a bag can have. */
function mostRows(task: GrowthTask): number {
  return task.groups === undefined ? Math.min(task.binned.rows, task.bagSize) : task.binned.rows;
}

/**
 * A function that grows tree number t of the task. It keeps its working memory from tree to tree and allocates nothing
 * per node. Growth is CART (Breiman et al. 1984) over bins, with random features at every split (Breiman 2001):
 * gini impurity of two classes and variance of numbers are the same criterion when the classes are 0 and 1. The rows of a
 * node lie next to each other: each split copies them from one block into the other, which is twice as fast as following
 * row numbers. Histograms are not derived by subtraction: a child draws other features than its parent.
 */
export function treeGrower(task: GrowthTask): (tree: number) => TreeNodes {
  const { binned, kind, maxDepth, minLeaf, featuresPerSplit, offset } = task;
  const packed = kind === 'classification';
  const multiplicity = new Int32Array(binned.rows);
  const rows = new Int32Array(mostRows(task) + 1);
  const even = rowBlock(mostRows(task), binned.stride, packed);
  const odd = rowBlock(mostRows(task), binned.stride, packed);
  const pool = Int32Array.from({ length: binned.thresholds.length }, (_, f) => f);
  const slot = 1 + binned.thresholds.reduce((most, borders) => Math.max(most, borders.length), 0);
  const weights = new Float64Array(pool.length * slot);
  const sums = new Float64Array(packed ? 0 : pool.length * slot);
  const best: Split = { feature: -1, bin: -1, leftCount: 0, leftSum: 0, score: 0 };
  let nodes = emptyNodes(1024);
  let used = 0;
  let smallestGain = 0;
  let random: Random;

  function scanDrawn(block: RowBlock, from: number, to: number, first: number, count: number, sum: number): void {
    const features = first === 0 ? featuresPerSplit : 1;
    weights.fill(0, 0, features * slot);
    fillHistograms(block, block.weights, from, to, pool, first, features, weights, slot);
    if (!packed) {
      sums.fill(0, 0, features * slot);
      fillHistograms(block, block.sums, from, to, pool, first, features, sums, slot);
    }
    for (let j = 0; j < features; j++) {
      const feature = pool[first + j]!;
      const borders = binned.thresholds[feature]!.length;
      scanFeature(weights, sums, packed, j * slot, borders, count, sum, minLeaf, feature, best);
    }
  }

  function findSplit(block: RowBlock, from: number, to: number, count: number, sum: number): boolean {
    best.feature = -1;
    best.score = (sum * sum) / count + smallestGain;
    let drawn = 0;
    while (drawn < featuresPerSplit) drawNext(random, pool, drawn++);
    scanDrawn(block, from, to, 0, count, sum);
    while (best.feature === -1 && drawn < pool.length) {
      drawNext(random, pool, drawn);
      scanDrawn(block, from, to, drawn++, count, sum);
    }
    return best.feature !== -1;
  }

  function addNode(count: number, sum: number): number {
    if (used === nodes.feature.length) nodes = resized(nodes, used * 2);
    nodes.feature[used] = -1;
    nodes.threshold[used] = 0;
    nodes.left[used] = -1;
    nodes.right[used] = -1;
    nodes.value[used] = offset + sum / count;
    nodes.count[used] = count;
    return used++;
  }

  function grow(from: number, to: number, depth: number, count: number, sum: number): number {
    const node = addNode(count, sum);
    const [here, below] = depth % 2 === 0 ? [even, odd] : [odd, even];
    const pure = packed && (sum === 0 || sum === count);
    if (pure || depth === maxDepth || count < 2 * minLeaf || !findSplit(here, from, to, count, sum)) return node;
    const { feature, bin, leftCount, leftSum } = best;
    const middle = partition(here, below, from, to, feature, bin);
    const left = grow(from, middle, depth + 1, leftCount, leftSum);
    const right = grow(middle, to, depth + 1, count - leftCount, sum - leftSum);
    nodes.feature[node] = feature;
    nodes.threshold[node] = binned.thresholds[feature]![bin]!;
    nodes.left[node] = left;
    nodes.right[node] = right;
    return node;
  }

  return (tree) => {
    random = randomFor(task.seed, featureStream, tree);
    for (let f = 0; f < pool.length; f++) pool[f] = f;
    drawBag(task, tree, multiplicity);
    const bag = fillBlock(task, multiplicity, rows, even);
    smallestGain = leastGain * bag.squares;
    used = 0;
    grow(0, bag.rows, 0, bag.count, bag.sum);
    return resized(nodes, used);
  };
}

/** A tree and its number in the forest. */
export interface NumberedTree {
  readonly number: number;
  readonly nodes: TreeNodes;
}

/**
 * Grows trees until all `trees` numbers are taken. `nextTree[0]`, in memory shared with others who do the same, is the next
 * number that nobody has taken. Who grows a tree makes no difference to it.
 */
export function growWhatIsLeft(task: GrowthTask, trees: number, nextTree: Int32Array): NumberedTree[] {
  const grow = treeGrower(task);
  const grown: NumberedTree[] = [];
  for (let number = Atomics.add(nextTree, 0, 1); number < trees; number = Atomics.add(nextTree, 0, 1)) {
    grown.push({ number, nodes: grow(number) });
  }
  return grown;
}

/** A copy with room for `length` nodes, cut off or filled up with leaves. */
function resized(nodes: TreeNodes, length: number): TreeNodes {
  const copy = emptyNodes(length);
  const kept = Math.min(length, nodes.feature.length);
  for (const name of ['feature', 'threshold', 'left', 'right', 'value', 'count'] as const) {
    copy[name].set(nodes[name].subarray(0, kept));
  }
  return copy;
}
