import {
  date,
  flag,
  integer,
  money,
  optionalDate,
  optionalInteger,
  optionalMoney,
  optionalReal,
  optionalText,
  real,
  text,
} from '../column.ts';
import { defineTable } from '../table.ts';

export const peopleBefore = defineTable({
  name: 'people_before',
  kind: 'run',
  grain: 'One person as the night before knew them, and who they are tonight.',
  key: ['earlier_key'],
  columns: {
    earlier_key: text('Pseudonym on the night before.'),
    customer_key: text('Pseudonym tonight: another one where two persons have turned out to be one.'),
  },
});

export const segmentMoves = defineTable({
  name: 'segment_moves',
  kind: 'run',
  grain: 'One customer who changed segment since the night before.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    moved_on: date('as_of of the night that saw it.'),
    from_segment: optionalText('Segment of the night before; null for a first-time buyer.'),
    to_segment: optionalText('Segment of this night; null for somebody whose only purchases were undone.'),
    cause: text('purchase, refund or time.'),
    days_since_last_night: optionalInteger('Days between the two nights.', 'days'),
    last_order_on: optionalDate('Day of the latest purchase.'),
  },
});

export const watermarkInputs = defineTable({
  name: 'watermark_inputs',
  kind: 'run',
  grain: 'One ingest that was live when the lists were made: what it tells of later orders and of suppressions counts.',
  key: ['ingest_id'],
  columns: {
    ingest_id: text('The ingest.'),
    last_order_date: optionalDate('Latest order day that it tells of.'),
  },
});

export const customerArms = defineTable({
  name: 'customer_arms',
  kind: 'run',
  grain: 'One person and the arm that they were given when they were first seen.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    recorded_on: date('as_of of the night that first saw the person.'),
    arm: text('control = kept out of every campaign, to measure against; treatment = all others.'),
    control_pct: real('Share that control was drawn with on that night.', 'percent'),
  },
});

export const contactPermissions = defineTable({
  name: 'contact_permissions',
  kind: 'run',
  grain: 'One person of campaign_people, and whether campaigns may reach them.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    refused_because: optionalText(
      'suppressed, no_consent, unknown_consent, no_contact, wholesale or ordered_since; null for somebody who may be contacted.',
    ),
  },
});

const arm = text('treatment = on the list; control = would be, but is not contacted, to measure against.');

const armReason = 'of a control: global or campaign, whichever group they belong to';

export const campaignMembers = defineTable({
  name: 'campaign_members',
  kind: 'run',
  grain: 'One open episode of one customer in one campaign; or one who fits it and must not be contacted.',
  key: ['campaign', 'customer_key'],
  columns: {
    campaign: text('Name of the campaign.'),
    customer_key: text('Pseudonym of the person.'),
    position: optionalInteger(
      'Place in the campaign within its arm, from 1: by expected profit where contacts have a cost, else by value at risk; null where excluded.',
    ),
    arm: text('treatment = on the list; control = counted, never contacted; excluded = may not be contacted.'),
    arm_reason: optionalText(
      `Null for treatment; ${armReason}; of an excluded: a reason of contact_permissions, cooling_off, does_not_pay (in none of the group whose rule and slice they fit), list_full or contact_cap.`,
    ),
    entered_on: date('as_of of the night on which the episode began.'),
    is_new: flag('Entered on this night.'),
    cause: text('Why the customer is on the list: the group of the campaign.'),
    offer: text('What to offer: code of the offer.'),
    value_at_risk: optionalMoney('Value at risk on this night.', 'reporting currency'),
    expected_profit: optionalMoney(
      'Lift of a contact × spend_if_active × margin − cost of a contact.',
      'reporting currency',
    ),
    churn_probability: optionalReal('Probability on this night.'),
    days_on_list: integer('Days since entered_on.', 'days'),
  },
});

