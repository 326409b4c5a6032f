import { type Random, uniform } from '../../lambdas/model/random.ts';
import { chance, pick, pickWeighted, wholeBetween } from './distributions.ts';
import { nameStocks } from './names.ts';
import { type Country, countries } from './shop.ts';
import { dateOfDay, dayOfDate } from './shop-clock.ts';

/** A made-up person behind a customer, as the shop knows them. A field that the shop does not know is empty. */
export interface Person {
  customerId: string;
  /** A second account of the same person with the same e-mail, used from the third order on. Empty for most. */
  laterCustomerId: string;
  email: string;
  firstName: string;
  lastName: string;
  country: string;
  /** As typed once: `+36 20 512 3456`, `+36205123456` or, in Hungary, `06 20 512 3456`. */
  phone: string;
  birthday: string;
  acceptsMarketing: '' | 'yes' | 'no';
  /** Day from which `acceptsMarketing` reads `no`; null for those who never change their mind. */
  unsubscribedOn: number | null;
}

const firstCustomerNumber = 10_001;
/** Domains that nobody can own (RFC 2606). */
const mailDomains = ['example.com', 'example.org', 'example.net', 'mail.example'] as const;
const shares = {
  secondAccount: 0.03,
  withoutEmail: 0.03,
  withPhone: 0.6,
  withBirthday: 0.35,
  unsubscribes: 0.08,
};
const consents = [
  { value: 'yes', share: 58 },
  { value: 'no', share: 24 },
  { value: '', share: 18 },
] as const;
const earliestBirthday = dayOfDate('1948-01-01');
const latestBirthday = dayOfDate('2006-12-31');

/** Makes up the person with this position in the order of joining; no two positions share an id, e-mail or phone. */
export function inventPerson(index: number, joinedDay: number, random: Random): Person {
  const country = pickWeighted(random, countries, ({ share }) => share);
  const names = nameStocks[country.language];
  const given = pick(random, names.given);
  const family = pick(random, names.family);
  const number = firstCustomerNumber + index;
  const hasEmail = !chance(random, shares.withoutEmail);
  const hasSecondAccount = chance(random, shares.secondAccount) && hasEmail;
  const acceptsMarketing = pickWeighted(random, consents, ({ share }) => share).value;
  const unsubscribes = chance(random, shares.unsubscribes) && acceptsMarketing === 'yes';
  return {
    customerId: `C-${number}`,
    laterCustomerId: hasSecondAccount ? `A-${number}` : '',
    email: hasEmail ? `${given.latin}.${family.latin}.${number}@${pick(random, mailDomains)}` : '',
    firstName: given.written,
    lastName: family.written,
    country: country.code,
    phone: chance(random, shares.withPhone) ? phoneOf(country, index, random) : '',
    birthday: chance(random, shares.withBirthday)
      ? dateOfDay(wholeBetween(random, earliestBirthday, latestBirthday))
      : '',
    acceptsMarketing,
    unsubscribedOn: unsubscribes ? Math.floor(joinedDay) + wholeBetween(random, 20, 500) : null,
  };
}

/** The six last digits run through all values before one comes again, so a million customers have their own each. */
function phoneOf(country: Country, index: number, random: Random): string {
  const digits = String((index * 7_919 + 104_729) % 1_000_000).padStart(6, '0');
  const spaced = `${pick(random, country.mobilePrefixes)}${digits.slice(0, 2)} ${digits.slice(2)}`;
  const style = uniform(random);
  if (style < 0.3) return spaced.replaceAll(' ', '');
  return country.code === 'HU' && style < 0.55 ? spaced.replace('+36 ', '06 ') : spaced;
}

/** The e-mail as somebody types it: mostly plain, sometimes in capitals or with blanks around it. */
export function asTyped(email: string, random: Random): string {
  if (email === '') return '';
  const style = uniform(random);
  if (style < 0.88) return email;
  if (style < 0.93) return email.charAt(0).toUpperCase() + email.slice(1);
  if (style < 0.96) return email.toUpperCase();
  return style < 0.98 ? ` ${email}` : `${email}  `;
}
