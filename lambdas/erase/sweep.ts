import { publishedZone, tableLocation } from '../lake/zones.ts';
import type { IdentifyingContext } from '../platform/context.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { Sought } from './sought.ts';
import type { Place, SweepMark } from './sweep-mark.ts';
import { publishedFolders, type SweptFile, sweepNight } from './sweep-published.ts';
import { type SweptTable, sweepObject, sweptTables } from './sweep-tables.ts';

/** What held people who were looked for. */
export interface Swept {
  readonly tables: readonly SweptTable[];
  readonly files: readonly SweptFile[];
  /** Where the sweep stopped because time ran short; null where it has come to the end. */
  readonly stoppedAt: Place | null;
}

const parts = [publishedZone, ...sweptTables.map(({ name }) => name)];

async function keysOf(store: ObjectStore, part: string): Promise<string[]> {
  const table = sweptTables.find(({ name }) => name === part);
  if (!table) return publishedFolders(store);
  const keys: string[] = [];
  for await (const { key } of store.list(tableLocation(table))) keys.push(key);
  return keys;
}

/** All that may hold people, in an order of its own, after what has been dealt with already. */
async function* placesAfter(store: ObjectStore, reached: Place | null): AsyncGenerator<Place> {
  const first = reached ? parts.indexOf(reached.part) : 0;
  for (const part of parts.slice(Math.max(0, first))) {
    for (const key of await keysOf(store, part)) if (part !== reached?.part || key > reached.key) yield { part, key };
  }
}

/**
 * Takes people out of what is published and out of every object of every table. Goes on where an earlier sweep for the
 * same people stopped, and stops itself when time runs short, after at least one object.
 */
export async function sweep(
  { store, progress }: IdentifyingContext,
  sought: Sought,
  isDry: boolean,
  hasTime: () => boolean,
  before: SweepMark | null,
): Promise<Swept> {
  const files = [...(before?.files ?? [])];
  const tables = new Map((before?.tables ?? []).map((swept) => [swept.table, swept]));
  const swept = (stoppedAt: Place | null): Swept => ({ files, tables: [...tables.values()], stoppedAt });
  let last: Place | null = null;
  for await (const place of placesAfter(store, before?.reached ?? null)) {
    if (last && !hasTime()) return swept(last);
    if (last?.part !== place.part) progress(parts.indexOf(place.part) / parts.length, place.part);
    last = place;
    const table = sweptTables.find(({ name }) => name === place.part);
    if (!table) {
      files.push(...(await sweepNight(store, place.key, sought, isDry)));
      continue;
    }
    const rows = await sweepObject(store, table, place.key, sought, isDry);
    if (rows === 0) continue;
    const { rows: sum, objects } = tables.get(table.name) ?? { rows: 0, objects: 0 };
    tables.set(table.name, { table: table.name, rows: sum + rows, objects: objects + 1 });
  }
  return swept(null);
}
