import { type Random, uniform } from '../../lambdas/model/random.ts';
import { acquisitionGrowthPerYear, seasonality } from './shop.ts';

/**
 * A sampler of days between `firstDay` and `lastDay`, both included: later days are likelier by the shop's growth, busy
 * days by their season. What it returns has a fraction, the part of the day that has passed.
 */
export function growingDays(firstDay: number, lastDay: number): (random: Random) => number {
  const cumulative = new Float64Array(lastDay - firstDay + 1);
  let total = 0;
  for (let i = 0; i < cumulative.length; i++) {
    total += acquisitionGrowthPerYear ** (i / 365) * seasonality(firstDay + i);
    cumulative[i] = total;
  }
  return (random) => firstDay + firstAbove(cumulative, uniform(random) * total) + uniform(random);
}

/** Index of the first element above `value`; the array is ascending and its last element is above. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
