import { isoDate } from '../../lake/day.ts';
import { bandName, offerName, segmentName } from '../../wording/names.ts';
import { isReasonCode } from '../../wording/reason-codes.ts';
import { reasonSentence } from '../../wording/reasons.ts';
import { amountText, withoutFormula } from './cells.ts';
import type { FileFormat, Words } from './format.ts';
import type { AudienceMember, Contact, ExcludedMember } from './member.ts';

const dateText = (day: number | null): string => (day === null ? '' : isoDate(day));

const consentText = (accepts: boolean | null): string => (accepts === null ? 'unknown' : accepts ? 'yes' : 'no');

/** Risk in percent; nothing where there is none, nor for a rank by rule, which is no percentage. */
const riskText = ({ basis, churn_probability: risk }: AudienceMember): string =>
  basis === 'rules' || risk === null ? '' : (risk * 100).toFixed(1);

const named = (code: string | null, nameOf: (code: string) => string): string =>
  code === null ? '' : withoutFormula(nameOf(code));

/** A reason in the shop's language; nothing for none. */
export function reasonText(code: string | null, value: number | null, { language, currency }: Words): string {
  return code !== null && isReasonCode(code) ? reasonSentence(language, code, value ?? 0, currency) : '';
}

type ContactColumns = FileFormat<Contact, unknown>['columns'];

const contactColumns: ContactColumns = [
  ['customer_id', ({ member }) => withoutFormula(member.customer_id)],
  ['email', ({ member }) => withoutFormula(member.email)],
  ['phone', ({ member }) => withoutFormula(member.phone)],
  ['first_name', ({ member }) => withoutFormula(member.first_name)],
  ['last_name', ({ member }) => withoutFormula(member.last_name)],
  ['country', ({ member }) => withoutFormula(member.country)],
  ['consent', ({ member }) => consentText(member.accepts_marketing)],
];

const forPeople = { name: 'people', isForPeople: true, leftOut: () => null, splitsByConsent: false } as const;

/** A list for people to read, with all that is known of each member. */
export const peopleList: FileFormat<AudienceMember, Words> = {
  ...forPeople,
  columns: [
    ['position', ({ member }) => String(member.position)],
    ...contactColumns,
    ['birthday', ({ member }) => dateText(member.birthday)],
    ['risk_pct', ({ member }) => riskText(member)],
    ['risk', ({ member, words }) => named(member.risk_band, (code) => bandName(words.language, code))],
    ['value_at_risk', ({ member }) => amountText(member.value_at_risk)],
    ['spend_if_active', ({ member }) => amountText(member.spend_if_active)],
    ['expected_profit', ({ member }) => (member.expected_profit === null ? '' : amountText(member.expected_profit))],
    ['last_order_on', ({ member }) => isoDate(member.last_order_on)],
    ['days_since_last_order', ({ member }) => String(member.recency_days)],
    ['average_days_between_orders', ({ member }) => member.average_gap_days?.toFixed(1) ?? ''],
    ['expected_next_order_on', ({ member }) => dateText(member.expected_next_order_on)],
    ['orders', ({ member }) => String(member.orders)],
    ['net_spend', ({ member }) => amountText(member.monetary_value)],
    ['segment', ({ member, words }) => named(member.segment, (code) => segmentName(words.language, code))],
    ['favourite_category', ({ member }) => withoutFormula(member.favourite_category)],
    ['offer', ({ member, words }) => withoutFormula(offerName(words.language, member.offer))],
    ['why_on_list', ({ words }) => withoutFormula(words.campaign.hint)],
    ['why_1', ({ member: m, words }) => withoutFormula(reasonText(m.reason_1_code, m.reason_1_value, words))],
    ['why_2', ({ member: m, words }) => withoutFormula(reasonText(m.reason_2_code, m.reason_2_value, words))],
    ['why_3', ({ member: m, words }) => withoutFormula(reasonText(m.reason_3_code, m.reason_3_value, words))],
    ['on_list_since', ({ member }) => isoDate(member.entered_on)],
    ['is_new', ({ member }) => (member.is_new ? 'yes' : 'no')],
    ['customer_key', ({ member }) => member.customer_key],
  ],
};

/** An exclusion audience for people to read. */
export const peopleExclusion: FileFormat<ExcludedMember, unknown> = {
  ...forPeople,
  columns: [
    ...contactColumns,
    ['because', ({ member }) => withoutFormula(member.because)],
    ['customer_key', ({ member }) => member.customer_key],
  ],
};
