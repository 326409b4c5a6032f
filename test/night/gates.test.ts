import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { curate } from '../../lambdas/curate/curate.ts';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { orderVersions, rejectedRows } from '../../lambdas/lake/tables/ingested.ts';
import { suppressions, surveyResponses } from '../../lambdas/lake/tables/surveys.ts';
import { ingestKey, runPrefix } from '../../lambdas/lake/zones.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { gates } from '../../lambdas/night/gates.ts';
import type { GateVerdict, Night } from '../../lambdas/pipeline.ts';
import { GateFailed } from '../../lambdas/platform/errors.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type Delivery, deliver, keyOf, type ToldOrder } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const told = (count: number, more: Partial<ToldOrder> = {}): ToldOrder[] =>
  Array.from({ length: count }, (_, i) => ({
    order_id: `${i}`,
    on: `2024-06-${String(30 - (i % 20)).padStart(2, '0')}`,
    email: `customer ${i % 4}`,
    ...more,
  }));

async function curatedNight(deliveries: readonly Delivery[], asOf = '2024-06-30'): Promise<Night> {
  for (const delivery of deliveries) await deliver(lake, delivery);
  const night = await claim(lake, day(asOf));
  await curate(lake, { night });
  return night;
}

/** The verdicts of a night, whether it passes or not. */
async function judged(night: Night): Promise<{ failed: boolean; of: (gate: string) => GateVerdict | undefined }> {
  const [verdicts, failed] = await gates(lake, { night, curate: {} as never }).then(
    (output) => [output.gates, false] as const,
    (error: unknown) => {
      expect(error).toBeInstanceOf(GateFailed);
      expect(error).toMatchObject({ exitCode: 4 });
      return [(error as GateFailed).verdicts, true] as const;
    },
  );
  return { failed, of: (gate) => verdicts.find((verdict) => verdict.gate === gate) };
}

const judgedAfter = async (...deliveries: Delivery[]) => judged(await curatedNight(deliveries));

test('a sound night passes every gate', async () => {
  const { gates: verdicts } = await gates(lake, {
    night: await curatedNight([{ file: 'a.csv', orders: told(40) }]),
    curate: {} as never,
  });
  expect(verdicts.map((verdict) => verdict.gate)).toEqual([
    'accounting',
    'ingests_stored',
    'orders_unique',
    'rejected_records',
    'sales',
    'freshness',
    'volume',
    'identified_orders',
    'undone_later',
    'rates',
  ]);
  expect(verdicts.filter((verdict) => verdict.verdict !== 'passed')).toEqual([]);
});

