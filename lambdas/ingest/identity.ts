import type { IdentityKeys } from '../platform/identity-keys.ts';
import { normalCustomerId, normalEmail, normalPhone } from '../platform/normal-forms.ts';
import type { Pools } from './book/row.ts';
import { absent, type BytePool } from './records/byte-pool.ts';

/** Texts of one kind that name people, with their pseudonyms. Two texts with the same normal form have the same one. */
export interface Identifiers {
  /** True where a text names somebody; `absent` does not. */
  isSomebody(given: number): boolean;
  /** Pseudonym of whom a text names, or null for nobody. */
  key(given: number): string | null;
  /** True where two texts name the same person, or both nobody. */
  isSame(a: number, b: number): boolean;
  /** A number that is the same for texts of the same person. */
  hash(given: number): number;
}

const keyBytes = 16;
const unknown = 0;
const nobodyAtAll = 1;
/** Keys that are kept, the number of a text modulo this being their place: enough for the customers of most shops. */
const keptKeys = 1 << 16;

/** Remembers four bytes of the pseudonym of each text of a sealed pool; whole ones are kept for some, else made again. */
function createIdentifiers(
  pool: BytePool,
  normalise: (given: string) => string | null,
  pseudonym: (value: string) => string,
): Identifiers {
  const tags = new Int32Array(pool.size);
  const kept = Buffer.alloc(Math.min(pool.size, keptKeys) * keyBytes);
  const keptFor = new Int32Array(Math.min(pool.size, keptKeys));

  const makeKey = (given: number): string | null => {
    const value = normalise(pool.text(given));
    if (value === null) {
      tags[given] = nobodyAtAll;
      return null;
    }
    const key = pseudonym(value);
    const place = given % keptKeys;
    kept.write(key, place * keyBytes, 'hex');
    keptFor[place] = given;
    const tag = kept.readInt32LE(place * keyBytes);
    tags[given] = tag === unknown || tag === nobodyAtAll ? ~tag : tag;
    return key;
  };
  const tagOf = (given: number): number => {
    if (given === absent) return nobodyAtAll;
    if (tags[given] === unknown) makeKey(given);
    return tags[given]!;
  };
  const key = (given: number): string | null => {
    if (given === absent || tags[given] === nobodyAtAll) return null;
    const at = (given % keptKeys) * keyBytes;
    return keptFor[given % keptKeys] === given ? kept.toString('hex', at, at + keyBytes) : makeKey(given);
  };
  return {
    isSomebody: (given) => tagOf(given) !== nobodyAtAll,
    key,
    isSame: (a, b) => a === b || (tagOf(a) === tagOf(b) && key(a) === key(b)),
    hash: tagOf,
  };
}

/** The people of one file. */
export interface FileIdentities {
  readonly email: Identifiers;
  readonly phone: Identifiers;
  readonly platform: Identifiers;
}

/** Identifiers of one file's people, whose pools are sealed; a customer number is unique within its source alone. */
export const fileIdentities = (pools: Pools, keys: IdentityKeys, source: string): FileIdentities => ({
  email: createIdentifiers(pools.emails, normalEmail, (value) => keys.pseudonym('email', value)),
  phone: createIdentifiers(pools.phones, normalPhone, (value) => keys.pseudonym('phone', value)),
  platform: createIdentifiers(pools.customers, normalCustomerId, (value) =>
    keys.pseudonym('customer', `${source}:${value}`),
  ),
});
