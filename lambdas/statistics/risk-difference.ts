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

/** The score interval of one rate (Wilson 1927). */
export function wilson(events: number, size: number): readonly [low: number, high: number] {
  const z2 = z975 ** 2;
  const middle = 2 * events + z2;
  const reach = z975 * Math.sqrt(z2 + (4 * events * (size - events)) / size);
  return [Math.max(0, (middle - reach) / (2 * (size + z2))), Math.min(1, (middle + reach) / (2 * (size + z2)))];
}

/**
 * Difference of two independent rates with the hybrid score interval: method 10 of Newcombe (1998, "Interval estimation
 * for the difference between independent proportions", Statistics in Medicine 17, 873–890), without continuity
 * correction. Both arms must have somebody.
 */
function newcombe({ treated, treatedEvents, controls, controlEvents }: RateTable): RiskDifference {
  const rate = treatedEvents / treated;
  const baseline = controlEvents / controls;
  const [treatedLow, treatedHigh] = wilson(treatedEvents, treated);
  const [controlLow, controlHigh] = wilson(controlEvents, controls);
  const difference = rate - baseline;
  return {
    difference,
    low: difference - Math.hypot(rate - treatedLow, controlHigh - baseline),
    high: difference + Math.hypot(treatedHigh - rate, baseline - controlLow),
    baseline,
  };
}

/**
 * Mantel–Haenszel difference over strata, with the interval of Klingenberg (2014, "A new and improved confidence
 * interval for the Mantel–Haenszel risk difference", Statistics in Medicine 33, 2968–2983): the differences that the
 * test with the variance of Sato (1989), taken at the difference tested, does not refuse. It holds for few large strata
 * and for many small ones, and where the rates of the strata differ.
 */
function mantelHaenszel(strata: readonly RateTable[]): RiskDifference {
  let weights = 0;
  let differences = 0;
  let baselines = 0;
  let p = 0;
  let q = 0;
  for (const { treated: n1, treatedEvents: x1, controls: n0, controlEvents: x0 } of strata) {
    const n = n1 + n0;
    weights += (n1 * n0) / n;
    differences += (x1 * n0 - x0 * n1) / n;
    baselines += (x0 * n1) / n;
    p += (n1 ** 2 * x0 - n0 ** 2 * x1 + (n1 * n0 * (n0 - n1)) / 2) / n ** 2;
    q += (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n);
  }
  const difference = differences / weights;
  const scale = (z975 / weights) ** 2;
  const middle = difference + (scale * p) / 2;
  const reach = Math.sqrt(Math.max(0, middle ** 2 - difference ** 2 + scale * q));
  return {
    difference,
    low: Math.max(-1, middle - reach),
    high: Math.min(1, middle + reach),
    baseline: baselines / weights,
  };
}

/** Strata in which both arms have somebody: the others compare nothing. */
export const comparable = <T extends { readonly treated: number; readonly controls: number }>(
  strata: readonly T[],
): T[] => strata.filter(({ treated, controls }) => treated > 0 && controls > 0);

/**
 * Difference of rates between treatment and control with its 95 % interval: Newcombe's for one stratum, that of
 * Klingenberg for the Mantel–Haenszel difference of several, in each of which people count once.
 * @returns null where no stratum has somebody in both arms
 */
export function riskDifference(strata: readonly RateTable[]): RiskDifference | null {
  const compared = comparable(strata);
  const [only] = compared;
  if (!only) return null;
  return compared.length === 1 ? newcombe(only) : mantelHaenszel(compared);
}
