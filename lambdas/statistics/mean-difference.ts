/** Amounts of one arm. Most customers spend nothing, so only what is not 0 is kept one by one. */
export interface Amounts {
  /** Customers of the arm. */
  readonly size: number;
  /** Amounts other than 0, one per customer who has one; the same order gives the same interval. */
  readonly values: Float64Array;
}

/** Amounts per customer of one comparison. */
export interface AmountTable {
  readonly treated: Amounts;
  readonly controls: Amounts;
}

/** Difference of mean amounts per customer, treatment − control. Its ends are null where an arm has too few spenders. */
export interface MeanDifference {
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Bootstrap {
  /** Uniform numbers in [0, 1): the same sequence gives the same interval. */
  readonly uniform: () => number;
  readonly replicates: number;
}

/** Spenders of an arm below which there is no interval: a handful says nothing of how much people spend. */
const fewestSpenders = 10;

/** Spenders of an arm at which its own amounts weigh as much as those of both arms together. */
const ownAmountsFrom = 300;

interface Sums {
  readonly spenders: number;
  readonly sum: number;
  readonly squares: number;
}

function sumsOf(values: Float64Array): Sums {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { spenders: values.length, sum, squares };
}

const together = (a: Sums, b: Sums): Sums => ({
  spenders: a.spenders + b.spenders,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});

const shareOfOwn = ({ spenders }: Sums): number => spenders / (spenders + ownAmountsFrom);

/** Mean per customer, and its variance, of an arm whose amounts come partly from its own spenders, partly from all. */
function model(own: Sums, all: Sums, size: number): { readonly mean: number; readonly variance: number } {
  if (own.spenders === 0) return { mean: 0, variance: 0 };
  const share = shareOfOwn(own);
  const blend = (ofOwn: number, ofAll: number) => (share * ofOwn) / own.spenders + ((1 - share) * ofAll) / all.spenders;
  const rate = own.spenders / size;
  const mean = rate * blend(own.sum, all.sum);
  return { mean, variance: Math.max(0, rate * blend(own.squares, all.squares) - mean * mean) / size };
}

/** Spenders among `size` customers of whom each is one by chance `rate`, by the gaps between them (Devroye 1986, ch. X.4). */
function drawnSpenders(size: number, rate: number, uniform: () => number): number {
  if (rate >= 1) return size;
  const perGap = 1 / Math.log1p(-rate);
  let spenders = -1;
  for (let at = 0; at <= size; at += Math.floor(Math.log1p(-uniform()) * perGap) + 1) spenders++;
  return spenders;
}

/** One stratum made ready for being drawn from. */
function urn({ treated, controls }: AmountTable) {
  const everybody = new Float64Array(treated.values.length + controls.values.length);
  everybody.set(treated.values);
  everybody.set(controls.values, treated.values.length);
  const all = sumsOf(everybody);
  const arm = ({ size, values }: Amounts) => {
    const own = sumsOf(values);
    return { size, values, own, share: shareOfOwn(own), ...model(own, all, size) };
  };
  const arms = { treated: arm(treated), controls: arm(controls) };
  const draw = ({ size, values, share }: typeof arms.treated, uniform: () => number): Sums => {
    const spenders = values.length === 0 ? 0 : drawnSpenders(size, values.length / size, uniform);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < spenders; i++) {
      const from = uniform() < share ? values : everybody;
      const value = from[Math.floor(uniform() * from.length)]!;
      sum += value;
      squares += value * value;
    }
    return { spenders, sum, squares };
  };
  /** How far a drawn difference of means is from the one drawn around, and the variance that it would be given. */
  const replicate = (uniform: () => number) => {
    const a = draw(arms.treated, uniform);
    const b = draw(arms.controls, uniform);
    const drawn = together(a, b);
    const off = a.sum / treated.size - arms.treated.mean - (b.sum / controls.size - arms.controls.mean);
    return { off, variance: model(a, drawn, treated.size).variance + model(b, drawn, controls.size).variance };
  };
  return {
    // the weight that the Mantel–Haenszel difference of rates gives a stratum
    weight: (treated.size * controls.size) / (treated.size + controls.size),
    difference: arms.treated.own.sum / treated.size - arms.controls.own.sum / controls.size,
    variance: arms.treated.variance + arms.controls.variance,
    replicate,
  };
}

/**
 * Difference of mean amounts per customer between treatment and control, over strata weighted as by Mantel and
 * Haenszel, with a 95 % interval by the studentised bootstrap (Efron and Tibshirani 1993, ch. 12.5): drawn anew are who
 * spends, within each arm, and how much, partly from the arm's own spenders and partly from those of both arms.
 *
 * A small control group has a dozen spenders and few of the large baskets that decide what a mean is worth; its own
 * amounts alone make intervals far too short. That amounts scatter alike in both arms is what the larger arm lends it;
 * the more spenders it has, the more its own amounts count.
 *
 * @returns null where no stratum has somebody in both arms
 */
export function meanDifference(
  tables: readonly AmountTable[],
  { uniform, replicates }: Bootstrap,
): MeanDifference | null {
  const strata = tables.filter(({ treated, controls }) => treated.size > 0 && controls.size > 0);
  if (strata.length === 0) return null;
  const urns = strata.map(urn);
  const weights = urns.reduce((sum, { weight }) => sum + weight, 0);
  const difference = urns.reduce((sum, each) => sum + each.weight * each.difference, 0) / weights;
  const spenders = (arm: keyof AmountTable) => strata.reduce((sum, each) => sum + each[arm].values.length, 0);
  if (Math.min(spenders('treated'), spenders('controls')) < fewestSpenders)
    return { difference, low: null, high: null };
  const distances = Float64Array.from({ length: replicates }, () => {
    let off = 0;
    let variance = 0;
    for (const { weight, replicate } of urns) {
      const drawn = replicate(uniform);
      off += weight * drawn.off;
      variance += weight * weight * drawn.variance;
    }
    return variance === 0 ? 0 : off / Math.sqrt(variance);
  }).sort();
  const error = Math.sqrt(urns.reduce((sum, { weight, variance }) => sum + weight * weight * variance, 0)) / weights;
  const tail = Math.max(0, Math.round(0.025 * (replicates + 1)) - 1);
  return {
    difference,
    low: difference - distances[replicates - 1 - tail]! * error,
    high: difference - distances[tail]! * error,
  };
}
