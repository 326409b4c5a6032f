import { fitPurchaseProcess, lossProbabilities } from '../model/methods.ts';
import type { Config } from '../platform/config/config.ts';
import { fitChurnForest, inputOf } from './fit-forest.ts';
import { at, type LabelledRows, until } from './snapshots.ts';
import type { Fold } from './walk-forward.ts';

/** The forest of the trainer that does not score, beside the one that does. */
export type OtherForest = 'forest_ml_random_forest' | 'forest_winback';

/**
 * The fold with what the other trainer's forest foretells, fitted on the same rows: that of ml-random-forest where winback
 * trains, and the other way round. The library's time is bounded by its bags, which stay at a thousand draws.
 */
export async function withOtherTrainer(
  fold: Fold,
  rows: LabelledRows,
  horizonDays: number,
  settings: Config['model'],
): Promise<Fold> {
  const isOurs = settings.trainer === 'winback';
  const known = until(rows, fold.testOn - horizonDays);
  const bgNbd = fitPurchaseProcess(at(known, fold.trainedUntil).rows);
  const other = { ...settings, trainer: isOurs ? 'ml-random-forest' : 'winback' } as const;
  const forest = await fitChurnForest(other, inputOf(known, horizonDays, bgNbd).vector, known.lost);
  const test = inputOf(at(rows, fold.testOn), horizonDays, bgNbd);
  const scores = lossProbabilities({ basis: 'forest', forest }, test);
  const name: OtherForest = isOurs ? 'forest_ml_random_forest' : 'forest_winback';
  return { ...fold, foretold: new Map([...fold.foretold, [name, scores]]) };
}
