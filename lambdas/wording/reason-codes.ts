/**
 * What can move a customer's score, in groups that a marketer can act on, with the number that each sentence names.
 * A reason states a fact; whether it raises or lowers the risk is told by its points.
 */
export const reasonValues = {
  days_since_last_order: 'days from the latest order to as_of',
  overdue_for_own_rhythm: 'days since the latest order ÷ own average gap between order days',
  one_time_buyer: 'days since the only order',
  few_orders: 'orders so far',
  many_orders: 'orders so far',
  recent_orders: 'orders in the last 90 days',
  slowing_down: 'orders in the last 90 days against the 90 days before, change in percent (its sign does not matter)',
  speeding_up: 'orders in the last 90 days against the 90 days before, change in percent (its sign does not matter)',
  low_spend: 'net spend so far, in units of the reporting currency',
  high_spend: 'net spend so far, in units of the reporting currency',
  refunds: 'orders refunded and credit notes so far',
  short_tenure: 'days since the first order',
  long_tenure: 'days since the first order',
  same_season_last_year: 'orders in the same stretch of last year',
  discounts: 'share of orders with a discount, in percent',
  category: 'categories bought from',
  regular_rhythm: 'own average gap between order days, in days',
} as const;

export type ReasonCode = keyof typeof reasonValues;

export const reasonCodes = Object.keys(reasonValues) as readonly ReasonCode[];

export const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(reasonValues, code);
