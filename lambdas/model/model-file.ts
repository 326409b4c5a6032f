import { createHash } from 'node:crypto';
import type { RowOf } from '../lake/column.ts';
import type { modelMetrics } from '../lake/tables/model.ts';
import { modelPrefix } from '../lake/zones.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { readJson, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { BgNbdFit } from './bgnbd.ts';
import type { Forest } from './forest.ts';
import { forestFromArrow, forestToArrow } from './forest-arrow.ts';
import { toLibraryJson } from './library-forest.ts';
import type { FittedMethod } from './methods.ts';

export type ModelMetric = RowOf<typeof modelMetrics.columns>;

/** Everything that scoring needs, and the record of how it came about. */
export interface ChurnModel {
  readonly method: FittedMethod;
  /** Expected net spend in the horizon of somebody who buys, in units of money. */
  readonly spend: Forest;
  readonly bgNbd: BgNbdFit;
  readonly card: ModelCard;
}

/** What a reader of the model must know: definitions, window, size and honest figures. */
export interface ModelCard {
  readonly formatVersion: 1;
  readonly basis: FittedMethod['basis'];
  readonly verdict: 'promoted' | 'baseline';
  readonly reason: string;
  readonly label: string;
  readonly horizonDays: number;
  readonly trainedOn: string;
  readonly snapshotDates: readonly string[];
  readonly trainer: 'winback' | 'ml-random-forest';
  readonly rows: number;
  readonly customers: number;
  readonly churnRatePct: number;
  readonly sampleRatePct: number;
  readonly seed: number;
  readonly features: readonly string[];
  readonly featureImportance: Readonly<Record<string, number>>;
  readonly referee: { readonly rows: number; readonly disagreements: number } | null;
  readonly metrics: readonly ModelMetric[];
}

/** A model that the lake names is not there or not readable. */
export class ModelMissing extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

const withoutForest = (method: FittedMethod) =>
  method.basis === 'forest' ? { basis: method.basis, calibrator: method.calibrator } : method;

/**
 * Stores a model under the hash of its content: `model.json` (card, parameters), `forest.arrow` and `spend.arrow` (the
 * scorer's flat arrays) and `forest.json`, which `RandomForestClassifier.load` of ml-random-forest accepts.
 * @returns the model id
 */
export async function storeModel(store: ObjectStore, model: ChurnModel): Promise<string> {
  const document = { card: model.card, method: withoutForest(model.method), bgNbd: model.bgNbd };
  const arrows: [string, Uint8Array][] = [['spend.arrow', forestToArrow(model.spend)]];
  if (model.method.basis === 'forest') arrows.push(['forest.arrow', forestToArrow(model.method.forest)]);
  const hash = createHash('sha256').update(JSON.stringify(document));
  for (const [, bytes] of arrows) hash.update(bytes);
  const modelId = hash.digest('hex').slice(0, 16);
  for (const [name, bytes] of arrows) await store.write(modelPrefix(modelId) + name, bytes);
  if (model.method.basis === 'forest') {
    const json = JSON.stringify(toLibraryJson(model.method.forest));
    await store.write(`${modelPrefix(modelId)}forest.json`, new TextEncoder().encode(json));
  }
  await writeJson(store, `${modelPrefix(modelId)}model.json`, document);
  return modelId;
}

type StoredDocument = Pick<ChurnModel, 'card' | 'bgNbd'> & {
  readonly method:
    | Exclude<FittedMethod, { basis: 'forest' }>
    | Omit<Extract<FittedMethod, { basis: 'forest' }>, 'forest'>;
};

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
  if (method.basis !== 'forest') return { card, bgNbd, spend, method };
  const forest = await readForest(store, `${modelPrefix(modelId)}forest.arrow`);
  return { card, bgNbd, spend, method: { ...method, forest } };
}
