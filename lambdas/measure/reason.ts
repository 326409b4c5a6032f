import { type CampaignResultLabels, campaignResultLabels } from '../wording/campaign-results.ts';
import type { Language } from '../wording/language.ts';
import { type Numbers, numbersOf } from '../wording/numbers.ts';
import type { Judgement } from './judge.ts';

/** Points with their sign, to a tenth. */
const signed = (numbers: Numbers, share: number): string => {
  const points = Math.round(1000 * share) / 10;
  return `${points < 0 ? '−' : '+'}${numbers.fixed(Math.abs(points), 1)}`;
};

export interface ReasonFacts {
  readonly judgement: Judgement;
  readonly windowDays: number;
  readonly stillOpen: number;
  /** As a share. */
  readonly expectedLift: number;
}

function notCompared(words: CampaignResultLabels, numbers: Numbers, { judgement, windowDays, stillOpen }: ReasonFacts) {
  const { treated, controls } = judgement;
  if (treated + controls > 0) return words.reasons.oneArm(numbers.whole(treated), numbers.whole(controls));
  if (stillOpen === 0) return words.reasons.nobodyEntered;
  return words.reasons.nothingOver(numbers.whole(stillOpen), numbers.days(windowDays));
}

/** Why a verdict is what it is: one sentence or two with their numbers, in the language of the shop. */
export function verdictReason(language: Language, facts: ReasonFacts): string {
  const { judgement, expectedLift } = facts;
  const numbers = numbersOf(language);
  const words = campaignResultLabels(language);
  const { treated, controls, lift, verdict, smallestLift } = judgement;
  if (verdict === 'unfit') {
    const { expectedControls } = judgement;
    return words.reasons.unfit(
      numbers.whole(controls),
      numbers.whole(treated + controls),
      numbers.whole(expectedControls),
    );
  }
  if (!lift) return notCompared(words, numbers, facts);
  const figures = {
    treated: numbers.whole(treated),
    controls: numbers.whole(controls),
    treatedRate: numbers.percent(100 * (lift.baseline + lift.difference)),
    controlRate: numbers.percent(100 * lift.baseline),
    lift: signed(numbers, lift.difference),
    low: signed(numbers, lift.low),
    high: signed(numbers, lift.high),
    // where not even a rate of 1 would show, no lift does
    smallest: numbers.fixed(100 * (smallestLift ?? 1), 1),
  };
  switch (verdict) {
    case 'worked':
      return words.reasons.worked(figures);
    case 'harmed':
      return words.reasons.harmed(figures);
    case 'no_difference_seen':
      return words.reasons.noDifferenceSeen(figures);
    case 'cannot_tell_yet': {
      const needed = judgement.customersNeeded;
      const countedOn = numbers.decimal(100 * expectedLift);
      return words.reasons.tooFew(figures, countedOn, needed === null ? null : numbers.whole(needed));
    }
  }
}
