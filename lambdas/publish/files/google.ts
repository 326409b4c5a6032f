import { leftOutOfAds } from './ad-platform.ts';
import type { FileFormat } from './format.ts';
import type { Contact } from './member.ts';
import { hashed } from './usable-contact.ts';

/**
 * Google Customer Match, for lists and exclusions alike: hashed e-mail and phone number (E.164 with its +). Matching by
 * name needs first name, last name, country and postcode together; exports give us no postcode, so none of them is here.
 * Consent (both signals, ad_user_data and ad_personalization) is stated for a whole upload, hence the separate files.
 */
export const googleCustomerMatch: FileFormat<Contact, unknown> = {
  name: 'google',
  isForPeople: false,
  leftOut: leftOutOfAds,
  splitsByConsent: true,
  columns: [
    ['Email', ({ usable }) => hashed(usable.email)],
    ['Phone', ({ usable }) => hashed(usable.phone)],
  ],
};
