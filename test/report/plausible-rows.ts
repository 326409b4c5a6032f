import { createHash } from 'node:crypto';
import type { RowOf } from '../../lambdas/lake/column.ts';
import { addMonths, isoDate, monthStart } from '../../lambdas/lake/day.ts';
import { segmentCells } from '../../lambdas/lake/segments.ts';
import type { churnScores, modelMetrics } from '../../lambdas/lake/tables/model.ts';
import type { cohortMatrix } from '../../lambdas/lake/tables/retention.ts';
import { reasonCodes } from '../../lambdas/wording/reason-codes.ts';
import { day } from '../support/lake.ts';

export const asOf = day('2011-09-10');
export const firstOrder = day('2009-12-01');
export const horizonDays = 90;

/** The same numbers between 0 and 1 on every machine. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export const keyOf = (buyer: number): string => createHash('sha256').update(String(buyer)).digest('hex').slice(0, 32);

export function featureRow(buyer: number, random: () => number, categories: readonly string[]) {
  const recency = Math.floor(random() ** 2 * 500);
  const orders = 1 + Math.floor(random() ** 4 * 28);
  const recencyScore = 5 - Math.min(4, Math.floor(recency / 75));
  const frequencyScore = Math.min(5, 1 + Math.floor(orders / 2));
  const monetaryScore = 1 + Math.floor(random() * 5);
  const spend = BigInt(Math.round(orders * (15 + random() * 120) * 10_000));
  const valueScore = Math.ceil((frequencyScore + monetaryScore) / 2);
  const cell = segmentCells.find((known) => known.recencyScore === recencyScore && known.valueScore === valueScore);
  const tenure = recency + orders * 20;
  return {
    customer_key: keyOf(buyer),
    first_order_on: asOf - tenure,
    last_order_on: asOf - recency,
    recency_days: recency,
    tenure_days: tenure,
    frequency: orders,
    orders,
    gross_spend: spend,
    refunded_amount: 0n,
    monetary_value: spend,
    gap_count: orders - 1,
    gap_sum_days: (orders - 1) * 20,
    gap_sum_squares: (orders - 1) * 400,
    gap_longest_days: orders > 1 ? 20 : null,
    gap_last_days: orders > 1 ? 20 : null,
    orders_30d: 0,
    orders_90d: 0,
    orders_180d: 0,
    orders_365d: orders,
    spend_30d: 0n,
    spend_90d: 0n,
    spend_180d: 0n,
    spend_365d: spend,
    orders_same_season: 0,
    first_order_amount: spend,
    last_order_amount: spend,
    largest_order_amount: spend,
    discount_amount: 0n,
    discounted_orders: 0,
    refunded_orders: 0,
    credit_notes: 0,
    cancelled_orders: 0,
    last_refund_on: null,
    lines: orders * 3,
    products: orders * 2,
    categories: 1,
    favourite_category: categories[Math.floor(random() * categories.length)] ?? null,
    country: 'GB',
    channel: 'web',
    recency_score: recencyScore,
    frequency_score: frequencyScore,
    monetary_score: monetaryScore,
    segment: cell?.segment ?? 'lost',
  };
}

export function scoreRow(buyer: number, recency: number, random: () => number, basis: 'forest' | 'rules') {
  const probability = Math.min(0.995, Math.max(0.01, 0.12 + recency / 420 + (random() - 0.5) * 0.4));
  const band = probability >= 0.66 ? 'high' : probability >= 0.33 ? 'medium' : 'low';
  const spend = BigInt(Math.round((20 + random() ** 3 * 900) * 10_000));
  const code = (step: number) => reasonCodes[(buyer * 7 + step * 5) % reasonCodes.length] ?? null;
  const value = (step: number) => Math.round(2 + random() * 60 * step);
  return {
    customer_key: keyOf(buyer),
    churn_probability: probability,
    basis,
    risk_band: band,
    band_from: band === 'high' ? 0.66 : band === 'medium' ? 0.33 : 0,
    band_to: band === 'high' ? 1 : band === 'medium' ? 0.66 : 0.33,
    spend_if_active: spend,
    value_at_risk: BigInt(Math.round(Number(spend) * probability)),
    p_alive: null,
    expected_orders: null,
    average_gap_days: null,
    expected_next_order_on: null,
    reason_1_code: code(0),
    reason_1_value: value(1),
    reason_1_points: 18.4,
    reason_2_code: code(1),
    reason_2_value: value(1),
    reason_2_points: 6.2,
    reason_3_code: buyer % 3 === 0 ? null : code(2),
    reason_3_value: buyer % 3 === 0 ? null : value(1),
    reason_3_points: buyer % 3 === 0 ? null : -3.1,
    model_id: basis === 'rules' ? 'rules' : 'f0e1d2c3b4a5',
    horizon_days: horizonDays,
  };
}

function periodRow(kind: string, start: number, end: number, random: () => number, before: number | null) {
  const complete = end <= asOf;
  const b = start === firstOrder ? 0 : 700 + Math.floor(random() * 1200);
  const retained = Math.floor(b * (0.6 + random() * 0.25));
  const fresh = 150 + Math.floor(random() * 300);
  const reactivated = Math.floor(random() * 420);
  const pct = complete && b > 0 ? (retained / b) * 100 : null;
  return {
    cohort: 'all',
    period_kind: kind,
    period_start: start,
    period_end: end,
    active_window_days: horizonDays,
    is_complete: complete,
    is_left_censored: start < firstOrder + horizonDays,
    customers_start: b,
    customers_end: complete ? retained + fresh + reactivated : null,
    customers_new: complete ? fresh : null,
    customers_reactivated: complete ? reactivated : null,
    customers_retained: complete ? retained : null,
    customers_lost: complete ? b - retained : null,
    crr_pct: complete && b > 0 ? ((retained + reactivated) / b) * 100 : null,
    retained_pct: pct,
    churn_rate_pct: pct === null ? null : 100 - pct,
    crr_counts_reactivated: reactivated > 0 && pct !== null,
    retained_change_points: pct !== null && before !== null ? pct - before : null,
  };
}

export function periodRows(random: () => number) {
  const rows: ReturnType<typeof periodRow>[] = [];
  for (const [kind, months] of [
    ['month', 1],
    ['quarter', 3],
  ] as const) {
    let before: number | null = null;
    for (
      let start = kind === 'month' ? firstOrder : day('2009-10-01');
      start <= asOf;
      start = addMonths(start, months)
    ) {
      const row = periodRow(kind, start, addMonths(start, months) - 1, random, before);
      before = row.retained_pct;
      rows.push(row);
    }
  }
  rows.push(periodRow('horizon', asOf - horizonDays + 1, asOf, random, null));
  return rows;
}

export function cohortRows(random: () => number) {
  const last = monthStart(asOf);
  const rows: RowOf<typeof cohortMatrix.columns>[] = [];
  for (let cohort = firstOrder; cohort <= last; cohort = addMonths(cohort, 1)) {
    const size = 90 + Math.floor(random() * 800);
    const base = 0.12 + random() * 0.22;
    for (let number = 0; addMonths(firstOrder, number) <= last; number++) {
      const month = addMonths(cohort, number);
      const active = number === 0 ? size : Math.round(size * base * (0.8 + random() * 0.4));
      const begun = month <= last;
      rows.push({
        cohort_month: cohort,
        month_number: number,
        cohort_customers: size,
        is_complete: addMonths(month, 1) - 1 <= asOf,
        is_left_censored: cohort === firstOrder,
        active_customers: begun ? active : null,
        active_pct: begun ? (active / size) * 100 : null,
        orders: begun ? active : null,
        net_spend: begun ? BigInt(active) * 250_000n : null,
      });
    }
  }
  return rows;
}

export function memberRows(scores: readonly RowOf<typeof churnScores.columns>[]) {
  const campaigns = { high: 'win_back_high', medium: 'win_back_medium', low: '' } as const;
  const offers = { high: 'personal_call', medium: 'coupon_15', low: '' } as const;
  return scores.flatMap((score, i) => {
    const band = score.risk_band === 'high' ? 'high' : score.risk_band === 'medium' ? 'medium' : 'low';
    if (band === 'low' || i % 4 === 3) return [];
    return [
      {
        campaign: campaigns[band],
        customer_key: score.customer_key,
        position: i + 1,
        arm: i % 10 === 0 ? 'control' : i % 17 === 0 ? 'excluded' : 'treatment',
        arm_reason: i % 10 === 0 ? 'global' : i % 17 === 0 ? 'no_consent' : null,
        entered_on: asOf,
        is_new: i % 5 === 0,
        cause: 'risk',
        offer: offers[band],
        value_at_risk: score.value_at_risk,
        expected_profit: score.value_at_risk / 100n,
        churn_probability: score.churn_probability,
        days_on_list: 0,
      },
    ];
  });
}

export function metricRows(testOn: number) {
  const methods = ['forest', 'logistic', 'bgnbd', 'rfm', 'recency'];
  const rows: RowOf<typeof modelMetrics.columns>[] = [];
  for (const [m, method] of methods.entries()) {
    for (const [population, tested, lost] of [
      ['active_h', 1896, 588],
      ['all', 5281, 2989],
    ] as const) {
      const values: Record<string, number | null> = {
        roc_auc: 0.772 - m * 0.031,
        pr_auc: 0.61 - m * 0.03,
        brier: 0.181 + m * 0.009,
        log_loss: method === 'rfm' || method === 'recency' ? null : 0.527 + m * 0.017,
        calibration_error: method === 'rfm' ? null : 0.021 + m * 0.008,
        base_log_loss: 0.619,
        lift_10: 2.05 - m * 0.19,
        lift_10_ceiling: 3.22,
      };
      for (const [metric, value] of Object.entries(values)) {
        rows.push({
          split: 'walk_forward',
          method,
          population,
          test_on: testOn,
          metric,
          value,
          low: value === null ? null : value - 0.02,
          high: value === null ? null : value + 0.02,
          promised: null,
          rows: tested,
          lost,
          trained_until: testOn - horizonDays,
        });
      }
    }
  }
  return rows;
}

export function metricsOfShop() {
  const metric = (name: string, value: number | null, unit: string, numerator: number | null, definition: string) => ({
    metric: name,
    value,
    unit,
    numerator,
    denominator: numerator === null ? null : 5281,
    definition,
    covered_days: `${isoDate(firstOrder)} to ${isoDate(asOf)}`,
  });
  return [
    metric('repeat_customer_rate_pct', 72.4, 'percent', 3823, 'Customers with two orders or more, of all customers.'),
    metric('returning_order_share_pct', 86.1, 'percent', null, 'Orders of customers who had ordered before.'),
    metric('historic_clv', 1932.55, 'reporting currency', null, 'Net spend so far per customer.'),
    metric('nps', null, 'points', null, 'No survey was imported.'),
  ];
}

/** The model in force and its challenger, held against each other on the same customers. */
export function contestRows(testOn: number): RowOf<typeof modelMetrics.columns>[] {
  const figures: [string, number, number, number][] = [
    ['champion', 0.761, 0.541, 0.536],
    ['challenger', 0.772, 0.527, 0.524],
    ['logistic', 0.768, 0.533, 0.527],
  ];
  const common = { split: 'champion', population: 'active_h', test_on: testOn, promised: null } as const;
  const row = (method: string, metric: string, value: number, half: number | null) => ({
    ...common,
    ...{ method, metric, value, rows: 1896, lost: 588, trained_until: null },
    low: half === null ? null : value - half,
    high: half === null ? null : value + half,
  });
  return [
    ...figures.flatMap(([method, auc, loss, level]) => [
      row(method, 'roc_auc', auc, null),
      row(method, 'log_loss', loss, null),
      row(method, 'level_log_loss', level, null),
    ]),
    row('difference', 'roc_auc', 0.011, 0.006),
    row('difference', 'level_log_loss', -0.012, 0.007),
  ];
}