export const campaignEpisodes = defineTable({
  name: 'campaign_episodes',
  kind: 'run',
  grain: 'One episode of one customer in one campaign, open or ended, of this night or any before it.',
  key: ['campaign', 'customer_key', 'entered_on'],
  columns: {
    campaign: text('Name of the campaign.'),
    customer_key: text('Pseudonym of the person.'),
    entered_on: date('as_of of the night on which it began: its outcome is what follows from the day after.'),
    left_on: optionalDate('as_of of the night on which it ended; null while it is open.'),
    left_because: optionalText(
      'purchase, rule, max_days, campaign_ended, merged (two persons turned out to be one), or a reason of contact_permissions.',
    ),
    campaign_group: text('Group of the campaign.'),
    arm,
    arm_reason: optionalText(`Null for treatment; ${armReason}.`),
    control_share_pct: real(
      'Share that control was drawn with: the global group and that of the campaign together.',
      'percent',
    ),
    is_contaminated: flag(
      'The person has been in both arms: a control who was on a list, as when two persons turn out to be one.',
    ),
    offer: text('What was offered: code of the offer.'),
    last_order_on: date('Day of the latest purchase known on entered_on: a later one ends the episode.'),
    contact_cost: money('What contacting one customer cost as entered_on had it.', 'reporting currency'),
    value_at_risk: money('Value at risk on entered_on.', 'reporting currency'),
    spend_if_active: money('Expected spend on entered_on.', 'reporting currency'),
    churn_probability: optionalReal('Probability on entered_on; null for somebody who had returned everything.'),
    horizon_days: integer('H on entered_on.', 'days'),
  },
});

const { customer_key, ...episode } = campaignEpisodes.columns;

export const episodesBefore = defineTable({
  name: 'episodes_before',
  kind: 'run',
  grain: 'One episode of the night before, with who its customer is tonight.',
  key: ['campaign', 'earlier_key', 'entered_on'],
  columns: {
    earlier_key: text('Pseudonym on the night before.'),
    customer_key,
    ...episode,
    is_against_arm: flag(
      'Its arm is not the one that the person has tonight: they turned out to be somebody else too.',
    ),
  },
});

export const campaignResults = defineTable({
  name: 'campaign_results',
  kind: 'run',
  grain: 'One campaign, or all together, judged so far: treatment against control.',
  key: ['campaign'],
  columns: {
    campaign: text('Name of the campaign; all for the pool of all campaigns.'),
    verdict: text(
      'worked (the interval of the lift is above 0), harmed (below 0), no_difference_seen, cannot_tell_yet (too few, or nothing is over), or unfit (the arms are not what was drawn).',
    ),
    reason: text('Why, as a sentence with its numbers.'),
    window_days: integer('Days after entered_on in which a purchase counts.', 'days'),
    first_entered_on: optionalDate('Earliest episode judged.'),
    last_entered_on: optionalDate('Latest episode judged: its window is over.'),
    treated: integer('Customers in treatment.', 'customers'),
    controls: integer('Customers in control.', 'customers'),
    treated_reactivated: integer('Of treatment, those who bought in the window.', 'customers'),
    controls_reactivated: integer('Of control, those who bought in the window.', 'customers'),
    lift_points: optionalReal('Reactivation of treatment − control.', 'percentage points'),
    lift_low: optionalReal('Lower end of its 95 % interval.', 'percentage points'),
    lift_high: optionalReal('Upper end.', 'percentage points'),
    relative_lift_pct: optionalReal('Lift ÷ reactivation of control.', 'percent'),
    treated_revenue: money('Net revenue of treatment in the window.', 'reporting currency'),
    controls_revenue: money('Net revenue of control in the window.', 'reporting currency'),
    revenue_lift: optionalReal('Net revenue per customer, treatment − control.', 'reporting currency'),
    revenue_lift_low: optionalReal('Lower end of its 95 % interval (bootstrap).', 'reporting currency'),
    revenue_lift_high: optionalReal('Upper end.', 'reporting currency'),
    incremental_revenue: optionalMoney(
      'revenue_lift × customers in treatment, of campaigns in which both arms have somebody.',
      'reporting currency',
    ),
    cost: money('Cost of contacting treatment.', 'reporting currency'),
    incremental_profit: optionalMoney('incremental_revenue × margin − cost.', 'reporting currency'),
    sample_ratio_p: optionalReal('Probability of arms as uneven as these if the draw was fair; below 0.001 is unfit.'),
    contaminated: integer('Customers who have been in both arms.', 'customers'),
    smallest_lift_points: optionalReal('Smallest lift that these sizes show four times in five.', 'percentage points'),
    still_open: integer('Episodes whose window is not over.', 'episodes'),
  },
});
