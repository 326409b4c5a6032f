import { createHash } from 'node:crypto';
import { sweepMarkKey } from '../lake/zones.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { SweptFile } from './sweep-published.ts';
import type { SweptTable } from './sweep-tables.ts';

/** The last part of the lake that a sweep has dealt with: a folder of lists, or an object of a table. */
export interface Place {
  /** Name of the table, or the zone of the lists. */
  readonly part: string;
  readonly key: string;
}

/** How far a sweep has come that ran out of time, and what it has found by then. */
export interface SweepMark {
  readonly reached: Place;
  readonly tables: readonly SweptTable[];
  readonly files: readonly SweptFile[];
  readonly met: readonly string[];
}

/** The one mark of erasures, or of dry runs, as it was when the sweep began. */
export interface KeptMark {
  /** Left by a sweep for the same people; null where the sweep begins at the beginning. */
  readonly mark: SweepMark | null;
  /** @throws PreconditionFailed when another sweep has left its mark meanwhile */
  leave(mark: SweepMark): Promise<void>;
  /** The sweep is over: nothing is to be gone on with. */
  remove(): Promise<void>;
}

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);

/** Reads the mark that an earlier call has left; it counts only if that one looked for the very same people. */
export async function openMark(store: ObjectStore, keys: ReadonlySet<string>, isDry: boolean): Promise<KeptMark> {
  const key = sweepMarkKey(isDry);
  const sought = createHash('sha256')
    .update([...keys].sort().join('\n'))
    .digest('hex');
  const found = await store.read(key);
  const { sought: before, ...mark } = found
    ? (JSON.parse(textOf(found.body)) as SweepMark & { sought: string })
    : { sought: null };
  return {
    mark: before === sought ? (mark as SweepMark) : null,
    async leave(left) {
      const body = new TextEncoder().encode(`${JSON.stringify({ sought, ...left }, null, 2)}\n`);
      await store.write(key, body, found ? { ifMatch: found.etag } : { ifAbsent: true });
    },
    async remove() {
      if (found) await store.remove(key);
    },
  };
}
