import { at, type LabelledRows } from './snapshots.ts';

const yearDays = 365;
/** Days by which a snapshot may miss the same day a year before. */
const seasonDays = 21;
/**
 * A snapshot of a shop that had been watched for less than this, or for less than this many horizons, says more about the
 * start of the data than about the season.
 */
const minPastDays = 180;
const minPastHorizons = 1.5;

/**
 * The snapshot that shows the season of a date: the one nearest to a year before it. Null where none is near, and where it
 * has too little past: 100 to 150 days after the first order of Online Retail II it points the wrong way.
 * @param known labelled rows with an outcome that was known on the date
 */
export function sameSeason(known: LabelledRows, horizonDays: number, date: number): LabelledRows | null {
  const away = (day: number) => Math.abs(day - (date - yearDays));
  const nearest = [...new Set(known.dates)].reduce<number | null>(
    (best, day) => (best === null || away(day) < away(best) ? day : best),
    null,
  );
  if (nearest === null || away(nearest) > seasonDays) return null;
  const then = at(known, nearest);
  const past = then.rows.numbers('tenure_days').reduce((longest, days) => Math.max(longest, days), 0);
  return past < Math.max(minPastDays, minPastHorizons * horizonDays) ? null : then;
}
