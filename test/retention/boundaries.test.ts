import { describe, expect, test } from 'vitest';
import { day } from '../support/lake.ts';
import { metricOf, order, periodOf, tell } from './shop.ts';

describe('the active window', () => {
  test.each([
    [29, 0],
    [30, 1],
  ])('a purchase on 31 January with W = %i counts on 29 February: %i', async (activeWindowDays, active) => {
    const told = await tell([order('a', '2024-01-31')], { asOf: '2024-02-29', horizonDays: 90, activeWindowDays });
    const february = periodOf(told, 'all', 'month', '2024-02-01');
    expect(february).toMatchObject({ period_end: day('2024-02-29'), customers_start: 1, customers_end: active });
    expect(metricOf(told, 'active_customers').value).toBe(active);
  });

  test('a purchase on the day before the period makes a customer part of B, one on its first day does not', async () => {
    const orders = [order('before', '2024-01-31'), order('within', '2024-02-01')];
    const told = await tell(orders, { asOf: '2024-02-29', horizonDays: 60 });
    const february = periodOf(told, 'all', 'month', '2024-02-01');
    expect(february).toMatchObject({ customers_start: 1, customers_retained: 1, customers_new: 1, customers_end: 2 });
  });

  test('who lapses and comes back within a period is retained, not reactivated', async () => {
    const orders = [order('a', '2023-12-30'), order('a', '2024-03-25')];
    const told = await tell(orders, { asOf: '2024-03-31', horizonDays: 10 });
    expect(periodOf(told, 'all', 'quarter', '2024-01-01')).toMatchObject({
      customers_retained: 1,
      customers_reactivated: 0,
    });
    expect(periodOf(told, 'all', 'month', '2024-01-01')).toMatchObject({ customers_lost: 1 });
    expect(periodOf(told, 'all', 'month', '2024-03-01')).toMatchObject({
      customers_start: 0,
      customers_reactivated: 1,
    });
  });

  test('purchases exactly W days apart leave no inactive day between them', async () => {
    const orders = [order('a', '2024-01-22'), order('a', '2024-02-01')];
    const told = await tell(orders, { asOf: '2024-02-29', horizonDays: 10 });
    expect(periodOf(told, 'all', 'month', '2024-02-01')).toMatchObject({ customers_start: 1 });
  });
});

describe('periods', () => {
  test('a period that holds as_of has B and nothing else; one that ends on it is over', async () => {
    const orders = [order('a', '2024-01-10'), order('b', '2024-02-10')];
    const running = periodOf(await tell(orders, { asOf: '2024-02-28', horizonDays: 40 }), 'all', 'month', '2024-02-01');
    expect(running).toMatchObject({ is_complete: false, customers_start: 1, customers_end: null, crr_pct: null });
    const over = periodOf(await tell(orders, { asOf: '2024-02-29', horizonDays: 40 }), 'all', 'month', '2024-02-01');
    expect(over).toMatchObject({ is_complete: true, customers_start: 1, customers_end: 1, customers_new: 1 });
  });

  test('run from the one that holds the first order, a cohort from the one that holds its month', async () => {
    const orders = [order('a', '2023-11-20'), order('b', '2024-02-10')];
    const told = await tell(orders, { asOf: '2024-03-31', horizonDays: 90 });
    const starts = (cohort: string, kind: string) =>
      told.periods.filter((row) => row.cohort === cohort && row.period_kind === kind).map((row) => row.period_start);
    expect(starts('all', 'month')).toEqual(
      ['2023-11-01', '2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01'].map(day),
    );
    expect(starts('all', 'quarter')).toEqual(['2023-10-01', '2024-01-01'].map(day));
    expect(starts('2024-02', 'month')).toEqual(['2024-02-01', '2024-03-01'].map(day));
    expect(starts('2024-02', 'quarter')).toEqual([day('2024-01-01')]);
    expect(starts('2024-02', 'year')).toEqual([day('2024-01-01')]);
    expect(starts('2024-02', 'horizon')).toEqual([day('2024-01-02')]);
  });

  test('a window of the start that reaches before the first day of data is marked', async () => {
    const orders = [order('a', '2024-01-01'), order('a', '2024-03-20')];
    const told = await tell(orders, { asOf: '2024-03-31', horizonDays: 31 });
    const censored = told.periods
      .filter((row) => row.cohort === 'all' && row.period_kind === 'month')
      .map((row) => row.is_left_censored);
    expect(censored).toEqual([true, false, false]);
  });

  test('the change is in points on the period before', async () => {
    const regulars = ['2023-12-20', '2024-01-20', '2024-02-20'].flatMap((on) => [order('a', on), order('b', on)]);
    const orders = [...regulars, order('a', '2024-03-20')];
    const told = await tell(orders, { asOf: '2024-03-31', horizonDays: 31 });
    const march = periodOf(told, 'all', 'month', '2024-03-01');
    expect(march).toMatchObject({ retained_pct: 50, retained_change_points: -50 });
  });
});

describe('what counts as a purchase', () => {
  const settings = { asOf: '2024-03-31', horizonDays: 60 };

  test('orders that became void count until the day that this was known', async () => {
    const voided = [order('a', '2024-03-01', { void_on: day('2024-03-31') }), order('b', '2024-03-01')];
    expect(metricOf(await tell(voided, settings), 'customers').value).toBe(1);
    const later = [order('a', '2024-03-01', { void_on: day('2024-04-01') }), order('b', '2024-03-01')];
    expect(metricOf(await tell(later, settings), 'customers').value).toBe(2);
  });

  test('refunds count from the day that they were known; credit notes lower revenue and value, not orders', async () => {
    const refund = { refunded_reporting: 40_000n };
    const orders = [
      order('a', '2024-03-01', { ...refund, refund_known_on: day('2024-03-31') }),
      order('b', '2024-03-01', { ...refund, refund_known_on: day('2024-04-01') }),
      order('b', '2024-03-05', {
        status: 'credit_note',
        is_sale: false,
        gross_reporting: 0n,
        refunded_reporting: 20_000n,
        refund_known_on: day('2024-03-05'),
      }),
    ];
    const told = await tell(orders, settings);
    const values = ['orders', 'net_revenue', 'average_order_value', 'historic_clv'].map((m) => metricOf(told, m).value);
    expect(values).toEqual([2, 14, 8, 7]);
    expect(told.cohorts.find((row) => row.month_number === 0)?.net_spend).toBe(160_000n);
  });

  test('a shop whose orders are all void has tables without customers', async () => {
    const told = await tell([order('a', '2024-03-01', { void_on: day('2024-03-02') })], settings);
    expect(told.cohorts).toEqual([]);
    expect(periodOf(told, 'all', 'month', '2024-03-01')).toMatchObject({ customers_start: 0, customers_end: 0 });
    expect(metricOf(told, 'repeat_customer_rate_pct').value).toBeNull();
  });
});

test('the cohort matrix has zeros for months without purchases and nulls for months that have not begun', async () => {
  const orders = [order('a', '2024-01-10'), order('a', '2024-03-10'), order('b', '2024-02-05')];
  const { cohorts } = await tell(orders, { asOf: '2024-03-15', horizonDays: 60 });
  const cells = cohorts.map((row) => [row.month_number, row.active_customers, row.is_complete, row.is_left_censored]);
  expect(cells).toEqual([
    [0, 1, true, true],
    [1, 0, true, true],
    [2, 1, false, true],
    [0, 1, true, false],
    [1, 0, false, false],
    [2, null, false, false],
  ]);
});
