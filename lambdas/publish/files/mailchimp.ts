import { isoDate } from '../../lake/day.ts';
import { offerName } from '../../wording/names.ts';
import { amountText, clipped } from './cells.ts';
import type { Entry, FileFormat, LeftOutReason, Words } from './format.ts';
import type { AudienceMember, Contact } from './member.ts';
import { reasonText } from './people.ts';

/** A text field of Mailchimp ends after so many bytes. */
const mostBytes = 255;

const text = (value: string | null): string => clipped(value ?? '', mostBytes);

/** Mailchimp takes other than ASCII characters after the @ only, where a normal address has none. */
function leftOut({ member, usable }: Entry<Contact, unknown>): LeftOutReason | null {
  if (member.email === null) return 'no_email';
  if (usable.email === null) return 'bad_email';
  return /[^\x21-\x7E]/.test(usable.email) ? 'email_not_ascii' : null;
}

const upload = { name: 'mailchimp', isForPeople: false, leftOut, splitsByConsent: false } as const;

const email: FileFormat<Contact, unknown>['columns'][number] = ['Email Address', ({ usable }) => usable.email ?? ''];

/** Month and day, as Mailchimp writes birthdays. */
const monthAndDay = (day: number): string => isoDate(day).slice(-5).replace('-', '/');

const tags = (campaign: string, riskBand: string | null): string =>
  ['winback', `winback ${campaign}`, ...(riskBand === null ? [] : [`winback risk ${riskBand}`])].join(',');

/** A Mailchimp audience: texts of at most 255 bytes, tags by which segments can be made. */
export const mailchimpList: FileFormat<AudienceMember, Words> = {
  ...upload,
  columns: [
    email,
    ['First Name', ({ member }) => text(member.first_name)],
    ['Last Name', ({ member }) => text(member.last_name)],
    ['Phone Number', ({ usable }) => usable.phone ?? ''],
    ['Country', ({ usable }) => usable.country ?? ''],
    ['Birthday', ({ member }) => (member.birthday === null ? '' : monthAndDay(member.birthday))],
    ['Tags', ({ member, words }) => tags(words.campaign.code, member.risk_band)],
    ['Campaign', ({ words }) => text(words.campaign.name)],
    ['Offer', ({ member, words }) => text(offerName(words.language, member.offer))],
    ['On List Since', ({ member }) => isoDate(member.entered_on)],
    ['Value At Risk', ({ member }) => amountText(member.value_at_risk)],
    ['Net Spend', ({ member }) => amountText(member.monetary_value)],
    ['Orders', ({ member }) => String(member.orders)],
    ['Last Order', ({ member }) => isoDate(member.last_order_on)],
    ['Favourite Category', ({ member }) => text(member.favourite_category)],
    ['Reason 1', ({ member: m, words }) => text(reasonText(m.reason_1_code, m.reason_1_value, words))],
    ['Reason 2', ({ member: m, words }) => text(reasonText(m.reason_2_code, m.reason_2_value, words))],
    ['Reason 3', ({ member: m, words }) => text(reasonText(m.reason_3_code, m.reason_3_value, words))],
  ],
};

/** Addresses that Mailchimp is to leave out. */
export const mailchimpExclusion: FileFormat<Contact, unknown> = { ...upload, columns: [email] };
