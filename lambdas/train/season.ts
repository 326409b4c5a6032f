import { type Calibrator, fitShift } from '../model/calibration.ts';
import { type FittedMethod, lossProbabilities, withoutSeason } from '../model/methods.ts';
import type { ChurnModel } from '../model/model-file.ts';
import { inputOf } from './fit-forest.ts';
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
/** Share of last year's shift that is taken over: no two years are alike. */
const shareKept = 0.75;
/** A smaller shift, in log odds, is left alone: it moves no probability by more than 4 points. */
const smallestShift = 0.15;

/** The snapshot that shows the season of a date: the one nearest to a year before it; null where none is near. */
function yearBefore(dates: readonly number[], date: number): number | null {
  const away = (day: number) => Math.abs(day - (date - yearDays));
  const nearest = dates.reduce<number | null>(
    (best, day) => (best === null || away(day) < away(best) ? day : best),
    null,
  );
  return nearest !== null && away(nearest) <= seasonDays ? nearest : null;
}

/**
 * What the same season of the year before says about the level of loss after a date. The method is fitted on all
 * snapshots together and so foretells their average level; how far the snapshot of a year before lay from it, in log
 * odds, is expected again. Null where there is no such snapshot among the rows, where it has too little past, and where
 * it does not stand out.
 *
 * Measured on Online Retail II and a simulated growing shop with a season: told and true shift −.64 and −.51, −.65 and
 * −.62, −.32 and −.26, −.24 and −.20, −.33 and −.29; with a snapshot 100 to 150 days after the first order it is wrong.
 * At Online Retail II on 2011-09-10, H = 90, it takes the calibration error from .093 to .012 on all buyers and the log
 * loss from .547 to .522. A calibrator fitted on the latest snapshot instead would learn the season before.
 *
 * @param model fitted on `known` or on its older part; a calibrator of its own is left aside
 * @param known labelled rows with an outcome that was known on the date
 */
export function seasonCalibrator(
  { method, bgNbd }: Pick<ChurnModel, 'method' | 'bgNbd'>,
  known: LabelledRows,
  horizonDays: number,
  date: number,
): Calibrator | null {
  const day = yearBefore([...new Set(known.dates)], date);
  if (day === null) return null;
  const then = at(known, day);
  const past = then.rows.numbers('tenure_days').reduce((longest, days) => Math.max(longest, days), 0);
  if (past < Math.max(minPastDays, minPastHorizons * horizonDays)) return null;
  const found = fitShift(lossProbabilities(withoutSeason(method), inputOf(then, horizonDays, bgNbd)), then.lost);
  if (!found || Math.abs(found.shift) < Math.max(smallestShift, 2 * found.standardError)) return null;
  return { kind: 'season', shift: shareKept * found.shift };
}

/** The method at the level of a date's season, as far as one is known: only blends have a level that moves. */
export function atSeason(
  model: Pick<ChurnModel, 'method' | 'bgNbd'>,
  known: LabelledRows,
  horizonDays: number,
  date: number,
): FittedMethod {
  const { method } = model;
  if (method.basis !== 'blend') return method;
  return { ...method, calibrator: seasonCalibrator(model, known, horizonDays, date) };
}
