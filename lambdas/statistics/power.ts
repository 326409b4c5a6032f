import { z80, z975 } from './normal.ts';

/** Customers of a comparison by arm. */
export interface GroupSizes {
  readonly treated: number;
  readonly controls: number;
}

/**
 * By how much the two-sided 5 % test of `baseline + lift` against `baseline` exceeds what it takes for a power of 80 %,
 * as a difference of rates; below 0 the groups are too small. It is the classical formula for groups of unequal size,
 * without continuity correction (Fleiss, Levin and Paik 2003, "Statistical Methods for Rates and Proportions", ch. 4).
 */
function surplus(lift: number, baseline: number, { treated, controls }: GroupSizes): number {
  const rate = baseline + lift;
  const common = (treated * rate + controls * baseline) / (treated + controls);
  const ofNoEffect = Math.sqrt(common * (1 - common) * (1 / treated + 1 / controls));
  const ofEffect = Math.sqrt((rate * (1 - rate)) / treated + (baseline * (1 - baseline)) / controls);
  return lift - z975 * ofNoEffect - z80 * ofEffect;
}

const halvings = 60;

/**
 * The smallest absolute lift that a comparison of these sizes shows four times in five (power 80 %, two-sided 5 %).
 * Known before a campaign begins, it says whether its result will mean anything.
 * @param baseline rate without the campaign, from 0 to 1
 * @returns a share from 0 to 1, 0.02 being two points; null where an arm is empty or not even a rate of 1 would show
 */
export function smallestLift(sizes: GroupSizes, baseline: number): number | null {
  if (sizes.treated <= 0 || sizes.controls <= 0 || !(baseline >= 0 && baseline < 1)) return null;
  let tooSmall = 0;
  let enough = 1 - baseline;
  if (surplus(enough, baseline, sizes) < 0) return null;
  for (let i = 0; i < halvings; i++) {
    const lift = (tooSmall + enough) / 2;
    if (surplus(lift, baseline, sizes) < 0) tooSmall = lift;
    else enough = lift;
  }
  return enough;
}

/**
 * Customers, both arms together, that it takes to show an absolute lift four times in five (power 80 %, two-sided 5 %):
 * the inverse of `smallestLift`. The control group is rounded up to a whole customer first, then the other in proportion.
 * @param lift share from 0 to 1, 0.02 being two points
 * @param baseline rate without the campaign, from 0 to 1
 * @param controlShare share of customers in control, between 0 and 1
 * @returns null where no number of customers would do: no lift, no control group, or a rate above 1
 */
export function customersNeeded(lift: number, baseline: number, controlShare: number): number | null {
  if (!(lift > 0 && baseline >= 0 && baseline + lift <= 1 && controlShare > 0 && controlShare < 1)) return null;
  const ratio = (1 - controlShare) / controlShare;
  const missing = lift - surplus(lift, baseline, { treated: ratio, controls: 1 });
  const controls = Math.ceil((missing / lift) ** 2);
  return controls + Math.ceil(controls * ratio - 1e-6);
}
