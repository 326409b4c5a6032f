import { isoDate, parseIsoDate } from '../lake/day.ts';

/** Past dates at which customers are described and, H days later, judged. ISO dates, oldest first. */
export interface SnapshotPlan {
  /** All of them; each at or before `as_of` − H, so that its outcome is known. Empty when history is too short. */
  readonly dates: readonly string[];
  /** Those to test on, each with a snapshot whose outcome was known by then to train on. */
  readonly walkForward: readonly string[];
}

export interface SnapshotOptions {
  /** ISO date. */
  readonly asOf: string;
  /** ISO date of the first purchase in the data. */
  readonly firstDay: string;
  readonly horizonDays: number;
  /** Dates to test on, as far as history allows. Default 3. */
  readonly testDates?: number;
  /** Default 12, and at least what the tests need. */
  readonly maxDates?: number;
}

/** A snapshot describes customers by at least this much past, and by half a horizon. */
export const MIN_PAST_DAYS = 90;

/** Test dates lie this share of a horizon apart: the first that gives as many as asked for. */
const spacings = [1, 1 / 2, 1 / 3, 1 / 4] as const;

/**
 * Which past dates to learn from and to test on (T = `as_of`). A date needs max(H / 2, 90) days of data before it. When
 * testing on D, train only on dates ≤ D − H.
 *
 * Tests end at T − H and go back a horizon at a time; where history is too short for as many as asked for, they lie half
 * a horizon apart, then a third, then a quarter. Outcomes of tests closer than H overlap: that makes the mean over dates
 * no wider evidence than its interval says, because intervals draw customers, not rows.
 *
 * In order of claim, up to `maxDates`:
 * 1. T − H and the same season a year before it; the date a year before T, and a year before each test, whose outcome
 *    shows the season that is foretold (where H is a year or more it is not over yet);
 * 2. the test dates, and for each of them D − H to train and D − 2H to calibrate;
 * 3. a year before D − H, so that the models under test have their season too;
 * 4. every half horizon further back, as long as it is a quarter of a horizon away from the dates above.
 *
 * More dates are not always better: for logistic regression on Online Retail II and CDNOW (H = 90, five test dates) the
 * whole plan against the first two moved AUC by −0.010 to +0.005 and log loss by −0.006 to +0.036 (worst on CDNOW,
 * whose one cohort is younger at each earlier date). Give the first two the most weight.
 */
export function snapshotDates(options: SnapshotOptions): SnapshotPlan {
  const { horizonDays: H, testDates = 3, maxDates = 12 } = options;
  const last = parseIsoDate(options.asOf) as number;
  const earliest = (parseIsoDate(options.firstDay) as number) + Math.max(Math.ceil(H / 2), MIN_PAST_DAYS);
  const tests = testsOn(last - H, earliest + H, H, testDates);
  const chosen = new Set<number>();
  const add = (day: number, apart: number, most: number) => {
    const isNear = [...chosen].some((other) => Math.abs(other - day) < apart);
    if (day >= earliest && chosen.size < most && !isNear) chosen.add(day);
  };
  const seasons = H <= 365 ? [last, ...tests].map((day) => day - 365) : [];
  const needed = [last - H, last - H - 365, ...tests, ...tests.map((day) => day - H), ...seasons];
  for (const day of needed) add(day, 1, Number.POSITIVE_INFINITY);
  for (const day of tests) add(day - 2 * H, 1, maxDates);
  for (const day of tests) add(day - H - 365, H / 4, maxDates);
  for (let k = 3; last - Math.round((k * H) / 2) >= earliest && chosen.size < maxDates; k++) {
    add(last - Math.round((k * H) / 2), H / 4, maxDates);
  }
  return {
    dates: [...chosen].sort((p, q) => p - q).map(isoDate),
    walkForward: tests.toReversed().map(isoDate),
  };
}

/** Test dates from the latest possible one back, none before the earliest possible one, newest first. */
function testsOn(latest: number, earliest: number, horizonDays: number, most: number): number[] {
  const at = (spacing: number) =>
    Array.from({ length: most }, (_, k) => latest - Math.round(k * spacing * horizonDays)).filter(
      (day) => day >= earliest,
    );
  const plans = spacings.map(at);
  return plans.find((days) => days.length === most) ?? (plans.at(-1) as number[]);
}
