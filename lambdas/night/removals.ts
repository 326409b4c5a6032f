import { isoDate } from '../lake/day.ts';
import { type RunName, removalKey } from '../lake/zones.ts';
import { readJson, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';

/** What is noted of a run whose objects are to go, are going or are gone. */
interface Removal {
  readonly is_done: boolean;
  /** The run has ended and can never be published: that it has pinned itself keeps nothing. */
  readonly is_over?: boolean;
}

const note = (store: ObjectStore, run: RunName, removal: Removal) =>
  writeJson(store, removalKey(run), { as_of: isoDate(run.asOf), run_id: run.runId, ...removal });

/** Says that a run has ended which can never be published: the next night removes what it has left. */
export const giveUp = (store: ObjectStore, run: RunName) => note(store, run, { is_done: false, is_over: true });

/** Says that a run's objects are being removed, or that they are gone. */
export const noteRemoval = (store: ObjectStore, run: RunName, isDone: boolean) => note(store, run, { is_done: isDone });

/** What is noted of a run, or null where nothing is. */
export const removalOf = (store: ObjectStore, run: RunName) => readJson<Removal>(store, removalKey(run));
