import { isoDate } from '../../lake/day.ts';
import { leftOutOfAds } from './ad-platform.ts';
import { amountText } from './cells.ts';
import type { FileFormat, Words } from './format.ts';
import type { AudienceMember, Contact } from './member.ts';
import { hashableName, hashed } from './usable-contact.ts';

const upload = { name: 'meta', isForPeople: false, leftOut: leftOutOfAds, splitsByConsent: false } as const;

type Columns<M> = FileFormat<M, unknown>['columns'];

const none = (): string => '';

/** Phone numbers are digits with country code and without +, unlike Google's. */
const digits = (phone: string | null): string | null => phone?.replace('+', '') ?? null;

const contactColumns: Columns<Contact> = [
  ['email', ({ usable }) => hashed(usable.email)],
  ['email', none],
  ['email', none],
  ['phone', ({ usable }) => hashed(digits(usable.phone))],
  ['phone', none],
  ['phone', none],
  ['madid', none],
  ['fn', ({ member }) => hashed(hashableName(member.first_name))],
  ['ln', ({ member }) => hashed(hashableName(member.last_name))],
  ['zip', none],
  ['ct', none],
  ['st', none],
  ['country', ({ usable }) => hashed(usable.country?.toLowerCase() ?? null)],
  ['dob', none],
];

const lastColumns: Columns<Contact> = [
  ['gen', none],
  ['age', none],
  ['uid', none],
];

/** What a customer has been worth so far; the template has no values below 0. */
const worth = (monetaryValue: bigint): string => amountText(monetaryValue < 0n ? 0n : monetaryValue);

/** A Meta customer list with values: the columns of its template, identifiers hashed with SHA-256. */
export const metaList: FileFormat<AudienceMember, Words> = {
  ...upload,
  columns: [
    ...contactColumns,
    ['doby', ({ member }) => (member.birthday === null ? '' : hashed(isoDate(member.birthday).slice(0, 4)))],
    ...lastColumns,
    ['value', ({ member }) => worth(member.monetary_value)],
  ],
};

/** A Meta customer list to exclude: the same template without values. */
export const metaExclusion: FileFormat<Contact, unknown> = {
  ...upload,
  columns: [...contactColumns, ['doby', none], ...lastColumns],
};
