import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { curate } from '../../lambdas/curate/curate.ts';
import { count, integer, text } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { claim, lastCompleteDay } from '../../lambdas/night/claim.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { ConfigError, NothingToDo } from '../../lambdas/platform/errors.ts';
import { liveIngests } from '../../lambdas/platform/live-ingests.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type Delivery, deliver } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const plain: Delivery = {
  file: 'a.csv',
  orders: [
    { order_id: '1', on: '2024-01-05' },
    { order_id: '2', on: '2024-03-05' },
  ],
};
const claimedOn = async (asOf: string | null) =>
  isoDate((await claim(lake, asOf === null ? null : day(asOf))).run.asOf);
const objects = async () => {
  const keys: string[] = [];
  for await (const { key } of lake.store.list('')) keys.push(key);
  return keys;
};

describe('the date of a night', () => {
  test('is the newest order date, at most the last complete day of the shop', async () => {
    await deliver(lake, plain);
    expect(await claimedOn(null)).toBe('2024-03-05');
    await deliver(lake, { file: 'b.csv', orders: [{ order_id: '3', on: '2026-01-01' }] });
    expect(await claimedOn(null)).toBe('2025-12-31');
  });

  test('is the one asked for, also before some of the orders', async () => {
    await deliver(lake, plain);
    expect(await claimedOn('2024-02-01')).toBe('2024-02-01');
    expect(await claimedOn('2024-12-01')).toBe('2024-12-01');
    expect(await claimedOn('2024-01-05')).toBe('2024-01-05');
  });

  test.each([
    ['UTC', '2026-03-01T00:00:00Z', '2026-02-28'],
    ['UTC', '2026-02-28T23:59:59Z', '2026-02-27'],
    ['Pacific/Auckland', '2026-02-28T11:00:00Z', '2026-02-28'],
    ['America/Los_Angeles', '2026-03-01T07:59:00Z', '2026-02-27'],
    ['America/Los_Angeles', '2026-03-01T08:00:00Z', '2026-02-28'],
  ])('the last complete day in %s at %s is %s', (zone, now, expected) => {
    expect(isoDate(lastCompleteDay(new Date(now), zone))).toBe(expected);
  });

  test('needs orders on or before it, and says which dates there are', async () => {
    await expect(claim(lake, null)).rejects.toThrow(NothingToDo);
    await expect(claim(lake, null)).rejects.toThrow('the lake holds no orders');
    await deliver(lake, plain);
    await expect(claim(lake, day('2024-01-04'))).rejects.toThrow(
      'no order is dated on or before 2024-01-04; the oldest is of 2024-01-05',
    );
    expect((await objects()).filter((key) => key.startsWith('runs/'))).toEqual([]);
  });
});

