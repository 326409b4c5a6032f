import type { FeatureMatrix } from '../../lambdas/model/matrix.ts';
import { integerBelow, type Random, randomFor, uniform } from '../../lambdas/model/random.ts';

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

/** Rows of imagined customers with 16 features of the usual kinds, and whether each is lost (1) or not. */
export function syntheticChurn(rows: number, seed: number): { matrix: FeatureMatrix; labels: Uint8Array } {
  const random = randomFor(seed, 77);
  const names = [
    'recency',
    'frequency',
    'spend',
    'tenure',
    'gap',
    'gap_ratio',
    'last_30',
    'last_90',
    'refunds',
    'basket',
  ];
  names.push('categories', 'discounts', 'channel', 'weekday', 'noise_1', 'noise_2');
  const columns = names.map(() => new Float64Array(rows));
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const tenure = Math.floor(1 + 720 * uniform(random));
    const rate = Math.exp(-3.6 + 0.9 * normal(random));
    const lostAt = -Math.log(1 - uniform(random)) * 400;
    const active = Math.min(tenure, lostAt);
    const frequency = 1 + Math.floor(rate * active * (0.5 + uniform(random)));
    const recency = Math.floor(Math.min(tenure, tenure - active + -Math.log(1 - uniform(random)) / rate));
    const gap = frequency > 1 ? (tenure - recency) / (frequency - 1) : 0;
    const basket = Math.exp(3 + 0.7 * normal(random));
    const values = [recency, frequency, frequency * basket, tenure, gap, recency / (gap + 7)];
    values.push(recency < 30 ? 1 + integerBelow(random, 3) : 0, recency < 90 ? 1 + integerBelow(random, 6) : 0);
    values.push(uniform(random) < 0.1 ? 1 : 0, basket, 1 + integerBelow(random, 1 + Math.min(frequency, 8)));
    values.push(uniform(random), integerBelow(random, 4), integerBelow(random, 7), normal(random), uniform(random));
    for (const [f, value] of values.entries()) columns[f]![row] = value;
    const risk =
      0.9 * Math.log((recency + 5) / (gap + 20)) - 0.5 * Math.log(frequency) + (values[8]! > 0 ? 0.5 : 0) - 0.3;
    labels[row] = uniform(random) < 1 / (1 + Math.exp(-risk)) ? 1 : 0;
  }
  return { matrix: { names, rows, columns }, labels };
}
