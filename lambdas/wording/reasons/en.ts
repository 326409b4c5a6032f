import type { ReasonSentences } from '../reasons.ts';

export const reasons: ReasonSentences = {
  days_since_last_order: (n, say) =>
    n === 0 ? 'Ordered on the very last day.' : `Has not ordered for ${say.days(n)}.`,
  overdue_for_own_rhythm: (n, say) =>
    n >= 1
      ? `Overdue: silent for ${say.decimal(n)} times the usual gap between orders.`
      : `Not due yet: only ${say.percent(n * 100, 0)} of the usual gap between orders has passed.`,
  one_time_buyer: (n, say) => (n === 0 ? 'Has just bought for the first time.' : `Bought once, ${say.days(n)} ago.`),
  few_orders: (n, say) => `Only ${say.whole(n)} ${say.form(n, { one: 'order', other: 'orders' })} so far.`,
  many_orders: (n, say) => `Frequent buyer: ${say.whole(n)} ${say.form(n, { one: 'order', other: 'orders' })} so far.`,
  recent_orders: (n, say) =>
    n === 0
      ? 'No order in the last 90 days.'
      : `${say.whole(n)} ${say.form(n, { one: 'order', other: 'orders' })} in the last 90 days.`,
  slowing_down: (n, say) =>
    `Slowing down: ${say.percent(Math.abs(n), 0)} fewer orders in the last 90 days than in the 90 before.`,
  speeding_up: (n, say) =>
    `Speeding up: ${say.percent(Math.abs(n), 0)} more orders in the last 90 days than in the 90 before.`,
  low_spend: (n, say) => `Has spent only ${say.amount(n)} so far.`,
  high_spend: (n, say) => `Has spent ${say.amount(n)} so far.`,
  refunds: (n, say) =>
    n === 0 ? 'Never had a refund.' : `Had ${say.whole(n)} ${say.form(n, { one: 'refund', other: 'refunds' })} so far.`,
  short_tenure: (n, say) =>
    n === 0 ? 'New: first order on the very last day.' : `New: first order ${say.span(n)} ago.`,
  long_tenure: (n, say) => `Customer for ${say.span(n)}.`,
  same_season_last_year: (n, say) =>
    n === 0
      ? 'Did not order at this time last year.'
      : `Placed ${say.whole(n)} ${say.form(n, { one: 'order', other: 'orders' })} at this time last year.`,
  discounts: (n, say) =>
    n === 0 ? 'Always pays the full price.' : `Bought ${say.percent(n, 0)} of orders at a discount.`,
  category: (n, say) => `Buys from ${say.whole(n)} ${say.form(n, { one: 'category', other: 'categories' })}.`,
  regular_rhythm: (n, say) => `Usually orders every ${say.days(n)}.`,
};
