import {
  count,
  date,
  flag,
  integer,
  money,
  optionalDate,
  optionalFlag,
  optionalMoney,
  optionalReal,
  optionalText,
  type RowOf,
  text,
} from '../../lake/column.ts';

const contactColumns = {
  customer_key: text('Pseudonym.'),
  customer_id: optionalText("The shop platform's id."),
  email: optionalText('E-mail, as exported.'),
  phone: optionalText('Phone, as exported.'),
  first_name: optionalText('Given name.'),
  last_name: optionalText('Family name.'),
  country: optionalText('Country, as exported: a name or a code.'),
  accepts_marketing: optionalFlag('Consent; null where nobody said.'),
};

/** How to reach one person, and whether they agreed to it. */
export type Contact = RowOf<typeof contactColumns>;

/** One person on a campaign's list, as audience.sql gives them. */
export const audienceMember = {
  columns: {
    position: integer('Place on the list.'),
    ...contactColumns,
    birthday: optionalDate('Day of birth.'),
    entered_on: date('Beginning of the episode.'),
    is_new: flag('New on the list.'),
    offer: text('Offer code.'),
    churn_probability: optionalReal('Risk; null for somebody who has returned everything.'),
    basis: optionalText('What the risk rests on.'),
    risk_band: optionalText('Band.'),
    value_at_risk: money('Value at risk.'),
    spend_if_active: money('Expected spend.'),
    expected_profit: optionalMoney('Expected profit of a contact.'),
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
    segment: optionalText('Lifecycle segment.'),
    favourite_category: optionalText('Favourite category.'),
  },
  key: ['position'],
};

export type AudienceMember = RowOf<typeof audienceMember.columns>;

/** One person of an exclusion audience: whom a campaign must not reach. */
export const excludedMember = {
  columns: { ...contactColumns, because: text('Why the person is left out, as a code.') },
  key: ['customer_key'],
};

export type ExcludedMember = RowOf<typeof excludedMember.columns>;
