import { availableParallelism } from 'node:os';
import type { BgNbdFit } from '../model/bgnbd.ts';
import type { Forest } from '../model/forest.ts';
import { growForest } from '../model/forest-pool.ts';
import type { ForestParams } from '../model/growth-task.ts';
import type { FeatureMatrix } from '../model/matrix.ts';
import { type MethodInput, methodInput } from '../model/methods.ts';
import { trainWithLibrary } from '../model/train-with-library.ts';
import type { Config } from '../platform/config/config.ts';
import type { LabelledRows } from './snapshots.ts';

type ModelSettings = Config['model'];

/** Rows in a bag of one tree; trees on a sample of a large shop are as good and much sooner grown. */
const largestBag = 20_000;

const forestParams = (settings: ModelSettings, matrix: FeatureMatrix): ForestParams => {
  const bagSize = Math.min(matrix.rows, largestBag);
  return {
    trees: settings.trees,
    maxDepth: settings.max_depth,
    minLeaf: Math.max(5, Math.round((settings.min_leaf_pct / 100) * bagSize)),
    featuresPerSplit: Math.round(Math.sqrt(matrix.names.length)),
    bagSize,
    seed: settings.seed,
  };
};

/** The library draws features per tree and takes time quadratic in the bag: half of the features, a thousand draws. */
const libraryParams = (params: ForestParams) => {
  const bagSize = Math.min(params.bagSize ?? 1_000, 1_000);
  const minLeaf = Math.max(5, Math.round((params.minLeaf * bagSize) / (params.bagSize ?? bagSize)));
  return { ...params, bagSize, minLeaf, featuresPerTree: Math.max(2, params.featuresPerSplit) };
};

/** The churn forest, by the trainer that the configuration names. */
export function fitChurnForest(settings: ModelSettings, matrix: FeatureMatrix, lost: Uint8Array): Promise<Forest> {
  const params = forestParams(settings, matrix);
  return settings.trainer === 'winback'
    ? growForest(matrix, lost, params, { workers: availableParallelism() })
    : Promise.resolve(trainWithLibrary(matrix, lost, libraryParams(params)));
}

/** Spend of the few largest buyers would rule every leaf they fall into: amounts count up to this quantile. */
const spendQuantile = 0.99;

/** Net spend in the horizon of those who bought, by a regression forest. */
export function fitSpendForest(settings: ModelSettings, matrix: FeatureMatrix, spend: Float64Array): Promise<Forest> {
  const sorted = Float64Array.from(spend).sort();
  const cap = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * spendQuantile))] ?? 0;
  const params = { ...forestParams(settings, matrix), trees: Math.ceil(settings.trees / 2) };
  return growForest(
    matrix,
    spend.map((amount) => Math.min(amount, cap)),
    params,
    { workers: availableParallelism() },
  );
}

export const inputOf = (from: LabelledRows, horizonDays: number, bgNbd: BgNbdFit): MethodInput =>
  methodInput(from.rows, horizonDays, bgNbd);
