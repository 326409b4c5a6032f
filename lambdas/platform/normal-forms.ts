import { domainToASCII } from 'node:url';

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
  /^[^\s@"(),:;<>[\]\\]+@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]{2}$/u;

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
