import type { RowOf } from '../lake/column.ts';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import type { drift as driftTable } from '../lake/tables/model.ts';
import { type DriftReference, driftOf, driftReference, type FeatureDrift } from '../model/drift.ts';
import { concatRows, type FeatureRows, featureRows, inKeyOrder, pickRows } from '../model/feature-rows.ts';
import type { FeatureMatrix } from '../model/matrix.ts';
import { type FittedMethod, lossProbabilities, type MethodInput, methodInput, withoutLevel } from '../model/methods.ts';
import type { ChurnModel } from '../model/model-file.ts';
import type { FileOfRows, GateVerdict } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { readSlices, sliceRows } from '../platform/parquet.ts';
import type { LabelledRows } from './snapshots.ts';

export type DriftRow = RowOf<typeof driftTable.columns>;

/** Buyers that are looked at: enough for every tenth to be told to half a percent. */
const mostBuyers = 50_000;

const everyNth = (rows: number): number => Math.max(1, Math.ceil(rows / mostBuyers));

/** A sample of tonight's buyers: pseudonyms are evenly spread, so every nth of their values picks at random. */
export async function readBuyers(store: ObjectStore, files: readonly FileOfRows[]): Promise<FeatureRows> {
  const step = everyNth(files.reduce((sum, file) => sum + file.rows, 0));
  const parts: FeatureRows[] = [];
  for (const { key } of files) {
    const found = await store.read(key);
    if (!found) continue;
    for (const slice of readSlices(found.body, sliceRows)) {
      const rows = featureRows(slice);
      const isPicked = (row: number) => Number.parseInt(rows.customerKeys[row]?.slice(0, 8) ?? '', 16) % step === 0;
      parts.push(pickRows(rows, [...rows.customerKeys.keys()].filter(isPicked)));
    }
  }
  return inKeyOrder(concatRows(parts));
}

const scoreName = 'churn_probability';

/** The features that a model reads of some rows, and what it makes of them: before the shift of its level, which is meant to move it. */
const withScore = (method: FittedMethod, input: MethodInput): FeatureMatrix => ({
  rows: input.vector.rows,
  names: [...input.vector.names, scoreName],
  columns: [...input.vector.columns, lossProbabilities(withoutLevel(method), input)],
});

/** What later nights are held against: tonight's buyers and the labelled rows, as a new model sees and scores them. */
export function referenceOf(
  { method, bgNbd }: Pick<ChurnModel, 'method' | 'bgNbd'>,
  horizonDays: number,
  buyers: FeatureRows,
  labelled: LabelledRows,
): DriftReference {
  const step = everyNth(labelled.rows.rows);
  const picked = Array.from({ length: Math.ceil(labelled.rows.rows / step) }, (_, i) => i * step);
  const past = methodInput(pickRows(labelled.rows, picked), horizonDays, bgNbd);
  return driftReference(withScore(method, methodInput(buyers, horizonDays, bgNbd)), {
    matrix: withScore(method, past),
    dates: picked.map((row) => isoDate(labelled.dates[row] as number)),
  });
}

/** Days by which a snapshot may miss tonight's day of the year and still show its season. */
const seasonDays = 45;
const yearDays = 365.25;

/** The labelled snapshot nearest to tonight's day of the year, at least half a year ago; null where none is near. */
function seasonOf(dates: readonly string[], asOf: number): string | null {
  const away = (iso: string) => {
    const days = asOf - (parseIsoDate(iso) as number);
    return days < yearDays / 2 ? Number.POSITIVE_INFINITY : Math.abs(days - Math.round(days / yearDays) * yearDays);
  };
  const nearest = [...dates].sort((a, b) => away(a) - away(b) || (a < b ? 1 : -1))[0];
  return nearest !== undefined && away(nearest) <= seasonDays ? nearest : null;
}

function verdictOf({ psi, psiSeason }: FeatureDrift, { psi_warn, psi_alarm }: Config['watch']): string {
  const level = (index: number) => (index > psi_alarm ? 2 : index > psi_warn ? 1 : 0);
  const found = level(psi);
  if (found > 0 && psiSeason !== null && level(psiSeason) === 0) return 'seasonal';
  return ['steady', 'warned', 'alarm'][found] as string;
}

/**
 * Tonight's buyers against those of the night on which the model in force was trained, feature by feature, and its scores
 * of them. What lies as far away as an alarm but like the same season before is called seasonal and raises none.
 */
export function driftRows(model: ChurnModel, asOf: number, buyers: FeatureRows, limits: Config['watch']): DriftRow[] {
  const { card } = model;
  const tonight = withScore(model.method, methodInput(buyers, card.horizonDays, model.bgNbd));
  return driftOf(card.reference, tonight, seasonOf(card.snapshotDates, asOf)).map((found) => ({
    feature: found.feature,
    verdict: verdictOf(found, limits),
    psi: found.psi,
    psi_season: found.psiSeason,
    psi_labelled: found.psiLabelled,
    mean_then: found.meanThen,
    mean_now: found.meanNow,
    rows_then: card.reference.rows,
    rows_now: tonight.rows,
    trained_on: parseIsoDate(card.trainedOn) as number,
  }));
}

/** The watch's word on drift, naming what moved most. */
export function judgeDrift(rows: readonly DriftRow[], { psi_warn, psi_alarm }: Config['watch']): GateVerdict[] {
  const [first] = rows;
  if (!first) return [];
  const of = (verdict: string) => rows.filter((row) => row.verdict === verdict).sort((a, b) => b.psi - a.psi);
  const named = (some: readonly DriftRow[]) => some.map((row) => `${row.feature} ${row.psi.toFixed(2)}`).join(', ');
  const [alarms, warned, seasonal] = [of('alarm'), of('warned'), of('seasonal')];
  const parts = [
    ...(alarms.length > 0 ? [`beyond ${psi_alarm}: ${named(alarms)}`] : []),
    ...(warned.length > 0 ? [`beyond ${psi_warn}: ${named(warned)}`] : []),
    ...(seasonal.length > 0 ? [`as in the same season before, no alarm: ${named(seasonal)}`] : []),
  ];
  const most = rows.reduce((a, b) => (b.psi > a.psi ? b : a));
  const message =
    `drift (PSI) since the night of training, ${isoDate(first.trained_on)}: ` +
    (parts.length > 0 ? parts.join('; ') : `at most ${most.psi.toFixed(2)} (${most.feature})`);
  return [{ gate: 'drift', verdict: alarms.length + warned.length > 0 ? 'warned' : 'passed', message }];
}
