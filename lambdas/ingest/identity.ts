import type { IdentityKeys } from '../platform/identity-keys.ts';
import type { Pools } from './book/row.ts';
import { absent, type BytePool } from './records/byte-pool.ts';

const placeholderNames = new Set(
  'guest noreply no-reply no_reply donotreply do-not-reply none noemail no-email nomail null unknown anonymous n/a'.split(
    ' ',
  ),
);
const exampleHosts = /(^|\.)(example\.(com|org|net)|example|invalid|localhost|test)$/;
const testNames = new Set(['test', 'tester', 'testing']);
const nobody = new Set([
  '',
  '0',
  '-',
  '--',
  'null',
  'none',
  'nil',
  'nan',
  'n/a',
  'na',
  '#n/a',
  'guest',
  'unknown',
  'anonymous',
  'undefined',
]);

const isNobody = (text: string): boolean => nobody.has(text.toLowerCase());

/**
 * Normal form of an e-mail address: without blanks around it, lower case, Unicode NFKC; null for what is no address and
 * for addresses that shops put in for people who gave none, because those would make one person of strangers.
 */
export function normalEmail(given: string): string | null {
  const email = given.normalize('NFKC').trim().toLowerCase();
  const sign = email.lastIndexOf('@');
  const name = email.slice(0, sign);
  const host = email.slice(sign + 1);
  if (sign < 1 || host.length < 3 || !host.includes('.') || /\s/.test(email)) return null;
  if (placeholderNames.has(name)) return null;
  return testNames.has(name) && exampleHosts.test(host) ? null : email;
}

/** Normal form of a phone number: its digits, without the international prefix 00; null where it can be nobody's. */
export function normalPhone(given: string): string | null {
  const digits = given.normalize('NFKC').replace(/\D/g, '').replace(/^00/, '');
  return digits.length < 6 || digits.length > 15 || /^(\d)\1*$/.test(digits) ? null : digits;
}

/** Normal form of a shop's customer number; null for what shops write when there is no customer. */
export const normalCustomerId = (given: string): string | null => (isNobody(given) ? null : given);

/** Values of one kind that name people, in normal form, with their pseudonyms. */
export interface Identifiers {
  /** Number of the normal form of a text, by the number of the text as given; `absent` where it names nobody. */
  normal(given: number): number;
  /** Pseudonym of a normal form, or null for `absent`. */
  key(normal: number): string | null;
}

const unknown = -2;
const keyBytes = 16;

/** Remembers each normal form and each pseudonym once, in 24 bytes. */
function createIdentifiers(
  pool: BytePool,
  normalise: (given: string) => string | null,
  pseudonym: (value: string) => string,
): Identifiers {
  let normals: Int32Array = new Int32Array(0);
  let keys = Buffer.alloc(0);
  let isMade = new Uint8Array(0);

  const growNormals = (): void => {
    const wider = new Int32Array(pool.size * 2).fill(unknown);
    wider.set(normals);
    normals = wider;
  };
  const growKeys = (): void => {
    const room = pool.size + 1024;
    keys = Buffer.concat([keys], room * keyBytes);
    const wider = new Uint8Array(room);
    wider.set(isMade);
    isMade = wider;
  };
  return {
    normal(given) {
      if (given === absent) return absent;
      if (given >= normals.length) growNormals();
      if (normals[given] === unknown) {
        const value = normalise(pool.text(given));
        normals[given] = value === null ? absent : pool.internText(value);
      }
      return normals[given]!;
    },
    key(normal) {
      if (normal === absent) return null;
      if (normal >= isMade.length) growKeys();
      const from = normal * keyBytes;
      if (isMade[normal] === 0) {
        keys.write(pseudonym(pool.text(normal)), from, 'hex');
        isMade[normal] = 1;
      }
      return keys.toString('hex', from, from + keyBytes);
    },
  };
}

/** The people of one file. */
export interface FileIdentities {
  readonly email: Identifiers;
  readonly phone: Identifiers;
  readonly platform: Identifiers;
}

/** Identifiers of one file's people; a customer number is unique within its source alone. */
export const fileIdentities = (pools: Pools, keys: IdentityKeys, source: string): FileIdentities => ({
  email: createIdentifiers(pools.emails, normalEmail, (value) => keys.pseudonym('email', value)),
  phone: createIdentifiers(pools.phones, normalPhone, (value) => keys.pseudonym('phone', value)),
  platform: createIdentifiers(pools.customers, normalCustomerId, (value) =>
    keys.pseudonym('customer', `${source}:${value}`),
  ),
});
