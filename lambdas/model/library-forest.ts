import { RandomForestClassifier } from 'ml-random-forest';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { type Forest, joinTrees } from './forest.ts';
import { emptyNodes, type TreeNodes } from './grow-tree.ts';
import { checkFeatures, type FeatureMatrix, MatrixShapeError } from './matrix.ts';
import { treeVotes, votesForest } from './score-forest.ts';

/** A leaf of the library's model: one row of the numbers of draws (or the shares) of class 0 and class 1. */
export interface LibraryLeaf {
  readonly distribution: readonly (readonly number[])[];
}

/** An inner node: rows with a value of `splitColumn` below `splitValue` go left. */
export interface LibrarySplit {
  readonly splitColumn: number;
  readonly splitValue: number;
  readonly left: LibraryNode;
  readonly right: LibraryNode;
}

export type LibraryNode = LibraryLeaf | LibrarySplit;

/** What `RandomForestClassifier.load` and `predict` need of a model, and nothing more. */
export interface LibraryJson {
  readonly name: 'RFClassifier';
  readonly baseModel: {
    readonly isClassifier: true;
    readonly nEstimators: number;
    /** Features that each tree sees, by number; its nodes count among these. */
    readonly indexes: readonly (readonly number[])[];
    readonly estimators: readonly {
      readonly name: 'DTClassifier';
      readonly options: object;
      readonly root: LibraryNode;
    }[];
  };
}

/** Only classification forests have a counterpart in the library's classifier. */
export class ForestKindError extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** A predictor of the library, as it is: its own declarations name other members. */
export interface LibraryForest {
  predict(rows: number[][]): number[];
  predictionValues(rows: number[][]): { get(row: number, tree: number): number };
}

function leafToJson(count: number, ones: number): LibraryLeaf {
  return { distribution: [[count - ones, ones]] };
}

const voteOfLeaf = ({ distribution: [[zeros = 0, ones = 0] = []] }: LibraryLeaf) => (ones > zeros ? 1 : 0);

/** A node as JSON; one leaf if all leaves below it vote alike. */
function nodeToJson(forest: Forest, node: number): LibraryNode {
  const count = forest.count[node]!;
  const ones = Math.round(forest.value[node]! * count);
  if (forest.feature[node] === -1) return leafToJson(count, ones);
  const left = nodeToJson(forest, forest.left[node]!);
  const right = nodeToJson(forest, forest.right[node]!);
  const alike = 'distribution' in left && 'distribution' in right && voteOfLeaf(left) === voteOfLeaf(right);
  if (alike) return leafToJson(count, ones);
  return { splitColumn: forest.feature[node]!, splitValue: forest.threshold[node]!, left, right };
}

/**
 * The forest as JSON that `RandomForestClassifier.load` accepts, with what its `predict` needs. Subtrees whose leaves all
 * vote for the same class, which is all that `predict` tells, are one leaf. Leaves hold numbers of draws instead of
 * shares: the same vote in fewer characters. Leaf probabilities are in the flat arrays, not here.
 * @throws ForestKindError for a regression forest.
 */
export function toLibraryJson(forest: Forest): LibraryJson {
  if (forest.kind !== 'classification') {
    throw new ForestKindError('a regression forest was to be written as a classifier', 'Keep it as Arrow.');
  }
  const columns = forest.names.map((_, f) => f);
  const roots = Array.from(forest.treeStart.subarray(0, forest.trees), (start) => nodeToJson(forest, start));
  return {
    name: 'RFClassifier',
    baseModel: {
      isClassifier: true,
      nEstimators: forest.trees,
      indexes: roots.map(() => columns),
      estimators: roots.map((root) => ({ name: 'DTClassifier', options: {}, root })),
    },
  };
}

function sizeOf(node: LibraryNode): number {
  return 'distribution' in node ? 1 : 1 + sizeOf(node.left) + sizeOf(node.right);
}

/** A tree of the library as flat nodes; leaves must hold numbers of draws. */
function treeFromJson(root: LibraryNode, columns: readonly number[]): TreeNodes {
  const nodes = emptyNodes(sizeOf(root));
  let used = 0;
  function place(node: LibraryNode): { at: number; ones: number; count: number } {
    const at = used++;
    let ones: number;
    let count: number;
    if ('distribution' in node) {
      const [zeros = 0, drawnOnes = 0] = node.distribution[0] ?? [];
      ones = drawnOnes;
      count = zeros + drawnOnes;
    } else {
      const left = place(node.left);
      const right = place(node.right);
      nodes.feature[at] = columns[node.splitColumn]!;
      nodes.threshold[at] = node.splitValue;
      nodes.left[at] = left.at;
      nodes.right[at] = right.at;
      ones = left.ones + right.ones;
      count = left.count + right.count;
    }
    nodes.value[at] = ones / count;
    nodes.count[at] = count;
    return { at, ones, count };
  }
  place(root);
  return nodes;
}

