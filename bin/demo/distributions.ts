import { integerBelow, type Random, uniform } from '../../lambdas/model/random.ts';

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return uniform(random) < probability;
}

/** A whole number from `least` to `most`, both included, each equally likely. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + integerBelow(random, most - least + 1);
}

/** One of the values, each equally likely. `values` must not be empty. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[integerBelow(random, values.length)]!;
}

/** One of the values with probability proportional to its weight. At least one weight must be positive. */
export function pickWeighted<T>(random: Random, values: readonly T[], weightOf: (value: T) => number): T {
  let total = 0;
  for (const value of values) total += weightOf(value);
  let rest = uniform(random) * total;
  for (const value of values) {
    rest -= weightOf(value);
    if (rest < 0) return value;
  }
  return values.at(-1)!;
}

/** Exponential waiting time with the given rate; infinite for rate 0 and 0 for an infinite rate. */
export function exponential(random: Random, rate: number): number {
  return rate === 0 ? Number.POSITIVE_INFINITY : -Math.log(1 - uniform(random)) / rate;
}

/** Standard normal by the polar method (Marsaglia and Bray 1964). */
export function normal(random: Random): number {
  for (;;) {
    const u = 2 * uniform(random) - 1;
    const v = 2 * uniform(random) - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Gamma with the given shape and scale 1, so mean and variance equal the shape (Marsaglia and Tsang 2000). */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - uniform(random)) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Poisson count with the given mean, by counting exponential waiting times; takes time in proportion to the mean. */
export function poisson(random: Random, mean: number): number {
  let count = -1;
  for (let waited = 0; waited <= mean; waited += exponential(random, 1)) count += 1;
  return count;
}
