import { isoDate } from '../lake/day.ts';
import { runInputs } from '../lake/tables/curated.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { publishedRunsKey, type RunName, removalKey, runOfKey, tableLocation } from '../lake/zones.ts';
import type { StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { PreconditionFailed } from '../platform/errors.ts';
import { encodeJsonRows, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { nightsToKeep } from './history.ts';
import { pinnedRuns, unpin } from './pins.ts';
import { type PublishedRun, publishedNights } from './published.ts';
import { removeRuns } from './remove-runs.ts';

/** So many that a function ends in time; the next night goes on. */
const mostRuns = 60;
const mostTries = 5;

interface Listed {
  /** Published nights that are kept. */
  readonly nights: readonly PublishedRun[];
  /** How many were taken off the list now. */
  readonly unlisted: number;
}

/**
 * Takes nights that are kept no longer off the list of published ones, by one conditional write: from then on nobody can
 * go back to them. Whoever publishes meanwhile wins, and the list is looked at anew.
 */
async function unlist(store: ObjectStore, keepDays: number): Promise<Listed> {
  for (let tries = 1; ; tries++) {
    const { nights, etag } = await publishedNights(store);
    const kept = nightsToKeep(nights, keepDays);
    if (kept.length === nights.length || etag === null) return { nights, unlisted: 0 };
    try {
      await store.write(publishedRunsKey, encodeJsonRows(publishedRuns, kept), { ifMatch: etag });
      return { nights: kept, unlisted: nights.length - kept.length };
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || tries === mostTries) throw error;
    }
  }
}

/** Runs of before a date that have left something, oldest first. */
async function runsBefore(store: ObjectStore, date: number): Promise<RunName[]> {
  const found = new Map<string, RunName>();
  for await (const { key } of store.list(tableLocation(runInputs))) {
    const run = runOfKey(key);
    if (run && run.asOf < date) found.set(removalKey(run), run);
  }
  return [...found.values()];
}

const noteRemoval = (store: ObjectStore, run: RunName, isDone: boolean) =>
  writeJson(store, removalKey(run), { as_of: isoDate(run.asOf), run_id: run.runId, is_done: isDone });

/**
 * Removes what no reader and no later night can need: nights older than `night.keep_days`, and attempts of that age which
 * never became visible. What is removed is noted first, and pins are read after that, while a claim pins first and reads
 * the notes after it: so of a run that is begun and removed at once, one of the two sees the other.
 * @returns what was removed; the next night goes on where one ends or dies
 */
export async function tidy(context: Context): Promise<StepOutputs['tidy']> {
  const { store, config } = context;
  const { keep_days } = config.night;
  const { nights, unlisted } = await unlist(store, keep_days);
  const current = nights.find((night) => night.is_current);
  if (!current) return { nights: 0, runs: 0 };
  const listed = new Set(nights.map((night) => night.run_id));
  const old = await runsBefore(store, current.as_of - keep_days);
  const leaving = old.filter((run) => !listed.has(run.runId)).slice(0, mostRuns);
  for (const run of leaving) await noteRemoval(store, run, false);
  const pinned = await pinnedRuns(context);
  const free = leaving.filter((run) => !pinned.has(run.runId));
  for (const run of leaving) if (pinned.has(run.runId)) await store.remove(removalKey(run));
  if (free.length > 0) await removeRuns(context, free);
  for (const run of free) await noteRemoval(store, run, true);
  await unpin(context, null);
  return { nights: unlisted, runs: free.length };
}
