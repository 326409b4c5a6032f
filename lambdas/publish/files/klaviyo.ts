import { isoDate } from '../../lake/day.ts';
import { offerName } from '../../wording/names.ts';
import { amountText } from './cells.ts';
import type { FileFormat, Words } from './format.ts';
import type { AudienceMember, Contact } from './member.ts';
import { reasonText } from './people.ts';

const upload = {
  name: 'klaviyo',
  isForPeople: false,
  leftOut: ({ member, usable }) => (usable.email !== null ? null : member.email === null ? 'no_email' : 'bad_email'),
  splitsByConsent: false,
} as const satisfies Omit<FileFormat<Contact, unknown>, 'columns'>;

const email: FileFormat<Contact, unknown>['columns'][number] = ['Email', ({ usable }) => usable.email ?? ''];

/**
 * A Klaviyo list: a header names a property, and what Klaviyo has no property for becomes a custom one, with codes that
 * flows can ask for. There is no consent column: a score is no consent, and Klaviyo keeps what it knows where there is none.
 */
export const klaviyoList: FileFormat<AudienceMember, Words> = {
  ...upload,
  columns: [
    email,
    ['Phone Number', ({ usable }) => usable.phone ?? ''],
    ['First Name', ({ member }) => member.first_name ?? ''],
    ['Last Name', ({ member }) => member.last_name ?? ''],
    ['Country', ({ usable }) => usable.country ?? ''],
    ['Birthday', ({ member }) => (member.birthday === null ? '' : isoDate(member.birthday))],
    ['Winback Campaign', ({ words }) => words.campaign.code],
    ['Winback On List Since', ({ member }) => isoDate(member.entered_on)],
    ['Winback Offer', ({ member }) => member.offer],
    ['Winback Offer Text', ({ member, words }) => offerName(words.language, member.offer)],
    ['Winback Risk Band', ({ member }) => member.risk_band ?? ''],
    ['Winback Segment', ({ member }) => member.segment ?? ''],
    ['Winback Value At Risk', ({ member }) => amountText(member.value_at_risk)],
    ['Winback Expected Spend', ({ member }) => amountText(member.spend_if_active)],
    ['Winback Net Spend', ({ member }) => amountText(member.monetary_value)],
    ['Winback Currency', ({ words }) => words.currency],
    ['Winback Orders', ({ member }) => String(member.orders)],
    ['Winback Last Order', ({ member }) => isoDate(member.last_order_on)],
    [
      'Winback Next Order Due',
      ({ member }) => (member.expected_next_order_on === null ? '' : isoDate(member.expected_next_order_on)),
    ],
    ['Winback Favourite Category', ({ member }) => member.favourite_category ?? ''],
    ['Winback Reason 1', ({ member: m, words }) => reasonText(m.reason_1_code, m.reason_1_value, words)],
    ['Winback Reason 2', ({ member: m, words }) => reasonText(m.reason_2_code, m.reason_2_value, words)],
    ['Winback Reason 3', ({ member: m, words }) => reasonText(m.reason_3_code, m.reason_3_value, words)],
  ],
};

/** The one column of Klaviyo's suppression file, which can be taken in as a list to exclude as well. */
export const klaviyoExclusion: FileFormat<Contact, unknown> = { ...upload, columns: [email] };
