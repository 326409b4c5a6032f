import {
  count,
  date,
  flag,
  integer,
  money,
  optionalDate,
  optionalFlag,
  optionalReal,
  optionalText,
  type RowOf,
  real,
  text,
} from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import type { Language } from '../wording/language.ts';
import { bandName, offerName, segmentName } from '../wording/names.ts';
import { isReasonCode } from '../wording/reason-codes.ts';
import { reasonSentence } from '../wording/reasons.ts';

/** One person on a list, as audience.sql gives them. */
export const audienceMember = {
  columns: {
    position: integer('Place on the list.'),
    customer_key: text('Pseudonym.'),
    entered_on: date('Beginning of the episode.'),
    is_new: flag('New on the list.'),
    offer: text('Offer code.'),
    customer_id: optionalText("The shop platform's id."),
    email: optionalText('E-mail.'),
    phone: optionalText('Phone.'),
    first_name: optionalText('Given name.'),
    last_name: optionalText('Family name.'),
    country: optionalText('Country.'),
    accepts_marketing: optionalFlag('Consent.'),
    churn_probability: real('Risk.'),
    basis: text('What the risk rests on.'),
    risk_band: text('Band.'),
    value_at_risk: money('Value at risk.'),
    spend_if_active: money('Expected spend.'),
    average_gap_days: optionalReal('Own rhythm.'),
    expected_next_order_on: optionalDate('When the next order would be due.'),
    reason_1_code: optionalText('Reason.'),
    reason_1_value: optionalReal('Its number.'),
    reason_2_code: optionalText('Reason.'),
    reason_2_value: optionalReal('Its number.'),
    reason_3_code: optionalText('Reason.'),
    reason_3_value: optionalReal('Its number.'),
    last_order_on: date('Latest purchase.'),
    recency_days: integer('Days since.'),
    orders: count('Purchases.'),
    monetary_value: money('Net spend.'),
    segment: text('Lifecycle segment.'),
    favourite_category: optionalText('Favourite category.'),
  },
  key: ['position'],
};

export type AudienceMember = RowOf<typeof audienceMember.columns>;

/** What spreadsheets take for a formula when a cell begins with it, full-width forms too (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A cell of text from outside: quoted where CSV needs it, and never a formula. */
export function safeCell(value: string | null): string {
  const harmless = value === null ? '' : formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** An amount with two decimals, rounded half away from zero. */
export function amountText(tenThousandths: bigint): string {
  const sign = tenThousandths < 0n ? '-' : '';
  const cents = ((tenThousandths < 0n ? -tenThousandths : tenThousandths) + 50n) / 100n;
  return `${sign}${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

const consentText = (accepts: boolean | null): string => (accepts === null ? 'unknown' : accepts ? 'yes' : 'no');

interface Words {
  readonly language: Language;
  readonly currency: string;
}

function sentence(code: string | null, value: number | null, words: Words): string {
  if (code === null || !isReasonCode(code)) return '';
  return reasonSentence(words.language, code, value ?? 0, words.currency);
}

/** The columns of a people file in order: its header and what each row shows. */
const cells: readonly (readonly [header: string, cell: (member: AudienceMember, words: Words) => string])[] = [
  ['position', (m) => String(m.position)],
  ['customer_id', (m) => safeCell(m.customer_id)],
  ['email', (m) => safeCell(m.email)],
  ['phone', (m) => safeCell(m.phone)],
  ['first_name', (m) => safeCell(m.first_name)],
  ['last_name', (m) => safeCell(m.last_name)],
  ['country', (m) => safeCell(m.country)],
  ['consent', (m) => consentText(m.accepts_marketing)],
  // a rank by rule is no percentage
  ['risk_pct', (m) => (m.basis === 'rules' ? '' : (m.churn_probability * 100).toFixed(1))],
  ['risk', (m, w) => safeCell(bandName(w.language, m.risk_band))],
  ['value_at_risk', (m) => amountText(m.value_at_risk)],
  ['spend_if_active', (m) => amountText(m.spend_if_active)],
  ['last_order_on', (m) => isoDate(m.last_order_on)],
  ['days_since_last_order', (m) => String(m.recency_days)],
  ['average_days_between_orders', (m) => (m.average_gap_days === null ? '' : m.average_gap_days.toFixed(1))],
  ['expected_next_order_on', (m) => (m.expected_next_order_on === null ? '' : isoDate(m.expected_next_order_on))],
  ['orders', (m) => String(m.orders)],
  ['net_spend', (m) => amountText(m.monetary_value)],
  ['segment', (m, w) => safeCell(segmentName(w.language, m.segment))],
  ['favourite_category', (m) => safeCell(m.favourite_category)],
  ['offer', (m, w) => safeCell(offerName(w.language, m.offer))],
  ['why_1', (m, w) => safeCell(sentence(m.reason_1_code, m.reason_1_value, w))],
  ['why_2', (m, w) => safeCell(sentence(m.reason_2_code, m.reason_2_value, w))],
  ['why_3', (m, w) => safeCell(sentence(m.reason_3_code, m.reason_3_value, w))],
  ['on_list_since', (m) => isoDate(m.entered_on)],
  ['is_new', (m) => (m.is_new ? 'yes' : 'no')],
  ['customer_key', (m) => m.customer_key],
];

/**
 * A list for people to read: CSV as in RFC 4180, UTF-8 with a byte order mark so that spreadsheets show every script,
 * and no cell that a spreadsheet would run as a formula. Streams: holds one member at a time.
 */
export async function* peopleCsv(members: AsyncIterable<AudienceMember>, words: Words): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`\uFEFF${cells.map(([header]) => header).join(',')}\r\n`);
  for await (const member of members) {
    yield encoder.encode(`${cells.map(([, cell]) => cell(member, words)).join(',')}\r\n`);
  }
}
