import { hash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { normalEmail } from '../../platform/normal-forms.ts';
import { countryCode } from './countries.ts';
import type { Contact } from './member.ts';

/** What of a contact platforms can use; null is what was not given or cannot be used. */
export interface UsableContact {
  /** Normal form of the address. */
  readonly email: string | null;
  /** E.164, with its +. */
  readonly phone: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** Longest address that mail can have (RFC 5321, with the erratum that corrects it). */
const longestEmail = 254;

/** Normal form of an address, its host as DNS has it, so that hosts of every script are taken. */
function emailAddress(given: string): string | null {
  const email = normalEmail(given.trim().replace(/(?<=@)[^@]+$/, (host) => domainToASCII(host) || host));
  return email !== null && email.length <= longestEmail ? email : null;
}

function phoneNumber(given: string, country: string | null): string | null {
  const home: CountryCode | undefined = country !== null && isSupportedCountry(country) ? country : undefined;
  const text = given.normalize('NFKC').trim();
  const parsed = parsePhoneNumberFromString(text, home);
  if (parsed?.isValid()) return parsed.number;
  if (!text.startsWith('00')) return null;
  const international = parsePhoneNumberFromString(`+${text.slice(2)}`);
  return international?.isValid() ? international.number : null;
}

/**
 * Address, phone number and country as platforms want them.
 * @param phoneCountry country of numbers without country code where the person's own is not known; null for none
 */
export function usableContact(contact: Contact, phoneCountry: string | null): UsableContact {
  const country = contact.country === null ? null : countryCode(contact.country);
  return {
    email: contact.email === null ? null : emailAddress(contact.email),
    phone: contact.phone === null ? null : phoneNumber(contact.phone, country ?? phoneCountry),
    country,
  };
}

/** SHA-256 in lower-case hex; nothing for nothing, because the hash of an empty text would match strangers. */
export const hashed = (value: string | null): string => (value === null || value === '' ? '' : hash('sha256', value));

/** A name as it is hashed: lower case, letters of any script and digits, words one space apart; null if none is left. */
export function hashableName(name: string | null): string | null {
  const letters = (name ?? '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, '');
  return letters.trim().replace(/\s+/g, ' ') || null;
}
