import { exitCodes, WinbackError } from '../platform/errors.ts';
import { binMatrix, mostBins } from './binning.ts';
import type { GrowthTask } from './grow-tree.ts';
import { checkMatrix, type FeatureMatrix } from './matrix.ts';

/** How a forest is grown. */
export interface ForestParams {
  readonly trees: number;
  /** Splits from the root to the deepest leaf, 1 … 64. */
  readonly maxDepth: number;
  /** Fewest draws of a tree's bag in a leaf; a row drawn twice counts twice. */
  readonly minLeaf: number;
  /** Features tried at each split, drawn without replacement; more are drawn only while none of them can split. */
  readonly featuresPerSplit: number;
  /** Bins per feature, 2 … 256. 64 unless told otherwise. */
  readonly bins?: number | undefined;
  /** Draws with replacement into the bag of one tree. As many as there are rows unless told otherwise. */
  readonly bagSize?: number | undefined;
  readonly seed: number;
}

/** A parameter of growth is missing or out of range. */
export class ForestParamsError extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

/** Labels do not fit the matrix, or are not what the kind of forest asks for. */
export class LabelError extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

const defaultBins = 64;

/**
 * Refuses parameters that are not whole numbers from `least` to `most`; each is [name, value, least, most].
 * @throws ForestParamsError naming the first that is not
 */
export function checkWholeNumbers(ranges: readonly [string, number, number, number][]): void {
  for (const [name, value, least, most] of ranges) {
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    const message = `forest parameter ${name} is ${value}, and must be a whole number from ${least} to ${most}`;
    throw new ForestParamsError(message, `Change ${name}.`);
  }
}

function checkParams(params: ForestParams, rows: number, features: number): void {
  checkWholeNumbers([
    ['trees', params.trees, 1, 10_000],
    ['maxDepth', params.maxDepth, 1, 64],
    ['minLeaf', params.minLeaf, 1, 2 ** 25],
    ['featuresPerSplit', params.featuresPerSplit, 1, Math.min(features, 2 ** 15 - 1)],
    ['bins', params.bins ?? defaultBins, 2, mostBins],
    ['bagSize', params.bagSize ?? rows, 1, 2 ** 25],
    ['seed', params.seed, 0, 2 ** 32 - 1],
  ]);
}

/** Refuses labels that are not one per row, 0 or 1 in a `Uint8Array`, finite in a `Float64Array`. */
export function checkLabels(labels: Uint8Array | Float64Array, rows: number): void {
  if (labels.length !== rows || rows === 0) {
    throw new LabelError(
      `there are ${labels.length} labels for ${rows} rows`,
      'Give one label per row, and some rows.',
    );
  }
  const allowed = labels instanceof Uint8Array ? (value: number) => value <= 1 : Number.isFinite;
  const row = labels.findIndex((value: number) => !allowed(value));
  if (row === -1) return;
  const wanted = labels instanceof Uint8Array ? 'Classes are 0 and 1.' : 'Targets are finite numbers.';
  throw new LabelError(`the label of row ${row} is ${labels[row]}`, wanted);
}

/** Refuses group numbers that are not one per row, from 0 on. */
export function checkGroups(groups: Int32Array | undefined, rows: number): void {
  if (groups === undefined) return;
  const next = 'Number the groups from 0, one number per row.';
  if (groups.length !== rows) throw new LabelError(`there are ${groups.length} group numbers for ${rows} rows`, next);
  const row = groups.findIndex((group) => group < 0 || group >= rows);
  if (row !== -1) throw new LabelError(`the group number of row ${row} is ${groups[row]}`, next);
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** Targets around their mean: sums of squares then keep their digits however far from zero the targets are. */
function centred(targets: Float64Array): { labels: Float64Array; offset: number } {
  const offset = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return { labels: shared(targets.map((target) => target - offset)), offset };
}

/** Checks everything and bins the matrix. */
export function growthTask(
  matrix: FeatureMatrix,
  labels: Uint8Array | Float64Array,
  params: ForestParams,
  groups?: Int32Array,
): GrowthTask {
  checkMatrix(matrix);
  checkLabels(labels, matrix.rows);
  checkGroups(groups, matrix.rows);
  checkParams(params, matrix.rows, matrix.names.length);
  const { maxDepth, minLeaf, featuresPerSplit, seed, bins = defaultBins, bagSize = matrix.rows } = params;
  const limits = { maxDepth, minLeaf, featuresPerSplit, seed, bagSize, groups, binned: binMatrix(matrix, bins, seed) };
  return labels instanceof Uint8Array
    ? { ...limits, kind: 'classification', labels, offset: 0 }
    : { ...limits, kind: 'regression', ...centred(labels) };
}
