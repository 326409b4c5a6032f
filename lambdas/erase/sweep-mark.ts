import { createHash } from 'node:crypto';
import { sweepMarkKey } from '../lake/zones.ts';
import type { Context } from '../platform/context.ts';
import { writeJson } from '../platform/json-objects.ts';
import type { SweptFile } from './sweep-published.ts';
import type { SweptTable } from './sweep-tables.ts';

/** The last part of the lake that a sweep has dealt with: a folder of lists, or an object of a table. */
export interface Place {
  /** Name of the table, or the zone of the lists. */
  readonly part: string;
  readonly key: string;
}

/** How far a sweep has come that is to be gone on with, and what it has found by then. */
export interface SweepMark {
  /** Null where the lake is to be swept from the beginning. */
  readonly reached: Place | null;
  readonly tables: readonly SweptTable[];
  readonly files: readonly SweptFile[];
  readonly met: readonly string[];
}

/** The one mark of erasures, or of dry runs, as it was when the sweep began. */
export interface KeptMark {
  /** What is gone on with; null where nothing is. */
  readonly mark: SweepMark | null;
  /** @throws PreconditionFailed when another sweep has left its mark meanwhile */
  leave(mark: SweepMark): Promise<void>;
  /** The sweep is over: nothing is to be gone on with. */
  remove(): Promise<void>;
}

/** Nights and ingests that ran since make what was found before out of date. */
const longestAgeMs = 24 * 3_600_000;

/** A mark as it is kept: when it was left, and a name of whom the sweep looked for. */
interface StoredMark extends SweepMark {
  readonly left_at: string;
  readonly sought: string;
}

/** Names two sets of keys. */
const nameOf = (erased: ReadonlySet<string>, unsure: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([erased, new Set(unsure)].map((keys) => [...keys].sort())))
    .digest('hex');

/**
 * Reads the mark that an earlier call has left, unless it is older than a day. Its place counts only if that one looked
 * for the very same people, and the same of them were recorded: who was not may have come into the lake behind it since.
 * What an erasure has taken out it counts on all the same; a dry run that begins anew meets it all again.
 * @param erased keys of people who are erased
 * @param unsure keys of people who are erased only if the lake holds any of them
 */
export async function openMark(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  erased: ReadonlySet<string>,
  unsure: readonly string[],
  isDry: boolean,
): Promise<KeptMark> {
  const key = sweepMarkKey(isDry);
  const sought = nameOf(erased, unsure);
  const found = await store.read(key);
  const stored = found && (JSON.parse(new TextDecoder().decode(found.body)) as StoredMark);
  const isRecent = stored !== null && clock().getTime() - Date.parse(stored.left_at) <= longestAgeMs;
  const begunAnew = isRecent && !isDry ? { ...stored, reached: null } : null;
  return {
    mark: isRecent && stored.sought === sought ? stored : begunAnew,
    async leave(left) {
      const mark: StoredMark = { left_at: clock().toISOString(), sought, ...left };
      await writeJson(store, key, mark, found ? { ifMatch: found.etag } : { ifAbsent: true });
    },
    async remove() {
      if (found) await store.remove(key);
    },
  };
}
