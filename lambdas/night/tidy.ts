import { runInputs } from '../lake/tables/curated.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { claimKey, publishedRunsKey, type RunName, removalKey, runOfKey, tableLocation } from '../lake/zones.ts';
import type { StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { erasuresState } from '../platform/erasures.ts';
import { PreconditionFailed } from '../platform/errors.ts';
import { encodeJsonRows, readJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { Claimed } from './claim.ts';
import { nightsToKeep } from './history.ts';
import { pinnedRuns, unpin } from './pins.ts';
import { type PublishedRun, publishedNights } from './published.ts';
import { beginRemoval, endRemoval, putOffRemoval } from './removals.ts';
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

/** Runs that have left something, oldest first. */
async function runsLeft(store: ObjectStore): Promise<RunName[]> {
  const found = new Map<string, RunName>();
  for await (const { key } of store.list(tableLocation(runInputs))) {
    const run = runOfKey(key);
    if (run) found.set(removalKey(run), run);
  }
  return [...found.values()];
}

/** Those of the runs that were claimed before somebody was erased: they may hold that person, and are never published. */
async function outdatedRuns(store: ObjectStore, runs: readonly RunName[]): Promise<RunName[]> {
  const erasures = await erasuresState(store);
  const outdated: RunName[] = [];
  for (const run of runs) {
    const claimed = await readJson<Partial<Claimed>>(store, claimKey({ ...run, attempt: 1 }));
    if (claimed?.erasures !== undefined && claimed.erasures !== erasures) outdated.push(run);
  }
  return outdated;
}

/**
 * Removes what no reader and no later night can need: nights older than `night.keep_days`, attempts of that age which
 * never became visible, and what runs left that were claimed before somebody was erased. What is removed is noted first,
 * and pins are read after that, while a claim pins first and reads the notes after it: so of a run that is begun and
 * removed at once, one of the two sees the other. A run that gave itself up is held by no pin.
 * @returns what was removed; the next night goes on where one ends or dies
 */
export async function tidy(context: Context): Promise<StepOutputs['tidy']> {
  const { store, config } = context;
  const { keep_days } = config.night;
  const { nights, unlisted } = await unlist(store, keep_days);
  const current = nights.find((night) => night.is_current);
  if (!current) return { nights: 0, runs: 0 };
  const listed = new Set(nights.map((night) => night.run_id));
  const left = (await runsLeft(store)).filter((run) => !listed.has(run.runId));
  const isOld = (run: RunName): boolean => run.asOf < current.as_of - keep_days;
  const outdated = await outdatedRuns(
    store,
    left.filter((run) => !isOld(run)),
  );
  const leaving = [...outdated, ...left.filter(isOld)].slice(0, mostRuns);
  const over = new Set<RunName>();
  for (const run of leaving) if (await beginRemoval(store, run)) over.add(run);
  const pinned = await pinnedRuns(context);
  const isHeld = (run: RunName): boolean => pinned.has(run.runId) && !over.has(run);
  const free = leaving.filter((run) => !isHeld(run));
  for (const run of leaving) if (isHeld(run)) await putOffRemoval(store, run);
  if (free.length > 0) await removeRuns(context, free);
  for (const run of free) await endRemoval(store, run);
  await unpin(context, null);
  return { nights: unlisted, runs: free.length };
}
