import type { Forest } from './forest.ts';
import { checkLabels, checkWholeNumbers } from './growth-task.ts';
import { fromLibraryJson, growLibraryTree, type LibraryNode, type RawLibraryNode, rowsOf } from './library-forest.ts';
import { checkMatrix, type FeatureMatrix, takeRows } from './matrix.ts';
import { integerBelow, type Random, randomFor, sampleWithoutReplacement } from './random.ts';

/** How `ml-random-forest` trains a forest. */
export interface LibraryTrainingParams {
  readonly trees: number;
  /** Splits from the root to the deepest leaf, 1 … 64. */
  readonly maxDepth: number;
  /** A node with fewer than twice as many draws is not split. The library itself knows no smallest leaf. */
  readonly minLeaf: number;
  /** Features that one tree sees: the library draws them per tree, not per split. At least 2 if there are 2. */
  readonly featuresPerTree: number;
  /** Draws into the bag of one tree, 2 … 2,000: the library's time grows with the square of it. 500 to 1,000 do well. */
  readonly bagSize: number;
  readonly seed: number;
}

const bagStream = 11;
const treeStream = 12;

function rowsOfClass(labels: Uint8Array, wanted: number): Int32Array {
  return Int32Array.from(labels.keys()).filter((row) => labels[row] === wanted);
}

function draw(random: Random, from: Int32Array, draws: number): number[] {
  return Array.from({ length: draws }, () => from[integerBelow(random, from.length)]!);
}

/** A bag with the classes in their proportion (at least one draw of either, if there are both), in random order. */
function stratifiedBag(random: Random, classes: readonly [Int32Array, Int32Array], bagSize: number): number[] {
  const [zeros, ones] = classes;
  const share = Math.round((bagSize * ones.length) / (zeros.length + ones.length));
  const least = ones.length > 0 ? 1 : 0;
  const most = zeros.length > 0 ? bagSize - 1 : bagSize;
  const drawsOfOnes = Math.min(most, Math.max(least, share));
  const bag = [...draw(random, zeros, bagSize - drawsOfOnes), ...draw(random, ones, drawsOfOnes)];
  return Array.from(sampleWithoutReplacement(random, bag.length, bag.length), (i) => bag[i]!);
}

/** The tree with the bag's draws counted in each leaf; the library keeps shares only, and only in memory. */
function withCounts(node: RawLibraryNode, rows: number[][], labels: number[], columns: readonly number[]): LibraryNode {
  const { splitColumn, splitValue, left, right } = node;
  if (splitColumn === undefined || splitValue === undefined || left === undefined || right === undefined) {
    const ones = labels.reduce((sum, label) => sum + label, 0);
    return { distribution: [[labels.length - ones, ones]] };
  }
  const goesLeft = rows.map((row) => row[columns[splitColumn]!]! < splitValue);
  const side = (child: RawLibraryNode, wanted: boolean) => {
    const here = (_: unknown, i: number) => goesLeft[i] === wanted;
    return withCounts(child, rows.filter(here), labels.filter(here), columns);
  };
  return { splitColumn, splitValue, left: side(left, true), right: side(right, false) };
}

/**
 * Trains a classification forest with `ml-random-forest` itself: every tree on a small stratified bag of its own, as a
 * forest of one tree, all of them joined. The result is a forest like ours, with leaf distributions of the bags.
 * @throws MatrixShapeError, NonFiniteFeature, LabelError, ForestParamsError
 */
export function trainWithLibrary(matrix: FeatureMatrix, labels: Uint8Array, params: LibraryTrainingParams): Forest {
  checkMatrix(matrix);
  checkLabels(labels, matrix.rows);
  const features = matrix.names.length;
  checkWholeNumbers([
    ['trees', params.trees, 1, 10_000],
    ['maxDepth', params.maxDepth, 1, 64],
    ['minLeaf', params.minLeaf, 1, 2_000],
    ['featuresPerTree', params.featuresPerTree, Math.min(2, features), features],
    ['bagSize', params.bagSize, 2, 2_000],
    ['seed', params.seed, 0, 2 ** 32 - 1],
  ]);
  const classes = [rowsOfClass(labels, 0), rowsOfClass(labels, 1)] as const;
  const trees = Array.from({ length: params.trees }, (_, tree) => {
    const bag = stratifiedBag(randomFor(params.seed, bagStream, tree), classes, params.bagSize);
    const rows = rowsOf(takeRows(matrix, bag));
    const drawn = bag.map((row) => labels[row]!);
    const { columns, root } = growLibraryTree(rows, drawn, {
      features: params.featuresPerTree,
      maxDepth: params.maxDepth,
      largestLeaf: 2 * params.minLeaf - 1,
      seed: randomFor(params.seed, treeStream, tree)() >>> 1,
    });
    return { columns, root: withCounts(root, rows, drawn, columns) };
  });
  return fromLibraryJson(
    {
      name: 'RFClassifier',
      baseModel: {
        isClassifier: true,
        nEstimators: trees.length,
        indexes: trees.map(({ columns }) => columns),
        estimators: trees.map(({ root }) => ({ name: 'DTClassifier', options: {}, root })),
      },
    },
    matrix.names,
  );
}
