import { z975 } from './normal.ts';
import { wilson } from './risk-difference.ts';

/** A score of a survey with its 95 % interval, in points: −100 to 100 for NPS, 0 to 100 for CSAT. */
export interface SurveyScore {
  readonly score: number;
  readonly low: number;
  readonly high: number;
}

/** What the interval adds to those who answered, and of it to promoters and to detractors. */
const added = { people: 3, promoters: 0.75, detractors: 0.75 };

/**
 * Net Promoter Score: percent of promoters less percent of detractors, with the adjusted Wald interval that Rocks (2016,
 * "Interval Estimation for the 'Net Promoter Score'", The American Statistician 70, 365–372) found to cover best: three
 * answers are added, three quarters of one each to promoters and detractors. The interval is widened to the score where
 * that lies outside, as it may for a handful of equal answers.
 * @param people who answered, at least one
 */
export function netPromoterScore(people: number, promoters: number, detractors: number): SurveyScore {
  const score = (100 * (promoters - detractors)) / people;
  const size = people + added.people;
  const promoting = (promoters + added.promoters) / size;
  const detracting = (detractors + added.detractors) / size;
  const middle = promoting - detracting;
  const reach = z975 * Math.sqrt((promoting + detracting - middle ** 2) / size);
  return {
    score,
    low: Math.max(-100, Math.min(score, 100 * (middle - reach))),
    high: Math.min(100, Math.max(score, 100 * (middle + reach))),
  };
}

/** CSAT: percent of people who are satisfied, with the score interval of Wilson (1927). @param people at least one */
export function satisfiedShare(people: number, satisfied: number): SurveyScore {
  const [low, high] = wilson(satisfied, people);
  return { score: (100 * satisfied) / people, low: 100 * low, high: 100 * high };
}