/** The flat forest of a model whose leaves hold numbers of draws, as `toLibraryJson` and `trainWithLibrary` make them. */
export function fromLibraryJson(json: LibraryJson, names: readonly string[]): Forest {
  const { estimators, indexes } = json.baseModel;
  const trees = estimators.map(({ root }, tree) => treeFromJson(root, indexes[tree]!));
  return joinTrees('classification', names, trees);
}

/** Has `ml-random-forest` load a model, from text as it would be stored. */
export function loadLibraryForest(json: LibraryJson): LibraryForest {
  const loaded: unknown = RandomForestClassifier.load(JSON.parse(JSON.stringify(json)));
  if (isLibraryForest(loaded)) return loaded;
  throw new ForestKindError(
    'ml-random-forest loaded something that does not predict',
    'Install the version in package.json.',
  );
}

function isLibraryForest(loaded: unknown): loaded is LibraryForest {
  const has = (name: string) => typeof loaded === 'object' && loaded !== null && name in loaded;
  return has('predict') && has('predictionValues');
}

/** What the library is told to grow one tree with. */
export interface LibraryTreeOptions {
  readonly features: number;
  readonly maxDepth: number;
  /** A node with as many rows or fewer is a leaf. */
  readonly largestLeaf: number;
  readonly seed: number;
}

/** A node as the library writes it; a leaf has no children. */
export interface RawLibraryNode {
  readonly splitColumn?: number;
  readonly splitValue?: number;
  readonly left?: RawLibraryNode;
  readonly right?: RawLibraryNode;
}

/** A tree as the library grew it, and the numbers of the features that it was given. */
export interface RawLibraryTree {
  readonly columns: readonly number[];
  readonly root: RawLibraryNode;
}

/** Has `ml-random-forest` grow a single tree on exactly these rows. */
export function growLibraryTree(rows: number[][], labels: number[], options: LibraryTreeOptions): RawLibraryTree {
  const { features, maxDepth, largestLeaf, seed } = options;
  const forest = new RandomForestClassifier({
    nEstimators: 1,
    maxFeatures: features === rows[0]?.length ? 1 : features,
    replacement: false,
    useSampleBagging: false,
    noOOB: true,
    seed,
    treeOptions: { maxDepth, minNumSamples: largestLeaf, gainThreshold: 0 },
  });
  forest.train(rows, labels);
  const written: { indexes: number[][]; estimators: { root: RawLibraryNode }[] } = JSON.parse(
    JSON.stringify(forest.toJSON().baseModel),
  );
  return { columns: written.indexes[0]!, root: written.estimators[0]!.root };
}

/** The rows of a matrix as the library takes them. */
export function rowsOf(matrix: FeatureMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => matrix.columns.map((column) => column[row]!));
}

/** What `ml-random-forest` itself predicts: the class most trees vote for, and the vote of each tree, `trees[tree][row]`. */
export interface LibraryVotes {
  readonly majority: Uint8Array;
  readonly trees: readonly Uint8Array[];
}

/**
 * Votes of the library's own code for every row of a matrix.
 * @throws MatrixShapeError for a matrix without rows, for which the library has no answer.
 */
export function libraryVotes(json: LibraryJson, matrix: FeatureMatrix): LibraryVotes {
  if (matrix.rows === 0) throw new MatrixShapeError('the library was asked about no rows', 'Give at least one row.');
  const rows = rowsOf(matrix);
  const library = loadLibraryForest(json);
  const values = library.predictionValues(rows);
  const voteOf = (tree: number) => Uint8Array.from(rows, (_, row) => values.get(row, tree));
  return {
    majority: Uint8Array.from(library.predict(rows)),
    trees: Array.from({ length: json.baseModel.nEstimators }, (_, tree) => voteOf(tree)),
  };
}

/** How far the library agrees with our own scorer. */
export interface Refereed {
  readonly rows: number;
  /** Rows for which some tree's vote, or the majority, differs. */
  readonly disagreements: number;
}

/**
 * Lets `ml-random-forest` load the model (`json`, as it will be stored) and vote on a sample, tree by tree and as a whole,
 * and compares with what our scorer votes.
 */
export function refereeForest(
  forest: Forest,
  sample: FeatureMatrix,
  json: LibraryJson = toLibraryJson(forest),
): Refereed {
  checkFeatures(sample, forest.names);
  const theirs = libraryVotes(json, sample);
  const trees = treeVotes(forest, sample);
  const majority = votesForest(forest, sample);
  let disagreements = 0;
  for (let row = 0; row < sample.rows; row++) {
    const same =
      majority[row] === theirs.majority[row] && trees.every((votes, t) => votes[row] === theirs.trees[t]?.[row]);
    if (!same) disagreements++;
  }
  return { rows: sample.rows, disagreements };
}
