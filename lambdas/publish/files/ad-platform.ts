import type { Entry, LeftOutReason } from './format.ts';
import type { Contact, ExcludedMember } from './member.ts';

/** Reasons of an exclusion audience by which a person has not agreed. */
const refusals: readonly string[] = ['suppressed', 'no_consent', 'unknown_consent'];

/**
 * Who can be in a file for an advertising platform: anybody with an address or phone number who has not refused. Whoever
 * refused is not handed to one even to be left out there, because no list that we hand over ever names them.
 */
export function leftOutOfAds({ member, usable }: Entry<Contact | ExcludedMember, unknown>): LeftOutReason | null {
  const hasRefused = member.accepts_marketing === false || ('because' in member && refusals.includes(member.because));
  if (hasRefused) return 'refused';
  if (usable.email !== null || usable.phone !== null) return null;
  return member.email === null && member.phone === null ? 'no_contact' : 'bad_contact';
}
