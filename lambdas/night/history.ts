import type { MaturedNight, PreviousNight } from '../pipeline.ts';
import type { PublishedRun } from './published.ts';

/** Published nights that a night of a date builds on, oldest first. */
export function nightsBefore(nights: readonly PublishedRun[], asOf: number): readonly PublishedRun[] {
  const current = nights.find((night) => night.is_current);
  return nights.filter((night) => night.as_of < asOf && night.as_of <= (current?.as_of ?? asOf));
}

/** The last of the nights before, whose lists and model are continued. */
export function previousNight(before: readonly PublishedRun[]): PreviousNight | null {
  const last = before.at(-1);
  return last
    ? {
        asOf: last.as_of,
        runId: last.run_id,
        modelId: last.model_id,
        horizonDays: last.horizon_days,
        trainedOn: last.trained_on,
      }
    : null;
}

/** A year of matured nights stays in view: the newest, and before it one in four weeks. */
const maturedApartDays = 28;
const mostMatured = 13;

/** Nights before a date whose horizon has passed by then, newest first: what they foretold is held against what came. */
export function maturedNights(before: readonly PublishedRun[], asOf: number): MaturedNight[] {
  const chosen: MaturedNight[] = [];
  for (const { as_of, run_id, model_id, horizon_days } of before.toReversed()) {
    const newer = chosen.at(-1);
    if (as_of + horizon_days > asOf || (newer && newer.asOf - as_of < maturedApartDays)) continue;
    chosen.push({ asOf: as_of, runId: run_id, modelId: model_id, horizonDays: horizon_days });
  }
  return chosen.slice(0, mostMatured);
}

/** The first night of each four weeks, which nights to come will still look back at. */
function anchors(nights: readonly PublishedRun[], asOf: number): PublishedRun[] {
  const first = new Map<number, PublishedRun>();
  for (const night of nights) {
    const fourWeeks = Math.floor(night.as_of / maturedApartDays);
    if (!first.has(fourWeeks)) first.set(fourWeeks, night);
  }
  const inView = ({ as_of, horizon_days }: PublishedRun) =>
    as_of >= asOf - horizon_days - mostMatured * maturedApartDays;
  return [...first.values()].filter(inView);
}

/**
 * The published nights that are kept: those of the last `keepDays` before the current one, it itself and what it builds
 * on, and of older ones what the watch over the model will still look back at.
 * @param nights all published nights, oldest first
 */
export function nightsToKeep(nights: readonly PublishedRun[], keepDays: number): PublishedRun[] {
  const current = nights.find((night) => night.is_current);
  if (!current) return [...nights];
  const before = nightsBefore(nights, current.as_of);
  const needed = new Set([
    current.run_id,
    previousNight(before)?.runId,
    ...maturedNights(before, current.as_of).map((night) => night.runId),
    ...anchors(nights, current.as_of).map((night) => night.run_id),
  ]);
  return nights.filter((night) => night.as_of >= current.as_of - keepDays || needed.has(night.run_id));
}
