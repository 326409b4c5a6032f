import { describe, expect, test } from 'vitest';
import { type BootstrapOptions, bootstrapDifference, bootstrapMeanDifference } from '../../lambdas/model/bootstrap.ts';
import { logLoss, rocAuc } from '../../lambdas/model/evaluation.ts';
import { sigmoid } from '../../lambdas/model/logistic.ts';
import { type Random, randomFor, uniform } from '../../lambdas/model/random.ts';

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

/** Scores N(shift, 1) for positives and N(0, 1) for negatives: the true AUC is Φ(shift / √2). */
function binormal(random: Random, rows: number, shift: number) {
  const labels = Array.from({ length: rows }, () => (uniform(random) < 0.4 ? 1 : 0));
  return { labels, scores: labels.map((label) => normal(random) + shift * label) };
}

/** Against a score that tells nothing, whose AUC is 0.5 and whose losses are the same for every row. */
const againstNothing = (
  scores: readonly number[],
  labels: readonly number[],
  metric: 'rocAuc' | 'brier',
  options: BootstrapOptions,
) => {
  const nothing = scores.map(() => 0.5);
  return bootstrapDifference(scores, nothing, labels, metric, options);
};

test('the estimate is the difference itself', () => {
  const { scores, labels } = binormal(randomFor(1), 300, 1);
  const probabilities = scores.map((s) => sigmoid(s));
  const other = scores.map((s) => sigmoid(-s));
  expect(againstNothing(scores, labels, 'rocAuc', { seed: 1, replicates: 50 })!.estimate).toBe(
    rocAuc(scores, labels)! - 0.5,
  );
  expect(
    bootstrapDifference(probabilities, other, labels, 'logLoss', { seed: 1, replicates: 50 })!.estimate,
  ).toBeCloseTo(logLoss(probabilities, labels)! - logLoss(other, labels)!, 12);
});

test('95 % intervals cover the true AUC about 95 times in 100', () => {
  const trueAuc = 0.7602499389; // Φ(1 / √2)
  const random = randomFor(2);
  const repetitions = 400;
  let covered = 0;
  for (let k = 0; k < repetitions; k++) {
    const { scores, labels } = binormal(random, 250, 1);
    const { low, high } = againstNothing(scores, labels, 'rocAuc', { seed: k, replicates: 250 })!;
    if (low <= trueAuc - 0.5 && trueAuc - 0.5 <= high) covered++;
  }
  expect(covered / repetitions).toBeGreaterThan(0.91);
  expect(covered / repetitions).toBeLessThan(0.985);
});

describe('paired differences', () => {
  const random = randomFor(3);
  const { labels, scores } = binormal(random, 2000, 1);
  const noisier = scores.map((s) => s + 1.5 * normal(random));
  const barelyNoisier = scores.map((s) => s + 0.02 * normal(random));

  test('a real advantage is seen, an equal score is none', () => {
    const better = bootstrapDifference(scores, noisier, labels, 'rocAuc', { seed: 5 })!;
    expect(better.low).toBeGreaterThan(0);
    expect(better.shareAboveZero).toBe(1);
    const equal = bootstrapDifference(scores, scores, labels, 'rocAuc', { seed: 5 })!;
    expect(equal).toMatchObject({ estimate: 0, low: 0, high: 0, standardError: 0, shareAboveZero: 0.5 });
  });

  test('is far sharper than the two intervals apart, because what is common cancels', () => {
    const alone = againstNothing(scores, labels, 'rocAuc', { seed: 6 })!;
    const paired = bootstrapDifference(scores, barelyNoisier, labels, 'rocAuc', { seed: 6 })!;
    expect(paired.standardError).toBeLessThan(alone.standardError / 10);
  });

  test('swapping the two mirrors the interval', () => {
    const ab = bootstrapDifference(scores, noisier, labels, 'prAuc', { seed: 7, replicates: 200 })!;
    const ba = bootstrapDifference(noisier, scores, labels, 'prAuc', { seed: 7, replicates: 200 })!;
    expect(ba.low).toBeCloseTo(-ab.high, 12);
    expect(ba.high).toBeCloseTo(-ab.low, 12);
  });

  test('a seed gives one answer, another seed another one', () => {
    const once = bootstrapDifference(scores, noisier, labels, 'rocAuc', { seed: 8, replicates: 100 });
    expect(bootstrapDifference(scores, noisier, labels, 'rocAuc', { seed: 8, replicates: 100 })).toEqual(once);
    expect(bootstrapDifference(scores, noisier, labels, 'rocAuc', { seed: 9, replicates: 100 })).not.toEqual(once);
  });
});

