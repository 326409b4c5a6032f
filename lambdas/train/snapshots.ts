import { concatRows, type FeatureRows, featureRows, inKeyOrder, pickRows, remembered } from '../model/feature-rows.ts';
import type { FileOfRows } from '../pipeline.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { readSlices, sliceRows } from '../platform/parquet.ts';

/** Labelled rows: customers as of past dates, and whether they bought in the horizon that followed. */
export interface LabelledRows {
  readonly rows: FeatureRows;
  /** Snapshot date per row. */
  readonly dates: Float64Array;
  /** 1 where nothing was bought in the horizon. */
  readonly lost: Uint8Array;
  /** Net spend in the horizon, in units of money. */
  readonly spend: Float64Array;
}

const unknown = -1;

/** Reads the snapshots of a run; rows whose horizon is not over are left out. */
export async function readSnapshots(store: ObjectStore, files: readonly FileOfRows[]): Promise<LabelledRows> {
  const parts: FeatureRows[] = [];
  for (const { key } of files) {
    const found = await store.read(key);
    if (found) for (const slice of readSlices(found.body, sliceRows)) parts.push(featureRows(slice));
  }
  return labelled(remembered(inKeyOrder(concatRows(parts), 'snapshot_on')));
}

function labelled(all: FeatureRows): LabelledRows {
  const outcome = all.numbers('horizon_orders', unknown);
  const known = [...outcome.keys()].filter((row) => outcome[row] !== unknown);
  const rows = known.length === all.rows ? all : pickRows(all, known);
  return {
    rows,
    dates: rows.numbers('snapshot_on'),
    lost: Uint8Array.from(rows.numbers('horizon_orders'), (orders) => (orders === 0 ? 1 : 0)),
    spend: rows.numbers('horizon_spend').map((amount) => amount / 10_000),
  };
}

/** The rows for which `keep` holds. */
export function where(from: LabelledRows, keep: (row: number) => boolean): LabelledRows {
  const isKept = (_: number, row: number) => keep(row);
  return {
    rows: pickRows(from.rows, [...from.lost.keys()].filter(keep)),
    dates: from.dates.filter(isKept),
    lost: from.lost.filter(isKept),
    spend: from.spend.filter(isKept),
  };
}

/** Rows of the snapshots up to a date, and those of exactly that date. */
export const until = (from: LabelledRows, date: number): LabelledRows =>
  where(from, (row) => (from.dates[row] as number) <= date);
export const at = (from: LabelledRows, date: number): LabelledRows => where(from, (row) => from.dates[row] === date);

/** Customers who were lost after some date, and who were kept: each counts once, on however many dates. */
export function customersByOutcome({ rows, lost }: LabelledRows): { readonly lost: number; readonly kept: number } {
  const of = (outcome: number) => new Set(rows.customerKeys.filter((_, row) => lost[row] === outcome)).size;
  return { lost: of(1), kept: of(0) };
}

/** The latest snapshot date among rows, or null without any. */
export const latestDate = ({ dates }: LabelledRows): number | null =>
  dates.length === 0 ? null : dates.reduce((a, b) => Math.max(a, b));
