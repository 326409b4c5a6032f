import { isoDate } from '../lake/day.ts';
import { type RunName, removalKey } from '../lake/zones.ts';
import { PreconditionFailed } from '../platform/errors.ts';
import { readJson, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore, WriteCondition } from '../platform/object-store.ts';

/** What is noted of a run whose objects are to go, are going or are gone. */
interface Removal {
  /** Nothing is being removed: the objects are gone, or stay because somebody may be at work on the run. */
  readonly is_done: boolean;
  /** The run has ended and can never be published: that it has pinned itself keeps nothing. */
  readonly is_over?: boolean;
}

const note = (store: ObjectStore, run: RunName, removal: Removal, condition?: WriteCondition) =>
  writeJson(store, removalKey(run), { as_of: isoDate(run.asOf), run_id: run.runId, ...removal }, condition);

/** What is noted of a run, or null where nothing is. */
export const removalOf = (store: Pick<ObjectStore, 'read'>, run: RunName) => readJson<Removal>(store, removalKey(run));

/** Says that a run has ended which can never be published: the next night removes what it has left. */
export const giveUp = (store: ObjectStore, run: RunName) => note(store, run, { is_done: false, is_over: true });

/** Says that a run's objects are gone. */
export const endRemoval = (store: ObjectStore, run: RunName) => note(store, run, { is_done: true });

/** Notes something of a run unless it has given itself up, which can happen at any time. @returns whether it has */
async function noteUnlessOver(store: ObjectStore, run: RunName, removal: Removal): Promise<boolean> {
  for (;;) {
    const found = await store.read(removalKey(run));
    if ((await removalOf({ read: async () => found }, run))?.is_over) return true;
    try {
      await note(store, run, removal, found ? { ifMatch: found.etag } : { ifAbsent: true });
      return false;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }
}

/** Says that a run's objects are about to be removed; of one that has given itself up that is said. @returns whether it has */
export const beginRemoval = (store: ObjectStore, run: RunName) => noteUnlessOver(store, run, { is_done: false });

/** Says that a run's objects stay for now. One that has given itself up meanwhile stays noted as over. */
export const putOffRemoval = (store: ObjectStore, run: RunName) => noteUnlessOver(store, run, { is_done: true });
