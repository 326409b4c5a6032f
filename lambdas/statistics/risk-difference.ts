import { z975 } from './normal.ts';

/** Counts of one comparison: how many of each arm, and to how many of them it happened. */
export interface RateTable {
  readonly treated: number;
  readonly treatedEvents: number;
  readonly controls: number;
  readonly controlEvents: number;
}

/** Difference of two rates, treatment − control, with its 95 % interval. All are shares: 0.02 is two points. */
export interface RiskDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Rate of control that the difference is measured from. */
  readonly baseline: number;
}

/** The 95 % score interval (Wilson 1927) of a rate: `events` among `size`, neither of which need be whole. */
export function wilson(events: number, size: number): readonly [low: number, high: number] {
  const z2 = z975 ** 2;
  const middle = 2 * events + z2;
  const reach = z975 * Math.sqrt(z2 + (4 * events * (size - events)) / size);
  return [Math.max(0, (middle - reach) / (2 * (size + z2))), Math.min(1, (middle + reach) / (2 * (size + z2)))];
}

/** Rates that differ between strata tell more than one rate would; of few people that is taken on trust up to here. */
const mostGain = 1.5;

/**
 * Weighted rate of one arm over strata, with the score interval of a plain sample that would be as sure of it (its
 * effective size, as Korn and Graubard 1998 have it for surveys). Of one stratum it is the plain score interval.
 */
function weightedRate(strata: readonly { readonly weight: number; readonly events: number; readonly size: number }[]) {
  let rate = 0;
  let variance = 0;
  let ofOneRate = 0;
  for (const { weight, events, size } of strata) {
    const share = events / size;
    rate += weight * share;
    variance += (weight ** 2 * share * (1 - share)) / size;
    ofOneRate += weight ** 2 / size;
  }
  const plain = 1 / ofOneRate;
  const size = variance > 0 ? Math.min((rate * (1 - rate)) / variance, mostGain * plain) : plain;
  const [low, high] = wilson(rate * size, size);
  return { rate, low, high };
}

/** Strata in which both arms have somebody: the others compare nothing. */
export const comparable = <T extends { readonly treated: number; readonly controls: number }>(
  strata: readonly T[],
): T[] => strata.filter(({ treated, controls }) => treated > 0 && controls > 0);

/**
 * Difference of rates between treatment and control with its 95 % interval. Of one stratum it is the hybrid score
 * interval, method 10 of Newcombe (1998, "Interval estimation for the difference between independent proportions",
 * Statistics in Medicine 17, 873–890), without continuity correction. Of several, in each of which people count once, it
 * is the Mantel–Haenszel difference, its interval put together in the same way from the score intervals of the weighted
 * rates (stratified Newcombe: Yan and Su 2010, Statistics in Biopharmaceutical Research 2, 329–335). It holds for strata
 * of a few people and rates near 0 too, where intervals by the variance of the difference fail.
 * @returns null where no stratum has somebody in both arms
 */
export function riskDifference(strata: readonly RateTable[]): RiskDifference | null {
  const compared = comparable(strata);
  if (compared.length === 0) return null;
  const weightOf = ({ treated, controls }: RateTable): number => (treated * controls) / (treated + controls);
  const weights = compared.reduce((sum, table) => sum + weightOf(table), 0);
  const share = (table: RateTable): number => weightOf(table) / weights;
  const treated = weightedRate(
    compared.map((table) => ({ weight: share(table), events: table.treatedEvents, size: table.treated })),
  );
  const controls = weightedRate(
    compared.map((table) => ({ weight: share(table), events: table.controlEvents, size: table.controls })),
  );
  const difference = treated.rate - controls.rate;
  return {
    difference,
    low: difference - Math.hypot(treated.rate - treated.low, controls.high - controls.rate),
    high: difference + Math.hypot(treated.high - treated.rate, controls.rate - controls.low),
    baseline: controls.rate,
  };
}
