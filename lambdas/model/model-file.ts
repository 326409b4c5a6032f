import { createHash } from 'node:crypto';
import type { RowOf } from '../lake/column.ts';
import type { calibrationCurves, modelMetrics } from '../lake/tables/model.ts';
import type { horizons } from '../lake/tables/retention.ts';
import { modelPrefix } from '../lake/zones.ts';
import type { Config } from '../platform/config/config.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { readJson, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { BgNbdFit } from './bgnbd.ts';
import type { DriftReference } from './drift.ts';
import { featureNames } from './feature-vector.ts';
import type { Forest } from './forest.ts';
import { formatVersion as forestFormat, forestFromArrow, forestToArrow } from './forest-arrow.ts';
import { toLibraryJson } from './library-forest.ts';
import type { FittedMethod } from './methods.ts';

export type ModelMetric = RowOf<typeof modelMetrics.columns>;
export type CalibrationRow = RowOf<typeof calibrationCurves.columns>;

/** Everything that scoring needs, and the record of how it came about. */
export interface ChurnModel {
  readonly method: FittedMethod;
  /** Expected net spend in the horizon of somebody who buys, in units of money. */
  readonly spend: Forest;
  readonly bgNbd: BgNbdFit;
  readonly card: ModelCard;
}

/** Changes with the shape of the card (raise the first number) or of the forest files: such models are trained anew. */
export const cardFormat = `4.${forestFormat}`;

/** How forests are grown. */
export type Training = Pick<Config['model'], 'trainer' | 'trees' | 'max_depth' | 'min_leaf_pct' | 'seed'>;

/** What a reader of the model must know: definitions, window, size and honest figures. */
export interface ModelCard {
  readonly formatVersion: string;
  readonly basis: FittedMethod['basis'];
  /** The method as it scores, under its name in `metrics`: with its calibrator, where one was kept. */
  readonly inForce: string;
  readonly verdict: 'promoted' | 'baseline';
  readonly reason: string;
  readonly label: string;
  readonly horizonDays: number;
  readonly trainedOn: string;
  readonly snapshotDates: readonly string[];
  readonly rows: number;
  readonly customers: number;
  readonly churnRatePct: number;
  readonly sampleRatePct: number;
  readonly training: Training;
  readonly features: readonly string[];
  readonly featureImportance: Readonly<Record<string, number>>;
  readonly referee: { readonly rows: number; readonly disagreements: number } | null;
  /** Walk-forward, and the comparison with the model that it replaced. */
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
  /** Which shifts of its level the tests let it make, at how many dates they were made, and what came of it there. */
  readonly believed: {
    readonly season: boolean;
    readonly process: boolean;
    readonly tests: { readonly season: number; readonly process: number };
    readonly strayed: { readonly season: number; readonly process: number };
  };
  /** The model in force before; null where there was none that could be compared. */
  readonly replaced: string | null;
  /** How the horizon came about. */
  readonly horizon: RowOf<typeof horizons.columns>;
  /** Share of refunds and cancellations without a date of their own: they count from the first export that showed them. */
  readonly undatedRefundsPct: number | null;
  /** What later nights are held against. */
  readonly reference: DriftReference;
}

/** This version can score with the model: its card has today's format and it was trained on today's features. */
export const isUsable = (card: ModelCard | null): card is ModelCard =>
  card?.formatVersion === cardFormat && card.features.join() === featureNames().join();

/** As one line: models whose lines differ were trained differently. */
export const trainingLine = ({ trainer, trees, max_depth, min_leaf_pct, seed }: Training): string =>
  `${trainer}, ${trees} trees, depth ${max_depth}, leaves of ${min_leaf_pct} %, seed ${seed}`;

/** A model that the lake names is not there or not readable. */
export class ModelMissing extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

type Without<M, K extends string> = M extends unknown ? Omit<M, K> : never;

/** A method without its forest, which is stored in files of its own. */
type StoredMethod = Without<FittedMethod, 'forest'>;

const forestOf = (method: FittedMethod): Forest | null => ('forest' in method ? method.forest : null);

function withoutForest(method: FittedMethod): StoredMethod {
  if (!('forest' in method)) return method;
  const { forest: _, ...rest } = method;
  return rest;
}

/**
 * Stores a model under the hash of its content: `model.json` (card, parameters), `forest.arrow` and `spend.arrow` (the
 * scorer's flat arrays) and `forest.json`, which `RandomForestClassifier.load` of ml-random-forest accepts.
 * @returns the model id
 */
export async function storeModel(store: ObjectStore, model: ChurnModel): Promise<string> {
  const document = { card: model.card, method: withoutForest(model.method), bgNbd: model.bgNbd };
  const forest = forestOf(model.method);
  const arrows: [string, Uint8Array][] = [['spend.arrow', forestToArrow(model.spend)]];
  if (forest) arrows.push(['forest.arrow', forestToArrow(forest)]);
  const hash = createHash('sha256').update(JSON.stringify(document));
  for (const [, bytes] of arrows) hash.update(bytes);
  const modelId = hash.digest('hex').slice(0, 16);
  for (const [name, bytes] of arrows) await store.write(modelPrefix(modelId) + name, bytes);
  if (forest) {
    const json = JSON.stringify(toLibraryJson(forest));
    await store.write(`${modelPrefix(modelId)}forest.json`, new TextEncoder().encode(json));
  }
  await writeJson(store, `${modelPrefix(modelId)}model.json`, document);
  return modelId;
}

type StoredDocument = Pick<ChurnModel, 'card' | 'bgNbd'> & { readonly method: StoredMethod };

async function readForest(store: ObjectStore, key: string): Promise<Forest> {
  const found = await store.read(key);
  if (!found)
    throw new ModelMissing(`the model file ${key} is missing`, 'Train again: run the night with a later date.');
  return forestFromArrow(found.body);
}

const documentKey = (modelId: string): string => `${modelPrefix(modelId)}model.json`;

/** The card alone, or null where the model is not there. */
export const loadCard = async (store: ObjectStore, modelId: string): Promise<ModelCard | null> =>
  (await readJson<StoredDocument>(store, documentKey(modelId)))?.card ?? null;

/**
 * @throws ModelMissing when it is not there
 */
export async function loadModel(store: ObjectStore, modelId: string): Promise<ChurnModel> {
  const key = documentKey(modelId);
  const document = await readJson<StoredDocument>(store, key);
  if (!document) throw new ModelMissing(`the model ${key} is missing`, 'Train again: run the night with a later date.');
  const { card, bgNbd, method } = document;
  const spend = await readForest(store, `${modelPrefix(modelId)}spend.arrow`);
  if (method.basis !== 'forest' && method.basis !== 'blend')
    return { card, bgNbd, spend, method: method as FittedMethod };
  const forest = await readForest(store, `${modelPrefix(modelId)}forest.arrow`);
  return { card, bgNbd, spend, method: { ...method, forest } as FittedMethod };
}
