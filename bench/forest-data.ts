import type { FeatureMatrix } from '../lambdas/model/matrix.ts';
import { integerBelow, type Random, randomFor, uniform } from '../lambdas/model/random.ts';
import { syntheticChurn } from '../test/model/synthetic-churn.ts';

/** A matrix and what became of each row: 1 lost, 0 not. */
export interface Labelled {
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));

const kept = 5;
const flippedShare = 0.15;

/** What tells nothing about loss: numbers of many kinds, from two values to as many as rows. */
const irrelevant: Record<string, (random: Random) => number> = {
  shoe_size: (random) => 36 + integerBelow(random, 11),
  house_number: (random) => 1 + integerBelow(random, 400),
  is_left_handed: (random) => (uniform(random) < 0.1 ? 1 : 0),
  height: (random) => 170 + 9 * normal(random),
  weight: (random) => 70 * Math.exp(0.2 * normal(random)),
  zodiac: (random) => integerBelow(random, 12),
  lottery: (random) => uniform(random),
  distance: (random) => Math.exp(2 + 1.5 * normal(random)),
  waiting: (random) => -Math.log(1 - uniform(random)),
  coins: (random) => [0, 0, 0].reduce((sum) => sum + integerBelow(random, 2), 0),
  shade: (random) => integerBelow(random, 256),
};

/** The first 5 features of `syntheticChurn` among 11 that tell nothing; 15 % of the labels are flipped. */
export function noisyChurn(rows: number, seed: number): Labelled {
  const { matrix, labels } = syntheticChurn(rows, seed);
  const random = randomFor(seed, 78);
  const names = [...matrix.names.slice(0, kept), ...Object.keys(irrelevant)];
  const columns = [...matrix.columns.slice(0, kept)];
  for (const draw of Object.values(irrelevant)) columns.push(Float64Array.from({ length: rows }, () => draw(random)));
  const flipped = labels.map((label) => (uniform(random) < flippedShare ? 1 - label : label));
  return { matrix: { names, rows, columns }, labels: flipped };
}
