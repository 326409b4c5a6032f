import { randomFor, uniform } from '../model/random.ts';
import { type MeanDifference, meanDifference } from '../statistics/mean-difference.ts';
import { customersNeeded, type GroupSizes, smallestLift } from '../statistics/power.ts';
import { comparable, type RiskDifference, riskDifference } from '../statistics/risk-difference.ts';
import { fairDrawFrom, sampleRatio } from '../statistics/sample-ratio.ts';
import type { CampaignVerdict } from '../wording/campaign-results.ts';
import type { Outcome } from './outcomes.ts';

export interface JudgeSettings {
  /** Lift of a contact that the shop counts on, as a share: what is too small to show it cannot tell. */
  readonly expectedLift: number;
  /** Draws of the bootstrap; 999 unless told. */
  readonly replicates?: number;
}

/** What the outcomes of a campaign, or of all, amount to. Rates and lifts are shares: 0.02 is two points. */
export interface Judgement {
  readonly verdict: CampaignVerdict;
  readonly treated: number;
  readonly controls: number;
  readonly treatedReactivated: number;
  readonly controlsReactivated: number;
  /** Null where an arm is empty. */
  readonly lift: RiskDifference | null;
  readonly revenueLift: MeanDifference | null;
  readonly sampleRatioP: number | null;
  /** Controls that the draw let expect. */
  readonly expectedControls: number;
  /** Smallest lift that these sizes show four times in five. */
  readonly smallestLift: number | null;
  /** Customers that it would take to show the expected lift with control groups of this share. */
  readonly customersNeeded: number | null;
}

const seed = 1;

const total = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + of(outcome), 0);

/**
 * Sizes of one comparison that tells as much as that of the strata together: campaigns whose control groups are of
 * differing shares tell a little less than their sums.
 */
function tellingSizes(strata: readonly GroupSizes[]): GroupSizes {
  const compared = comparable(strata);
  const treated = compared.reduce((sum, stratum) => sum + stratum.treated, 0);
  const controls = compared.reduce((sum, stratum) => sum + stratum.controls, 0);
  if (compared.length === 0) return { treated, controls };
  const weights = compared.reduce((sum, { treated: n1, controls: n0 }) => sum + (n1 * n0) / (n1 + n0), 0);
  const share = weights / ((treated * controls) / (treated + controls));
  return { treated: share * treated, controls: share * controls };
}

function verdictOf(
  ratio: number | null,
  lift: RiskDifference | null,
  smallest: number | null,
  expected: number,
): CampaignVerdict {
  if (ratio !== null && ratio < fairDrawFrom) return 'unfit';
  if (!lift) return 'cannot_tell_yet';
  if (lift.low > 0) return 'worked';
  if (lift.high < 0) return 'harmed';
  return smallest !== null && smallest <= expected ? 'no_difference_seen' : 'cannot_tell_yet';
}

/**
 * Treatment against control, for one campaign or stratified over several, by intention to treat: everybody counts in the
 * arm in which they entered, whatever became of them. Looks at the outcomes alone, so that it can be tried on simulated
 * ones.
 */
export function judge(outcomes: readonly Outcome[], { expectedLift, replicates = 999 }: JudgeSettings): Judgement {
  const strata = outcomes.map(({ treated, controls }) => ({
    treated: treated.customers,
    treatedEvents: treated.reactivated,
    controls: controls.customers,
    controlEvents: controls.reactivated,
  }));
  const random = randomFor(seed);
  const lift = riskDifference(strata);
  const sampleRatioP = sampleRatio(outcomes.flatMap(({ draws }) => draws));
  const sizes = tellingSizes(strata);
  const smallest = lift && smallestLift(sizes, lift.baseline);
  const amounts = ({ customers, amounts: values }: Outcome['treated']) => ({ size: customers, values });
  return {
    verdict: verdictOf(sampleRatioP, lift, smallest, expectedLift),
    treated: total(outcomes, ({ treated }) => treated.customers),
    controls: total(outcomes, ({ controls }) => controls.customers),
    treatedReactivated: total(outcomes, ({ treated }) => treated.reactivated),
    controlsReactivated: total(outcomes, ({ controls }) => controls.reactivated),
    lift,
    revenueLift: meanDifference(
      outcomes.map(({ treated, controls }) => ({ treated: amounts(treated), controls: amounts(controls) })),
      { uniform: () => uniform(random), replicates },
    ),
    sampleRatioP,
    expectedControls: total(outcomes, ({ draws }) => draws.reduce((sum, each) => sum + each.customers * each.share, 0)),
    smallestLift: smallest,
    customersNeeded:
      lift && customersNeeded(expectedLift, lift.baseline, sizes.controls / (sizes.treated + sizes.controls)),
  };
}
