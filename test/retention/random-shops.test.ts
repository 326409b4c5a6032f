import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoDate } from '../../lambdas/lake/day.ts';
import { day } from '../support/lake.ts';
import { oracleCohorts, oracleMetrics, oraclePeriods } from './oracle.ts';
import { firstDay, metricOf, type Order, order, periodOf, tell } from './shop.ts';

const oddities: readonly ((on: number) => Partial<Order>)[] = [
  () => ({ is_sale: false, status: 'pending' }),
  (on) => ({ void_on: on + 40, refund_known_on: on + 40, refunded_reporting: 100_000n }),
  (on) => ({ refund_known_on: on + 25, refunded_reporting: 33_333n }),
  () => ({ customer_key: null }),
  () => ({ gross_reporting: null, refunded_reporting: null }),
  (on) => ({
    is_sale: false,
    status: 'credit_note',
    gross_reporting: 0n,
    refunded_reporting: 12_345n,
    refund_known_on: on,
  }),
];

const anOrder = fc
  .record({
    customer: fc.integer({ min: 0, max: 9 }),
    daysAgo: fc.integer({ min: -30, max: 480 }),
    oddity: fc.option(fc.nat({ max: oddities.length - 1 }), { freq: 4 }),
  })
  .map(({ customer, daysAgo, oddity }) => ({ customer: `c${customer}`, daysAgo, oddity }));

const aShop = fc.record({
  asOf: fc.integer({ min: day('2023-12-27'), max: day('2024-03-04') }),
  orders: fc.array(anOrder, { minLength: 1, maxLength: 90 }),
  since: fc.integer({ min: 0, max: 480 }),
  horizonDays: fc.constantFrom(7, 30, 31, 90, 200, 500),
  activeWindowDays: fc.constantFrom(7, 29, 31, 60, 90, 370),
});

test('random shops: every row equals a computation with one set of customers per day', async () => {
  const property = fc.asyncProperty(aShop, async ({ asOf, since, horizonDays, activeWindowDays, ...shop }) => {
    const rows = [
      order('c0', asOf - since),
      ...shop.orders.map(({ customer, daysAgo, oddity }) => {
        const on = asOf - daysAgo;
        return order(customer, on, oddity === null ? {} : oddities[oddity]?.(on));
      }),
    ];
    const told = await tell(rows, { asOf: isoDate(asOf), horizonDays, activeWindowDays });
    const input = { orders: rows, asOf, firstDay: firstDay(rows), horizonDays, activeWindowDays };
    expect(told.periods).toEqual(oraclePeriods(input));
    expect(told.cohorts).toEqual(oracleCohorts(input));
    const metrics = oracleMetrics(input);
    for (const [name, value] of Object.entries(metrics))
      expect([name, metricOf(told, name).value]).toEqual([name, value]);
    const horizon = periodOf(told, 'all', 'horizon');
    for (const name of [
      'customers_start',
      'customers_end',
      'customers_new',
      'crr_pct',
      'retained_pct',
      'churn_rate_pct',
    ] as const) {
      const { value } = metricOf(told, name);
      if (horizon[name] === null) expect(value).toBeNull();
      else expect(value).toBeCloseTo(horizon[name], 9);
    }
  });
  await fc.assert(property, { seed: 20111209, numRuns: 25 });
}, 240_000);

test('with W = H, the share of B lost in the horizon is the churn rate of those active before it', async () => {
  const property = fc.asyncProperty(aShop, async ({ asOf, horizonDays, ...shop }) => {
    const rows = shop.orders.map(({ customer, daysAgo }) => order(customer, asOf - Math.abs(daysAgo)));
    const told = await tell(rows, { asOf: isoDate(asOf), horizonDays });
    const start = asOf - horizonDays;
    const bought = (customer: string | null, after: number, upTo: number) =>
      rows.some((o) => o.customer_key === customer && o.order_date > after && o.order_date <= upTo);
    const active = [...new Set(rows.map((o) => o.customer_key))].filter((c) => bought(c, start - horizonDays, start));
    const churned = active.filter((c) => !bought(c, start, asOf));
    const horizon = periodOf(told, 'all', 'horizon');
    expect([horizon.customers_start, horizon.customers_lost]).toEqual([active.length, churned.length]);
    const churn = active.length === 0 ? null : (100 * churned.length) / active.length;
    if (churn === null) expect(horizon.churn_rate_pct).toBeNull();
    else expect(horizon.churn_rate_pct).toBeCloseTo(churn, 9);
  });
  await fc.assert(property, { seed: 90, numRuns: 10 });
}, 240_000);
