import { domainToASCII } from 'node:url';
import type { IdentityKeys } from '../platform/identity-keys.ts';
import type { Pools } from './book/row.ts';
import { absent, type BytePool } from './records/byte-pool.ts';

/** What shops write for people whom they do not know, as a customer number and as the name in an address alike. */
const stranger = [
  '(?:guest|gast|invite|invitado|ospite|convidado|vendeg)(?:[ ._-]?(?:customer|checkout|user|order))?',
  'walk[ ._-]?in(?:[ ._-]?customer)?',
  '(?:cash|no)[ ._-]?customer',
  'laufkunde|barverkauf|anonymous|unknown|nobody|none|null',
].join('|');
/** Further customer numbers that are nobody's. */
const noId =
  '|[0.-]+|0{8}(?:-0{4}){3}-0{12}|-1|[?]+|[*]+|nil|nan|n[/.]?a[.]?|#n/a|undefined|true|false|default|deleted|pos|not logged in';
/** Further names of addresses that nobody reads. */
const noName = '(?:no|do[._-]?not)[._-]?reply(?:[+].*|\\d+)?|no[._-]?e?mail';
const nobody = new RegExp(`^(?:${stranger}|${noId})$`);
const nobodysName = new RegExp(`^(?:${stranger}|${noName})$`);
/** Names that are placeholders at hosts that are none either, as in no@email.com and test@test.com. */
const placeholderNamesSomewhere = new Set('test tester testing no na email mail customer example deleted'.split(' '));
const exampleHosts =
  /(^|\.)(example\.(com|org|net)|example|invalid|localhost|test)$|^(email|mail|no|na|none|test|example|deleted)\.[a-z]+$/;
const address =
  /^[^\s@"(),:;<>[\]\\]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]*[\p{L}\p{N}]{2}$/u;

/** A text without accents, in lower case. */
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();

/**
 * Normal form of an e-mail address: without blanks around it, lower case, Unicode NFKC, the host as DNS has it; null for
 * what is no address and for addresses that shops put in for people who gave none, because those would make one person of
 * strangers.
 */
export function normalEmail(given: string): string | null {
  const email = given.normalize('NFKC').trim().toLowerCase();
  if (!address.test(email) || email.includes('..')) return null;
  const [name = '', host = ''] = email.split('@');
  if (nobodysName.test(folded(name))) return null;
  if (placeholderNamesSomewhere.has(name) && exampleHosts.test(host)) return null;
  return `${name}@${domainToASCII(host) || host}`;
}

/** Normal form of a phone number: its digits, without the international prefix 00; null where it can be nobody's. */
export function normalPhone(given: string): string | null {
  const digits = given.normalize('NFKC').replace(/\D/g, '').replace(/^00/, '');
  return digits.length < 6 || digits.length > 15 || /^(\d)\1*$/.test(digits) ? null : digits;
}

/** Normal form of a shop's customer number; null for what shops write when there is no customer. */
export const normalCustomerId = (given: string): string | null => (nobody.test(folded(given)) ? null : given);

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
