import { createHash } from 'node:crypto';
import { erasures } from '../lake/tables/erasures.ts';
import { erasureKey, tablePrefix } from '../lake/zones.ts';
import { PreconditionFailed } from './errors.ts';
import { decodeJsonRows, encodeJsonRows } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';

/** People who were erased, as far as was known at one moment. */
export interface Erasures {
  /** Names this state: nothing is ever taken back, so another erasure always makes another one. */
  readonly state: string;
  /** Keys of each person. */
  readonly people: readonly (readonly string[])[];
}

const readAtOnce = 32;

const stateOf = (objects: readonly string[]): string =>
  createHash('sha256').update(objects.join('\n')).digest('hex').slice(0, 16);

async function erasureObjects(store: ObjectStore): Promise<string[]> {
  const objects: string[] = [];
  for await (const { key } of store.list(tablePrefix(erasures))) objects.push(key);
  return objects;
}

/** The state of the erasures alone, without reading them. */
export const erasuresState = async (store: ObjectStore): Promise<string> => stateOf(await erasureObjects(store));

/** Everybody who was erased. */
export async function readErasures(store: ObjectStore): Promise<Erasures> {
  const objects = await erasureObjects(store);
  const people: string[][] = [];
  for (let at = 0; at < objects.length; at += readAtOnce) {
    const found = await Promise.all(objects.slice(at, at + readAtOnce).map((key) => store.read(key)));
    for (const object of found) {
      if (object) people.push(decodeJsonRows(erasures, object.body).map((row) => row.identity_key));
    }
  }
  return { state: stateOf(objects), people };
}

/** All keys of everybody who was erased. */
export const erasedKeys = ({ people }: Erasures): ReadonlySet<string> => new Set(people.flat());

/**
 * Records that a person is erased: from then on nothing that files tell of any of these keys is kept. The object is named
 * by the keys, so recording the same person again changes nothing.
 */
export async function recordErasure(store: ObjectStore, keys: Iterable<string>): Promise<void> {
  const sorted = [...new Set(keys)].sort();
  const id = createHash('sha256').update(sorted.join('\n')).digest('hex');
  const rows = sorted.map((identity_key) => ({ erasure_id: id, identity_key }));
  await store.write(erasureKey(id), encodeJsonRows(erasures, rows), { ifAbsent: true }).catch((error) => {
    if (!(error instanceof PreconditionFailed)) throw error;
  });
}

/** Keys that a record names its person by. */
export interface RecordKeys {
  readonly email_key: string | null;
  readonly phone_key: string | null;
  readonly platform_key: string | null;
}

const nobody: RecordKeys = { email_key: null, phone_key: null, platform_key: null };

/** The keys of a record; none at all where one of them is an erased person's, because the others are then theirs too. */
export function unlessErased(keys: RecordKeys, erased: ReadonlySet<string>): RecordKeys {
  if (erased.size === 0) return keys;
  const { email_key, phone_key, platform_key } = keys;
  return [email_key, phone_key, platform_key].some((key) => key !== null && erased.has(key)) ? nobody : keys;
}
