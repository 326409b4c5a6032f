import type { FeatureRows } from '../model/feature-rows.ts';
import { expectedGapDays } from '../model/feature-vector.ts';
import type { Additive } from './contributions.ts';
import type { Reason } from './reasons.ts';

/**
 * Risk by rule, for shops with too little history for a model: days since the last order against the customer's own
 * rhythm, r / (r + rhythm), so that somebody silent for exactly one own gap gets 0.5. A rank, not a probability.
 */
export function ruleRisk(rows: FeatureRows, horizonDays: number): Float64Array {
  const rhythm = expectedGapDays(rows, horizonDays);
  return rows.numbers('recency_days').map((recency, i) => recency / (recency + (rhythm[i] as number)));
}

/** The rule taken apart: what lies above or below one own gap is all due to how long the customer has been silent. */
export const ruleParts = (risk: Float64Array): Additive => ({
  names: ['overdue'],
  base: 0.5,
  forEach(visit) {
    for (const [row, rank] of risk.entries()) visit(row, Float64Array.of(rank - 0.5));
  },
});

/** Mean net order value: what somebody who buys again is taken to spend, where no model says better. */
export function averageOrderValue(rows: FeatureRows): Float64Array {
  const orders = rows.numbers('orders');
  return rows.numbers('monetary_value').map((amount, i) => Math.max(0, amount / 10_000 / (orders[i] as number)));
}

/** The rule's reason: how long a customer has been silent, against the own rhythm where there is one. */
export function ruleReasons(rows: FeatureRows, risk: Float64Array): readonly (readonly Reason[])[] {
  const recency = rows.numbers('recency_days');
  const gaps = rows.numbers('gap_count');
  const gapDays = rows.numbers('gap_sum_days');
  const orders = rows.numbers('orders');
  return Array.from(risk, (probability, i): Reason[] => {
    const days = recency[i] as number;
    const points = 100 * (probability - 0.5);
    if (gaps[i] === 0) {
      return [{ code: orders[i] === 1 ? 'one_time_buyer' : 'days_since_last_order', value: days, points }];
    }
    const value = (days * (gaps[i] as number)) / Math.max(1, gapDays[i] as number);
    return [{ code: 'overdue_for_own_rhythm', value, points }];
  });
}
