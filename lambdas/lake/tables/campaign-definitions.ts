import {
  type Column,
  date,
  flag,
  integer,
  money,
  optionalCount,
  optionalDate,
  optionalInteger,
  optionalReal,
  optionalText,
  real,
  text,
} from '../column.ts';
import { defineTable } from '../table.ts';

export const segments = defineTable({
  name: 'segments',
  kind: 'run',
  grain: 'One cell of the RFM grid: every buyer is in exactly one, and so in one lifecycle segment.',
  key: ['recency_score', 'value_score'],
  columns: {
    recency_score: integer('R, 1 (longest ago) to 5.'),
    value_score: integer('V = ceil((F + M) / 2), 1 to 5.'),
    segment: text('Lifecycle segment of the cell.'),
    name: text("Its name in the shop's language."),
  },
});

export const campaigns = defineTable({
  name: 'campaigns',
  kind: 'run',
  grain: 'One campaign as this night defines it.',
  key: ['campaign'],
  columns: {
    campaign: text('Code of the campaign.'),
    priority: integer('Place in the order in which campaigns choose, from 1.'),
    campaign_group: text('A customer is in at most one campaign of a group at a time.'),
    name: text("Its name in the shop's language."),
    hint: text('Who is on it and what to do with the list.'),
    offer: text('What to offer: code of the offer, or the words of an own campaign.'),
    value_from_pct: integer(
      'Slice of those who fit by value at risk, in percent from the top: where it begins.',
      'percent',
    ),
    value_to_pct: integer('Where it ends.', 'percent'),
    max_members: optionalInteger('Most members at a time, all arms together; null for no limit.', 'customers'),
    max_days: integer('Days after which an episode ends by itself.', 'days'),
    again_after_days: integer('Days from the end of an episode to the next of the same customer.', 'days'),
    counts_as_contact: flag('Entering uses up one of publish.max_contacts; a tier is a status and does not.'),
    ends_on_purchase: flag('A purchase after entered_on ends the episode.'),
    control_pct: real("The campaign's own control group, besides the global one.", 'percent'),
    control_multiplier: integer(
      'With control_offset, what draws that group from the pseudonyms, from the name of the campaign.',
    ),
    control_offset: integer('See control_multiplier.'),
    contact_cost: money('What contacting one customer costs.', 'reporting currency'),
    expected_lift: real('Points of reactivation that a contact is taken to bring.', 'percentage points'),
    is_lift_measured: flag('Results of earlier campaigns have shown that lift; otherwise it is as configured.'),
  },
});

export const campaignMeasures = {
  orders: ['Purchases; 0 for somebody who has returned everything.', 'orders'],
  orders_180d: ['Purchases in the last 180 days.', 'orders'],
  orders_past_ten: ['Purchases since the latest tenth one: 0 right after the 10th, 20th, …', 'orders'],
  recency_days: ['Days since the latest purchase.', 'days'],
  tenure_days: ['Days since the first purchase.', 'days'],
  overdue_pct: ['Days since the latest purchase against the own average gap; 1000 without a gap.', 'percent'],
  risk: ['Risk band: 1 low, 2 medium, 3 high.', 'band'],
  net_spend: ['Net spend, in whole units of the reporting currency, rounded up.', 'reporting currency'],
  spend_top_pct: ['Place among all buyers by net spend, 0 for the top.', 'percent'],
  year_spend_top_pct: ['Place among all buyers by net spend of the last 365 days.', 'percent'],
  days_since_refund: ['Days since the latest refund or credit note.', 'days'],
  days_since_complaint: ['Days since an answer of a detractor, when that is the latest answer.', 'days'],
  days_since_trouble: ['Days since the later of refund and complaint.', 'days'],
  days_to_birthday: ['Days until the next birthday, up to 31.', 'days'],
  days_to_anniversary: ['Days until the next anniversary of the first purchase, up to 31.', 'days'],
} as const;

export type CampaignMeasure = keyof typeof campaignMeasures;

const measured = Object.fromEntries(
  Object.entries(campaignMeasures).map(([name, [meaning, unit]]) => [name, optionalCount(meaning, unit)]),
) as Record<CampaignMeasure, Column<'bigint', true>>;

const bounds = Object.fromEntries(
  Object.entries(campaignMeasures).flatMap(([name, [meaning, unit]]) => [
    [`min_${name}`, optionalCount(`${meaning} At least this.`, unit)],
    [`max_${name}`, optionalCount(`${meaning} At most this.`, unit)],
  ]),
) as Record<`${'min' | 'max'}_${CampaignMeasure}`, Column<'bigint', true>>;

export const campaignRules = defineTable({
  name: 'campaign_rules',
  kind: 'run',
  grain: 'One rule of one campaign: who enters it, or who stays in it.',
  key: ['campaign', 'rule'],
  columns: {
    campaign: text('The campaign.'),
    rule: text('enters or stays.'),
    segments: optionalText('Lifecycle segments that fit, between commas: ,lost,hibernating, ; null for all.'),
    ...bounds,
  },
});

export const campaignFilters = defineTable({
  name: 'campaign_filters',
  kind: 'run',
  grain: 'One value that customers must have, or must not have, to enter a campaign.',
  key: ['campaign', 'attribute', 'value'],
  columns: {
    campaign: text('The campaign.'),
    attribute: text('favourite_category, country or channel.'),
    value: text('The value, as in customer_features.'),
    is_excluded: flag('Customers with the value are left out; otherwise only those with one of the values enter.'),
  },
});

export const campaignPeople = defineTable({
  name: 'campaign_people',
  kind: 'run',
  grain: 'One person whom campaigns may be about: a buyer, or somebody who has returned everything they bought.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    last_order_on: date('Day of the latest purchase; of somebody who has none left, that of the latest returned one.'),
    last_refund_on: optionalDate('Day of the latest refund or credit note.'),
  },
});

export const buyerMeasures = defineTable({
  name: 'campaign_measures',
  kind: 'run',
  personal: true,
  grain: 'One person of campaign_people, as the rules of campaigns see them.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    segment: optionalText('Lifecycle segment; null for somebody who has returned everything.'),
    favourite_category: optionalText('Category with most purchases.'),
    country: optionalText('Country of the latest purchase that states one.'),
    channel: optionalText('Channel of the latest purchase that states one.'),
    last_order_on: date('As in campaign_people.'),
    churn_probability: optionalReal('Probability of loss; null for somebody who has returned everything.'),
    spend_if_active: money('Expected spend of somebody who buys; 0 without a score.', 'reporting currency'),
    value_at_risk: money('churn_probability × spend_if_active.', 'reporting currency'),
    ...measured,
  },
});

export const campaignFits = defineTable({
  name: 'campaign_fits',
  kind: 'run',
  grain: 'One person who fits one rule of one campaign; who stays is asked of open episodes alone.',
  key: ['campaign', 'rule', 'customer_key'],
  columns: {
    campaign: text('The campaign.'),
    rule: text('enters or stays.'),
    customer_key: text('Pseudonym of the person.'),
  },
});