describe('the inputs of a night', () => {
  const refused = { verdict: 'refused', first_order_date: null, last_order_date: null } as const;

  test('are the accepted ingests, of each file the one last asked for, in order of delivery', async () => {
    const of = (file: string, delivered: string, ingested: string, sha: string, verdict = 'accepted') =>
      deliver(lake, {
        file,
        deliveredAt: delivered,
        orders: plain.orders,
        receipt: { file_sha256: sha, ingested_at: ingested, verdict },
      });
    const late = await of('late.csv', '2024-05-02T00:00:00.000Z', '2024-05-02T00:00:00.000Z', 'sha-1');
    const renewals: string[] = [];
    for (const hour of [3, 6, 0, 5, 7, 1, 4, 2]) {
      const at = `2024-05-03T0${hour}:00:00.000Z`;
      renewals[hour] = await of(`parser-${hour}.csv`, '2024-05-01T00:00:00.000Z', at, 'sha-2');
    }
    const renewed = renewals[7];
    await of('newer-but-refused.csv', '2024-05-01T00:00:00.000Z', '2024-05-04T00:00:00.000Z', 'sha-2', 'refused');
    const tie = await of('tie.csv', '2024-05-02T00:00:00.000Z', '2024-05-02T00:00:00.000Z', 'sha-0');
    expect((await liveIngests(lake.store)).map((receipt) => receipt.ingest_id)).toEqual([renewed, tie, late]);
  });

  test('a lake of refused files alone holds no orders', async () => {
    await deliver(lake, { file: 'bad.csv', orders: [], receipt: refused });
    await expect(claim(lake, null)).rejects.toThrow(NothingToDo);
  });

  test('are frozen: an export that arrives during the night changes nothing in it', async () => {
    await deliver(lake, plain);
    const night = await claim(lake, day('2024-06-30'));
    await deliver(lake, {
      file: 'during-the-night.csv',
      orders: [
        { order_id: '2', on: '2024-03-05', version: '2024-06-01T00:00:00Z', gross_amount: 1n },
        { order_id: '3', on: '2024-04-01', email: 'late' },
      ],
    });
    expect(await curate(lake, { night })).toMatchObject({ orders: 2, supersededOrders: 0, customers: 0 });
    const next = await claim(lake, day('2024-06-30'));
    expect(next.run.runId).not.toBe(night.run.runId);
    expect(await curate(lake, { night: next })).toMatchObject({ orders: 3, supersededOrders: 1, customers: 1 });
    const inputs = await rowsOf(
      lake.engine,
      { name: 'inputs', sql: 'select run_id, count(*) as n, max(input_rank) as rank from run_inputs_runs group by 1' },
      { columns: { run_id: text(''), n: count(''), rank: integer('') }, key: ['n'] },
    );
    expect(inputs).toEqual([
      { run_id: night.run.runId, n: 1, rank: 1 },
      { run_id: next.run.runId, n: 2, rank: 2 },
    ]);
  });
});

describe('the name of a run', () => {
  test('is the same for the same night, whose attempts are numbered, also when claimed at once', async () => {
    await deliver(lake, plain);
    const runs = await Promise.all(Array.from({ length: 5 }, () => claim(lake, day('2024-06-30'))));
    expect(new Set(runs.map(({ run }) => run.runId)).size).toBe(1);
    expect(runs.map(({ run }) => run.attempt).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test('depends on date, settings and inputs, not on how long it is kept or what it costs', async () => {
    await deliver(lake, plain);
    const runId = async (settings: unknown, asOf: string) =>
      (await claim({ ...lake, config: parseConfig(settings, 'test') }, day(asOf))).run.runId;
    const ids = [
      await runId({}, '2024-06-30'),
      await runId({}, '2024-06-29'),
      await runId({ publish: { control_pct: 11 } }, '2024-06-30'),
    ];
    await deliver(lake, { ...plain, file: 'b.csv' });
    ids.push(await runId({}, '2024-06-30'));
    expect(new Set(ids).size).toBe(4);
    expect(await runId({ night: { keep_days: 60 }, prices: { athena_tb: 6 } }, '2024-06-30')).toBe(ids.at(-1));
  });
});

describe('the reporting currency', () => {
  const inDollars: Delivery = { file: 'b.csv', orders: [{ order_id: '9', on: '2024-02-01', currency: 'USD' }] };

  test('is the only one of the exports', async () => {
    await deliver(lake, inDollars);
    expect((await claim(lake, null)).currency).toBe('USD');
  });

  test('is asked for when there are several, before anything is claimed', async () => {
    await deliver(lake, plain);
    await deliver(lake, inDollars);
    await expect(claim(lake, null)).rejects.toThrow(ConfigError);
    await expect(claim(lake, null)).rejects.toThrow(/EUR, USD/);
    expect((await objects()).filter((key) => key.startsWith('runs/'))).toEqual([]);
    const config = parseConfig({ shop: { currency: 'CHF' } }, 'test');
    expect((await claim({ ...lake, config }, null)).currency).toBe('CHF');
  });
});
