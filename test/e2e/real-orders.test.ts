import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, date, optionalCount, optionalReal, text } from '../../lambdas/lake/column.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { winback } from '../support/cli.ts';
import { day } from '../support/lake.ts';
import { processOn } from '../support/night.ts';
import { realData } from '../support/real-data.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-real-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface File {
  readonly records_read: number;
  readonly orders_accepted: number;
  readonly lines_folded: number;
  readonly duplicates: number;
  readonly rejected: number;
}

interface Summary {
  readonly as_of: string;
  readonly published: boolean;
  readonly buyers: number;
  readonly horizon_days: number;
  readonly files: readonly File[];
  readonly orders: Record<string, number>;
  readonly model: { readonly verdict: string; readonly basis: string };
  readonly risk: { readonly high: number; readonly medium: number; readonly low: number };
}

/** Runs a night with H = 90 on real files. Fewer trees than by default: no figure below depends on them. */
async function night(name: string, files: readonly string[], settings: object, ...options: string[]): Promise<Summary> {
  const config = join(folder, `${name}.json`);
  await writeFile(config, JSON.stringify(settings));
  const words = ['--lake', join(folder, name), '--config', config, '--horizon', '90', ...options, '--json'];
  const ended = await winback(['run', '--orders', ...files, ...words]);
  expect([ended.code, ended.err]).toEqual([0, '']);
  const summary = JSON.parse(ended.out) as Summary;
  for (const file of summary.files) {
    expect(file.records_read).toBe(file.orders_accepted + file.lines_folded + file.duplicates + file.rejected);
  }
  const { high, medium, low } = summary.risk;
  expect(high + medium + low).toBe(summary.buyers);
  expect(summary.published).toBe(true);
  return summary;
}

/** Who was active 90 days before a date, and who of them bought since: counted plainly, order by order. */
async function plainRetention(name: string, asOf: number) {
  const lake = await processOn(join(folder, name));
  try {
    const sales = await rowsOf(
      lake.engine,
      { name: 'sales', sql: 'select * from orders where is_sale and customer_key is not null and void_on is null' },
      { columns: { order_id: text(''), customer_key: text(''), order_date: date('') }, key: ['order_id'] },
    );
    const start = asOf - 90;
    const buyersIn = (from: number, to: number) =>
      new Set(sales.flatMap((sale) => (sale.order_date > from && sale.order_date <= to ? [sale.customer_key] : [])));
    const active = buyersIn(start - 90, start);
    const returned = buyersIn(start, asOf);
    const churned = [...active].filter((customer) => !returned.has(customer)).length;
    const [told] = await rowsOf(
      lake.engine,
      {
        name: 'retention',
        sql: "select * from retention_by_period where cohort = 'all' and period_kind = 'horizon'",
      },
      {
        columns: {
          customers_start: count(''),
          customers_end: optionalCount(''),
          customers_new: optionalCount(''),
          customers_reactivated: optionalCount(''),
          customers_retained: optionalCount(''),
          customers_lost: optionalCount(''),
          retained_pct: optionalReal(''),
          crr_pct: optionalReal(''),
        },
        key: ['customers_start'],
      },
    );
    return { told: told!, active: active.size, churned };
  } finally {
    lake.close();
  }
}

/** retained / B of the horizon period = 1 − churn rate of those who were active when it began. */
async function expectIdentity(name: string, asOf: string) {
  const { told, active, churned } = await plainRetention(name, day(asOf));
  expect(told.customers_start).toBe(active);
  expect(told.customers_lost).toBe(churned);
  expect(told.retained_pct).toBeCloseTo(100 * (1 - churned / active), 10);
  return told;
}

const quick = { model: { trees: 40 } };
const noModel = { model: { min_buyers: 1_000_000 } };

describe('real orders through the command line', () => {
  test('Online Retail II: two overlapping files as one shop', { timeout: 300_000 }, async () => {
    const files = ['2009-2010', '2010-2011'].map((year) =>
      realData(`online-retail-ii/online_retail_II_year_${year}.csv.gz`),
    );
    if (!files[0] || !files[1]) return;
    const summary = await night('ii', [files[0], files[1]], quick, '--as-of', '2011-09-10');
    expect(summary.files.reduce((sum, file) => sum + file.records_read, 0)).toBe(1_067_370);
    expect(summary.files.map((file) => file.rejected)).toEqual([0, 0]);
    expect(summary.orders).toMatchObject({
      orders: 53_628,
      customers: 5_942,
      lines: 1_067_370 - 22_523,
      supersededLines: 22_523,
      supersededOrders: 1_088,
    });
    expect(summary).toMatchObject({ as_of: '2011-09-10', buyers: 5_281, horizon_days: 90 });
    expect(['promoted', 'baseline']).toContain(summary.model.verdict);
    await expectIdentity('ii', '2011-09-10');
  });

  test('Online Retail: Latin-1 and US dates', { timeout: 300_000 }, async () => {
    const file = realData('online-retail/online_retail.csv.gz');
    if (!file) return;
    const summary = await night('i', [file], noModel);
    expect(summary).toMatchObject({ as_of: '2011-12-09', buyers: 4_338, model: { verdict: 'not_enough_data' } });
    expect(summary.files[0]).toMatchObject({ records_read: 541_909, orders_accepted: 25_900 });
    expect(await expectIdentity('i', '2011-12-09')).toMatchObject({
      customers_start: 1_896,
      customers_end: 2_889,
      customers_new: 968,
      customers_retained: 1_308,
      customers_reactivated: 613,
      customers_lost: 588,
    });
  });

  test('CDNOW: no order number, so the mapping makes one', { timeout: 300_000 }, async () => {
    const file = realData('cdnow/cdnow_orders.csv.gz');
    if (!file) return;
    const columns = { order_id: { made_from: ['customer_id', 'order_date'], repeats: 'number' } };
    const summary = await night('cdnow', [file], { ...noModel, ingest: { columns } });
    expect(summary).toMatchObject({ as_of: '1998-06-30', buyers: 23_502 });
    expect(summary.files[0]).toMatchObject({ records_read: 69_659, orders_accepted: 69_659, rejected: 0 });
    expect(await expectIdentity('cdnow', '1998-06-30')).toMatchObject({
      customers_start: 3_808,
      customers_end: 3_301,
      customers_new: 0,
      customers_retained: 1_749,
      customers_reactivated: 1_552,
      customers_lost: 2_059,
    });
  });
});