test('rows of one customer are drawn together: copies of rows add no certainty', () => {
  const { scores, labels } = binormal(randomFor(10), 600, 1);
  const probabilities = scores.map((s) => sigmoid(s - 0.5));
  const four = <T>(values: readonly T[]) => values.flatMap((v) => [v, v, v, v]);
  const customer = four(scores.map((_, i) => 1000 + i));
  for (const metric of ['rocAuc', 'brier'] as const) {
    const plain = againstNothing(probabilities, labels, metric, { seed: 11 })!;
    const copies = { a: four(probabilities), b: four(probabilities).map(() => 0.5), labels: four(labels) };
    const grouped = bootstrapMeanDifference([{ ...copies, groups: customer }], metric, { seed: 11 })!;
    const naive = againstNothing(four(probabilities), four(labels), metric, { seed: 11 })!;
    expect(grouped.standardError).toBeCloseTo(plain.standardError, 10);
    expect(naive.standardError / plain.standardError).toBeCloseTo(0.5, 1);
  }
});

describe('a mean over dates', () => {
  const first = binormal(randomFor(20), 500, 1);
  const second = binormal(randomFor(21), 500, 1);
  const noise = (from: typeof first, seed: number) => {
    const random = randomFor(seed);
    return from.scores.map((score) => score + normal(random));
  };
  const groups = first.scores.map((_, i) => i);
  const pair = (from: typeof first, seed: number, offset = 0) => ({
    a: from.scores.map((score) => score + offset),
    b: noise(from, seed),
    labels: from.labels,
    groups,
  });
  const options = { seed: 12, replicates: 200 };

  test('is the mean of the differences', () => {
    const each = [pair(first, 1), pair(second, 2)].map((one) => bootstrapMeanDifference([one], 'rocAuc', options)!);
    const both = bootstrapMeanDifference([pair(first, 1), pair(second, 2)], 'rocAuc', options)!;
    expect(both.estimate).toBeCloseTo((each[0]!.estimate + each[1]!.estimate) / 2, 12);
    expect(both.standardError).toBeLessThan(each[0]!.standardError);
  });

  test('ranks no date against another: what lifts all scores of one date changes nothing', () => {
    const level = bootstrapMeanDifference([pair(first, 1), pair(second, 2)], 'rocAuc', options);
    expect(bootstrapMeanDifference([pair(first, 1, 5), pair(second, 2)], 'rocAuc', options)).toEqual(level);
  });

  test('draws a customer equally often on every date: the same date twice is no more evidence', () => {
    const once = bootstrapMeanDifference([pair(first, 1)], 'rocAuc', options)!;
    const twice = bootstrapMeanDifference([pair(first, 1), pair(first, 1)], 'rocAuc', options)!;
    expect(twice.standardError).toBeCloseTo(once.standardError, 10);
  });
});

test('without both classes there is no interval', () => {
  expect(againstNothing([0.1, 0.2], [1, 1], 'rocAuc', { seed: 1 })).toBeNull();
  expect(bootstrapDifference([], [], [], 'logLoss', { seed: 1 })).toBeNull();
});

test('replicates that lost a class are left out and counted', () => {
  const interval = againstNothing([0.9, 0.1, 0.2], [1, 0, 0], 'rocAuc', { seed: 1, replicates: 400 })!;
  expect(interval.replicates).toBeLessThan(400);
  expect(interval.replicates).toBeGreaterThan(200);
  expect(interval.estimate).toBe(0.5);
});
