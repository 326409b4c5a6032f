import { describe, expect, test } from 'vitest';
import { day } from '../support/lake.ts';
import { realData } from '../support/real-data.ts';
import { oracleCohorts, oraclePeriods } from './oracle.ts';
import { cdnowOrders, onlineRetailOrders, onlineRetailTwoOrders } from './real-orders.ts';
import { firstDay, metricOf, type Order, periodOf, type Told, tell } from './shop.ts';

const sets = (told: Told) => {
  const row = periodOf(told, 'all', 'horizon');
  return {
    B: row.customers_start,
    E: row.customers_end,
    N: row.customers_new,
    retained: row.customers_retained,
    R: row.customers_reactivated,
    L: row.customers_lost,
  };
};

const cohortRow = (told: Told, month: string): (number | null)[] =>
  told.cohorts.filter((row) => row.cohort_month === day(month)).map((row) => row.active_customers);

const rounded = (told: Told, metric: string): number =>
  Math.round(10 * (metricOf(told, metric).value ?? Number.NaN)) / 10;

/** Both tables in full, to the last customer, against plain sets. */
function expectOracle(told: Told, orders: readonly Order[], asOf: string): void {
  const input = { orders, asOf: day(asOf), firstDay: firstDay(orders), horizonDays: 90, activeWindowDays: 90 };
  expect(told.periods).toEqual(oraclePeriods(input));
  expect(told.cohorts).toEqual(oracleCohorts(input));
}

describe('reference figures on real orders, H = W = 90', () => {
  test('Online Retail', async () => {
    const path = realData('online-retail/online_retail.csv.gz');
    if (!path) return;
    const orders = onlineRetailOrders(path);
    expect(orders.length).toBe(18_532);
    const told = await tell(orders, { asOf: '2011-12-09', horizonDays: 90 });
    expectOracle(told, orders, '2011-12-09');
    expect(sets(told)).toEqual({ B: 1896, E: 2889, N: 968, retained: 1308, R: 613, L: 588 });
    expect(cohortRow(told, '2010-12-01')).toEqual([885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]);
    expect([rounded(told, 'crr_pct'), rounded(told, 'repeat_customer_rate_pct')]).toEqual([101.3, 65.6]);
    expect(rounded(told, 'second_order_within_90d_pct')).toBe(45.5);
    expect(metricOf(told, 'customers').value).toBe(4338);
    expect(metricOf(told, 'net_revenue').value).toBe(8_911_407.904);
  });

  test('Online Retail II, both files', async () => {
    const first = realData('online-retail-ii/online_retail_II_year_2009-2010.csv.gz');
    const second = realData('online-retail-ii/online_retail_II_year_2010-2011.csv.gz');
    if (!first || !second) return;
    const orders = onlineRetailTwoOrders([first, second]);
    const told = await tell(orders, { asOf: '2011-12-09', horizonDays: 90 });
    expectOracle(told, orders, '2011-12-09');
    expect(sets(told)).toEqual({ B: 1896, E: 2889, N: 597, retained: 1308, R: 984, L: 588 });
    expect(cohortRow(told, '2009-12-01').slice(0, 5)).toEqual([955, 337, 319, 406, 363]);
    expect([rounded(told, 'crr_pct'), rounded(told, 'repeat_customer_rate_pct')]).toEqual([120.9, 72.4]);
    expect(rounded(told, 'second_order_within_90d_pct')).toBe(44.5);
  });

  test('CDNOW', async () => {
    const path = realData('cdnow/cdnow_orders.csv.gz');
    if (!path) return;
    const orders = cdnowOrders(path);
    const told = await tell(orders, { asOf: '1998-06-30', horizonDays: 90 });
    expectOracle(told, orders, '1998-06-30');
    expect(sets(told)).toEqual({ B: 3808, E: 3301, N: 0, retained: 1749, R: 1552, L: 2059 });
    expect(cohortRow(told, '1997-01-01').slice(0, 4)).toEqual([7814, 1155, 964, 810]);
    expect([rounded(told, 'crr_pct'), rounded(told, 'repeat_customer_rate_pct')]).toEqual([86.7, 49.6]);
    expect(rounded(told, 'second_order_within_90d_pct')).toBe(29.3);
  });
});
