import { describe, expect, test } from 'vitest';
import { type Order, order, periodOf, tell } from './shop.ts';

/** One purchase by each of `count` customers named after their group. */
const buy = (group: string, count: number, on: string): Order[] =>
  Array.from({ length: count }, (_, i) => order(`${group}${i}`, on));

const quarter = { asOf: '2024-03-31', horizonDays: 60 };

describe('the worked examples of the definition', () => {
  test('B = 500, N = 400, E = 800 is a retention rate of 80 %', async () => {
    const orders = [
      ...buy('old', 500, '2023-12-15'),
      ...buy('old', 400, '2024-03-01'),
      ...buy('fresh', 400, '2024-03-10'),
    ];
    const row = periodOf(await tell(orders, quarter), 'all', 'quarter', '2024-01-01');
    expect(row).toMatchObject({ customers_start: 500, customers_new: 400, customers_end: 800, customers_lost: 100 });
    expect(row).toMatchObject({ crr_pct: 80, retained_pct: 80, churn_rate_pct: 20, crr_counts_reactivated: false });
  });

  test('new customers who are gone at the end are not subtracted: nobody lost is 100 %', async () => {
    const orders = [
      ...buy('old', 500, '2023-12-15'),
      ...buy('old', 500, '2024-02-20'),
      ...buy('fresh', 300, '2024-03-10'),
      ...buy('brief', 100, '2024-01-05'),
    ];
    const row = periodOf(await tell(orders, quarter), 'all', 'quarter', '2024-01-01');
    expect(row).toMatchObject({ customers_start: 500, customers_new: 300, customers_end: 800 });
    expect(row).toMatchObject({ crr_pct: 100, retained_pct: 100 });
  });

  test('B = 100, retained 70, N = 20, R = 40: the textbook says 110 %, of the 100 there are 70', async () => {
    const orders = [
      ...buy('back', 40, '2023-03-01'),
      ...buy('old', 100, '2023-12-15'),
      ...buy('old', 70, '2024-03-01'),
      ...buy('back', 40, '2024-03-05'),
      ...buy('fresh', 20, '2024-03-10'),
    ];
    const row = periodOf(await tell(orders, quarter), 'all', 'quarter', '2024-01-01');
    expect(row).toMatchObject({
      customers_start: 100,
      customers_retained: 70,
      customers_new: 20,
      customers_reactivated: 40,
      customers_end: 130,
      customers_lost: 30,
      crr_pct: 110,
      retained_pct: 70,
      churn_rate_pct: 30,
      crr_counts_reactivated: true,
    });
  });

  test('B = 0 has no rate, whatever came after', async () => {
    const row = periodOf(await tell(buy('fresh', 3, '2024-03-10'), quarter), 'all', 'quarter', '2024-01-01');
    expect(row).toMatchObject({ customers_start: 0, customers_new: 3, customers_end: 3, is_complete: true });
    expect([row.crr_pct, row.retained_pct, row.churn_rate_pct, row.crr_counts_reactivated]).toEqual([
      null,
      null,
      null,
      false,
    ]);
  });

  test('100 sales, 70 of them to new customers, is a returning share of 30 %', async () => {
    const orders = [
      ...buy('old', 30, '2023-12-15'),
      ...buy('old', 30, '2024-03-01'),
      ...buy('fresh', 35, '2024-03-10'),
      ...buy('fresh', 35, '2024-03-20'),
    ];
    const told = await tell(orders, quarter);
    const share = told.metrics.find((row) => row.metric === 'returning_order_share_pct');
    expect(share).toMatchObject({ value: 30, numerator: 30, denominator: 100 });
  });
});