describe('a night fails', () => {
  test('when records of a file do not add up', async () => {
    const { failed, of } = await judgedAfter({
      file: 'a.csv',
      orders: told(40),
      receipt: { records_read: 41 },
    });
    expect(failed).toBe(true);
    expect(of('accounting')).toMatchObject({ verdict: 'failed', message: expect.stringContaining('1 receipt ') });
    expect(of('sales')).toMatchObject({ verdict: 'passed' });
  });

  test('when the lake holds other orders than a receipt says', async () => {
    await deliver(lake, { file: 'a.csv', orders: told(40) });
    const id = await deliver(lake, { file: 'b.csv', orders: told(3, { source: 'other' }) });
    await writeTable(lake.store, orderVersions, ingestKey(orderVersions, id), []);
    const { failed, of } = await judged(await curatedNight([]));
    expect(failed).toBe(true);
    expect(of('ingests_stored')).toMatchObject({ verdict: 'failed' });
  });

  test.each([
    [2, 2, false],
    [3, 2, true],
    [2, 1, true],
  ])('when it holds %i suppressions and %i answers where receipts say 2', async (listed, answers, fails) => {
    await deliver(lake, { file: 'a.csv', orders: told(40) });
    const receipt = { records_read: 2, people_accepted: 2 };
    const list = await deliver(lake, { file: 'list.csv', orders: [], receipt: { ...receipt, kind: 'suppressions' } });
    const survey = await deliver(lake, { file: 'survey.csv', orders: [], receipt: { ...receipt, kind: 'surveys' } });
    const records = (ingest_id: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        ingest_id,
        record_no: i + 1,
        email_key: keyOf(`customer ${i}`),
        phone_key: null,
        platform_key: null,
      }));
    const suppressed = records(list, listed).map((row) => ({
      ...row,
      told_epoch_s: 0,
      reason: 'other',
      is_lifted: false,
    }));
    const answered = records(survey, answers).flatMap((row) =>
      ['csat', 'nps'].map((question) => ({ ...row, question, score: 5, theme: null, answered_at: 0n, answered_on: 0 })),
    );
    await writeTable(lake.store, suppressions, ingestKey(suppressions, list), suppressed);
    await writeTable(lake.store, surveyResponses, ingestKey(surveyResponses, survey), answered);
    const { failed, of } = await judged(await curatedNight([]));
    expect(failed).toBe(fails);
    expect(of('accounting')?.verdict).toBe('passed');
    expect(of('ingests_stored')?.message).toContain(fails ? '1 ingest of' : '0 ingests of');
  });

  test('when an order has two winning versions', async () => {
    const night = await curatedNight([{ file: 'a.csv', orders: told(40) }]);
    const rows: TableRow<typeof orders>[] = await rowsOf(
      lake.engine,
      { name: 'orders', sql: 'select * from orders_runs' },
      orders,
    );
    const key = `${runPrefix(orders, night.run)}part-00000.parquet`;
    await writeTable(lake.store, orders, key, [...rows, rows[0]!]);
    const { failed, of } = await judged(night);
    expect(failed).toBe(true);
    expect(of('orders_unique')).toMatchObject({ verdict: 'failed', message: expect.stringContaining('1 order ') });
  });

  test.each([
    [5, 95, false],
    [6, 94, true],
  ])('when more records of any file are rejected than allowed: %i of 100', async (rejected, accepted, fails) => {
    const { failed, of } = await judgedAfter(
      { file: 'good.csv', orders: told(200, { source: 'other' }) },
      { file: 'a.csv', orders: told(accepted), receipt: { records_read: 100, rejected } },
    );
    expect(failed).toBe(fails);
    expect(of('rejected_records')?.verdict).toBe(fails ? 'failed' : 'passed');
  });

  test('but not for totals, repeated headers and shipments of sales elsewhere, which are no orders', async () => {
    const shop = { file: 'a.csv', orders: told(90), receipt: { records_read: 100, rejected: 10 } };
    const id = await deliver(lake, shop);
    const none = { column_name: null, file_name: 'a.csv', ingest_id: id };
    const reasons = ['summary_row', 'no_sale', ...Array.from({ length: 8 }, () => 'repeated_header')];
    const rows = reasons.map((reason, i) => ({ ...none, record_no: 91 + i, reason }));
    await writeTable(lake.store, rejectedRows, ingestKey(rejectedRows, id), rows);
    const { failed, of } = await judged(await curatedNight([]));
    expect(failed).toBe(false);
    expect(of('rejected_records')?.verdict).toBe('passed');
  });

  test('when no order is a sale', async () => {
    const { failed, of } = await judgedAfter({ file: 'a.csv', orders: told(10, { status: 'test' }) });
    expect(failed).toBe(true);
    expect(of('sales')).toMatchObject({ verdict: 'failed' });
  });

  test.each([
    ['2024-07-07', false],
    ['2024-07-08', true],
  ])('when the newest order is too old: as of %s', async (asOf, fails) => {
    const { failed, of } = await judged(await curatedNight([{ file: 'a.csv', orders: told(40) }], asOf));
    expect(failed).toBe(fails);
    expect(of('freshness')?.verdict).toBe(fails ? 'failed' : 'passed');
  });

  test('and its age is told as people would', async () => {
    const { of } = await judged(await curatedNight([{ file: 'a.csv', orders: told(40) }], '2024-07-01'));
    expect(of('freshness')?.message).toBe('newest order 1 day before 2024-07-01 (limit 7)');
  });

  test('orders after the date do not make it fresh', async () => {
    const orders = [...told(10), { order_id: 'later', on: '2024-08-01' }];
    const { of } = await judged(await curatedNight([{ file: 'a.csv', orders }], '2024-07-20'));
    expect(of('freshness')).toMatchObject({ verdict: 'failed' });
  });

  test.each([
    [95, false],
    [94, true],
  ])('when too few of the orders of the night before are still there: %i of 100', async (left, fails) => {
    const before = await curatedNight([{ file: 'a.csv', orders: told(100), receipt: { file_sha256: 'one file' } }]);
    await deliver(lake, {
      file: 'b.csv',
      orders: [...told(left), { order_id: 'new', on: '2024-07-01' }],
      receipt: { file_sha256: 'one file', ingested_at: '2025-02-01T00:00:00.000Z' },
    });
    const { run } = before;
    const previous = { asOf: run.asOf, runId: run.runId, modelId: 'rules', horizonDays: 90, trainedOn: run.asOf };
    const night = { ...(await curatedNight([], '2024-07-01')), previous };
    const { failed, of } = await judged(night);
    expect(failed).toBe(fails);
    expect(of('volume')?.verdict).toBe(fails ? 'failed' : 'passed');
    expect(of('volume')?.message).toContain(`${left}.0%`);
  });
});

describe('a night is warned, and goes on', () => {
  test('when most orders name no customer', async () => {
    const nobody = told(21, { source: 'till' }).map(({ email, ...order }) => order);
    const { failed, of } = await judgedAfter({ file: 'a.csv', orders: [...told(20), ...nobody] });
    expect(failed).toBe(false);
    expect(of('identified_orders')).toMatchObject({ verdict: 'warned' });
  });

  test('when a currency has no rate', async () => {
    await lake.close();
    lake = await testLake('2024-06-30', { shop: { currency: 'EUR' } });
    const { failed, of } = await judgedAfter({
      file: 'a.csv',
      orders: [...told(20), ...told(2, { source: 'us', currency: 'USD' })],
    });
    expect(failed).toBe(false);
    expect(of('rates')).toMatchObject({ verdict: 'warned', message: expect.stringContaining('2 orders') });
  });
});
