import {
  type GapCount,
  kaplanMeier,
  resurrectionRate,
  returnQuantile,
  type SurvivalCurve,
} from '../model/kaplan-meier.ts';
import { ConfigError } from '../platform/errors.ts';
import { plural } from '../wording/counts.ts';
import { MIN_PAST_DAYS } from './snapshot-dates.ts';

/** How the horizon came about. */
export type HorizonBasis = 'gaps' | 'fixed' | 'too_few_gaps';

export interface HorizonEvidence {
  readonly basis: HorizonBasis;
  /** The rule that gave the horizon, as an English sentence with its numbers. */
  readonly rule: string;
  /**
   * Days by which 50, 80 and 90 % of those who come back have come back (censoring taken into account); null without
   * gaps.
   */
  readonly gapQuantiles: { readonly p50: number | null; readonly p80: number | null; readonly p90: number | null };
  /**
   * Of customers silent for the horizon, the percentage who bought again later; null when no silence that long was
   * watched.
   */
  readonly resurrectionPct: number | null;
  /** Longest silence that was watched often enough to count, in days: later returns are not in `resurrectionPct`. */
  readonly observedToDays: number;
  /** Completed gaps between purchase days. */
  readonly gapsSeen: number;
  /** Gaps still open at the end of the data, one per customer. */
  readonly censored: number;
  readonly historyDays: number;
  /** The gaps ask for a longer horizon than the history allows to be tested (or a fixed one is longer than that). */
  readonly limitedByHistory: boolean;
}

export interface Horizon {
  /** H: a customer who buys nothing in the H days after a date is lost as of that date. */
  readonly horizonDays: number;
  /** W: "active at the end of day d" means a purchase in (d − W, d]. Equal to H unless configured. */
  readonly activeWindowDays: number;
  readonly evidence: HorizonEvidence;
}

export interface HorizonOptions {
  /** Days from the first purchase day to as_of, both counted. */
  readonly historyDays: number;
  /** A horizon given by configuration; it is used as it is. */
  readonly fixed?: number;
  /** An active window given by configuration. */
  readonly activeWindowDays?: number;
  /** History that a model needs, in horizons: a past to describe customers by, an outcome to learn, one to test on. */
  readonly minHistoryHorizons?: number;
}

const RETURN_SHARE = 0.8;
const SHORTEST_DAYS = 30;
const MIN_GAPS = 100;
const DAYS_WHEN_UNKNOWN = 90;
/** Silences watched fewer times than this say nothing. */
const MIN_AT_RISK = 30;
const MIN_HISTORY_HORIZONS = 3;

/**
 * The churn horizon of a shop, from the gaps between purchase days.
 *
 * H is the time by which 80 % of those who come back have come back, rounded up to 5 days (10 from 60 days). The history
 * bounds it by what a test on later time needs, and by nothing else: `minHistoryHorizons` (3) horizons, and one of outcome
 * to learn from, one to be tested on and max(H / 2, 90) days of past to describe customers by. Never below 30 days (a history
 * too short for that is too short for a model). Below 100 completed gaps it is 90 days within the same limits, and the
 * evidence says so.
 *
 * A yearly rhythm asks for 390 days. With three years of history it gets 360, which serves: only who bought within the
 * last weeks of the date could have their next yearly order after it. A quarter of the history would give 270 and less.
 *
 * Why 80 %, on real orders: it gives 105 to 110 days on Online Retail II, 88 to 103 on Online Retail and 132 to 137 on
 * CDNOW, and moves by 5 to 15 days when the last 90 days of data are taken away, where the 90 % point moves by 12 to 41
 * (to 232) and soon needs more history than there is. A threshold on the resurrection rate does not choose: it is still
 * 48 to 61 % after 180 days of silence on Online Retail II, and 2 % at once where nearly all buy once. Simulated: a
 * yearly rhythm gets 390 days (history allowing), a monthly one 35, a shop of one-time buyers with returns in four
 * months 180.
 *
 * @throws ConfigError when a fixed horizon or window is not a whole number of days above 0
 */
export function chooseHorizon(histogram: readonly GapCount[], options: HorizonOptions): Horizon {
  const curve = kaplanMeier(histogram, MIN_AT_RISK);
  const gapsSeen = histogram.reduce((total, row) => total + row.purchases, 0);
  const testable = roundDown(longestTestable(options));
  const choice = choose(curve, gapsSeen, testable, options);
  const resurrection = resurrectionRate(curve, choice.days);
  const activeWindowDays = options.activeWindowDays ?? choice.days;
  checkDays('activeWindowDays', activeWindowDays);
  return {
    horizonDays: choice.days,
    activeWindowDays,
    evidence: {
      basis: choice.basis,
      rule: choice.rule,
      gapQuantiles: {
        p50: returnQuantile(curve, 0.5),
        p80: returnQuantile(curve, 0.8),
        p90: returnQuantile(curve, 0.9),
      },
      resurrectionPct: resurrection === null ? null : Math.round(1000 * resurrection.rate) / 10,
      observedToDays: curve.observedToDays,
      gapsSeen,
      censored: histogram.reduce((total, row) => total + row.censored, 0),
      historyDays: options.historyDays,
      limitedByHistory: choice.limitedByHistory,
    },
  };
}

interface Choice {
  readonly days: number;
  readonly basis: HorizonBasis;
  readonly rule: string;
  readonly limitedByHistory: boolean;
}

function choose(
  curve: SurvivalCurve,
  gapsSeen: number,
  testable: number,
  { fixed, historyDays }: HorizonOptions,
): Choice {
  if (fixed !== undefined) {
    checkDays('horizon', fixed);
    const rule = `Fixed at ${fixed} days by configuration.`;
    return { days: fixed, basis: 'fixed', rule, limitedByHistory: fixed > testable };
  }
  const known = returnQuantile(curve, RETURN_SHARE);
  const enough = gapsSeen >= MIN_GAPS && known !== null;
  const asked = enough ? Math.max(SHORTEST_DAYS, roundUp(known)) : DAYS_WHEN_UNKNOWN;
  const days = Math.min(asked, Math.max(SHORTEST_DAYS, testable));
  const limitedByHistory = asked > testable;
  const because = enough
    ? `80% of the customers who come back do so within ${plural(known, 'day')}, which asks for ${asked} days`
    : `Only ${gapsSeen} returns were seen (${MIN_GAPS} are needed to choose), so ${asked} days are the default`;
  const limit = `; the ${plural(historyDays, 'day')} of history allow ${days} to be learned and tested`;
  const basis = enough ? 'gaps' : 'too_few_gaps';
  return { days, basis, rule: `${because}${limitedByHistory ? limit : ''}.`, limitedByHistory };
}

/** The longest horizon that `snapshotDates` finds a test date for, and that the horizons of history ask for. */
function longestTestable({ historyDays, minHistoryHorizons = MIN_HISTORY_HORIZONS }: HorizonOptions): number {
  const spent = historyDays - 1;
  return Math.min(historyDays / minHistoryHorizons, (spent - MIN_PAST_DAYS) / 2, spent / 2.5);
}

function roundUp(days: number): number {
  const unit = days > 60 ? 10 : 5;
  return Math.ceil(days / unit) * unit;
}

function roundDown(days: number): number {
  const unit = days >= 60 ? 10 : 5;
  return Math.floor(days / unit) * unit;
}

function checkDays(setting: string, days: number): void {
  if (Number.isInteger(days) && days > 0) return;
  throw new ConfigError(`${setting} is ${days}`, 'Give a whole number of days above 0, for example 90.');
}
