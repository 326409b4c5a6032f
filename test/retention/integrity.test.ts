import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { cohortMatrix, retentionByPeriod } from '../../lambdas/lake/tables/retention.ts';
import { GateFailed } from '../../lambdas/platform/errors.ts';
import { checkRetention } from '../../lambdas/retention/integrity.ts';
import { retention } from '../../lambdas/retention/retention.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type CohortRow, order, type PeriodRow, stepInput, type Told, tableOf, tell } from './shop.ts';

const settings = { asOf: '2024-03-31', horizonDays: 60 };
const sales = [
  order('a', '2023-11-10'),
  order('a', '2024-01-20'),
  order('b', '2023-12-05'),
  order('b', '2024-03-20'),
  order('c', '2024-02-10'),
];

/** Of these sales; b and c bought within the last 60 days. */
const counted = { customers: 3, customer_orders: 5, active_customers: 2 };

let good: Told;
beforeAll(async () => {
  good = await tell(sales, settings);
});

async function verdictOn(periods: PeriodRow[], cohorts: CohortRow[]): Promise<unknown> {
  const lake = await testLake(settings.asOf);
  try {
    await lake.put(retentionByPeriod, periods);
    await lake.put(cohortMatrix, cohorts);
    return await checkRetention(lake.engine, lake.night.run, counted).catch((error) => error);
  } finally {
    await lake.close();
  }
}

const december = { cohort: 'all', period_kind: 'month', period_start: day('2023-12-01') };
const isRow = (row: PeriodRow, key: Partial<PeriodRow>): boolean =>
  row.cohort === key.cohort && row.period_kind === key.period_kind && row.period_start === key.period_start;

describe('gates', () => {
  test('let the tables of the step pass', async () => {
    expect(await verdictOn(good.periods, good.cohorts)).toBeUndefined();
  });

  const horizon = { cohort: 'all', period_kind: 'horizon', period_start: day('2024-02-01') };
  test.each<[string, Partial<PeriodRow>, (row: PeriodRow) => Partial<PeriodRow>]>([
    ['E = retained + N + R', december, (row) => ({ customers_reactivated: (row.customers_reactivated ?? 0) + 1 })],
    ['B = retained + L', december, (row) => ({ customers_lost: (row.customers_lost ?? 0) + 1 })],
    ['N of the cohorts sums to all', december, () => ({ customers_new: 7 })],
    ['E exists where the period is over, and only there', december, () => ({ customers_new: null })],
    ['shares exist where the period is over and B is above 0', december, () => ({ crr_pct: null })],
    ['retained_pct is between 0 and 100', december, () => ({ retained_pct: 101, churn_rate_pct: -1 })],
    [
      'E of the horizon = customers with a purchase in the window',
      horizon,
      (row) => ({ customers_end: (row.customers_end ?? 0) + 1 }),
    ],
  ])('refuse a period that breaks "%s"', async (rule, key, change) => {
    const broken = good.periods.map((row) => (isRow(row, key) ? { ...row, ...change(row) } : row));
    expect(broken).not.toEqual(good.periods);
    const verdict = await verdictOn(broken, good.cohorts);
    expect(verdict).toBeInstanceOf(GateFailed);
    expect((verdict as GateFailed).verdicts[0]).toMatchObject({ gate: 'retention_by_period', verdict: 'failed' });
    expect((verdict as GateFailed).message).toContain(rule);
    expect((verdict as GateFailed).message).toContain(`${key.cohort}, ${key.period_kind} from`);
  });

  test.each<[string, (rows: CohortRow[]) => CohortRow[]]>([
    [
      'everybody is active in month 0',
      ([first, ...rest]) => [{ ...(first as CohortRow), active_customers: 0 }, ...rest],
    ],
    ['a month that has not begun has nulls', (rows) => rows.map((row) => ({ ...row, net_spend: row.net_spend ?? 0n }))],
    [
      'customers of the cohorts sum to all customers',
      (rows) => rows.filter((row) => row.cohort_month > day('2023-11-01')),
    ],
    [
      'purchases of the cohorts sum to all purchases',
      (rows) => rows.map((row) => ({ ...row, orders: row.orders && 9 })),
    ],
  ])('refuse a cohort matrix that breaks "%s"', async (rule, change) => {
    const verdict = await verdictOn(good.periods, change(good.cohorts));
    expect(verdict).toBeInstanceOf(GateFailed);
    expect((verdict as GateFailed).message).toContain(rule);
  });
});

describe('the step', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await testLake(settings.asOf);
    await lake.put(orders, sales);
  });
  afterAll(() => lake.close());

  test('says how many periods and cohorts it told, and a second try changes nothing', async () => {
    const input = stepInput(lake, sales, settings);
    const first = await retention(lake, input);
    const rows = await tableOf(lake, retentionByPeriod);
    expect(first).toEqual({ periods: 5 + 2 + 2 + 1, cohorts: 3 });
    expect(await retention(lake, input)).toEqual(first);
    expect(await tableOf(lake, retentionByPeriod)).toEqual(rows);
  });

  test('fails when it cannot account for every customer', async () => {
    const input = stepInput(lake, sales, settings);
    const late = { ...input, night: { ...input.night, firstOrderDate: day('2023-12-20') } };
    await expect(retention(lake, late)).rejects.toThrow(/customers of the cohorts sum to all customers/);
  });
});

test('docs/metrics.md defines every figure of the table', () => {
  const docs = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  for (const { metric, definition } of good.metrics) {
    expect(docs).toContain(`\`${metric}\``);
    expect(definition).toMatch(/\.$/);
  }
});
