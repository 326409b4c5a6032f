import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { segments } from '../../lambdas/lake/tables/campaign-definitions.ts';
import { segmentMoves } from '../../lambdas/lake/tables/campaigns.ts';
import type { Night } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight, winBack } from './night-of-buyers.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30', { publish: campaignsOnly(...winBack, 'second_order') });
});
afterEach(() => lake.close());

const published = (buyers: readonly Buyer[], asOf?: string, before?: Night): Promise<Published> =>
  publishNight(lake, buyers, asOf, before);

const crowd = (count: number, more: Partial<Buyer> = {}): Buyer[] =>
  Array.from({ length: count }, (_, i) => ({ name: `customer-${i}`, spend: 10 + ((i * 37) % 97), ...more }));

test('segments are published as a table: 25 cells, each with one segment', async () => {
  await published([{ name: 'anna' }]);
  const cells = await rowsOf(lake.engine, { name: 'segments', sql: 'select * from segments_runs' }, segments);
  expect(cells).toHaveLength(25);
  expect(new Set(cells.map((cell) => `${cell.recency_score} ${cell.value_score}`)).size).toBe(25);
  expect(cells.find((cell) => cell.recency_score === 1 && cell.value_score === 5)).toMatchObject({
    segment: 'cant_lose_them',
    name: 'Can’t lose them',
  });
});

test('segment moves say who moved, and why', async () => {
  const first = await published([
    { name: 'same', segment: 'loyal' },
    { name: 'fading', segment: 'loyal' },
    { name: 'buying', segment: 'at_risk' },
    { name: 'undone', segment: 'new', lastOrderOn: '2024-06-20' },
    { name: 'gone', segment: 'new' },
  ]);
  const moves = async (asOf: string) =>
    rowsOf(
      lake.engine,
      { name: 'moves', sql: `select * from segment_moves_runs where as_of = date '${asOf}'` },
      segmentMoves,
    );
  expect(await moves('2024-06-30')).toEqual([]);
  await published(
    [
      { name: 'same', segment: 'loyal' },
      { name: 'fading', segment: 'at_risk' },
      { name: 'buying', segment: 'champions', lastOrderOn: '2024-07-02' },
      { name: 'undone', segment: 'lost', lastOrderOn: '2024-02-01' },
      { name: 'first', segment: 'new', lastOrderOn: '2024-07-03' },
    ],
    '2024-07-03',
    first.night,
  );
  const found = new Map((await moves('2024-07-03')).map((move) => [move.customer_key, move]));
  expect(found.size).toBe(5);
  const of = (name: string) => found.get(keyOf(name));
  expect(of('fading')).toMatchObject({ from_segment: 'loyal', to_segment: 'at_risk', cause: 'time' });
  expect(of('buying')).toMatchObject({ from_segment: 'at_risk', to_segment: 'champions', cause: 'purchase' });
  expect(of('undone')).toMatchObject({ to_segment: 'lost', cause: 'refund' });
  expect(of('gone')).toMatchObject({ from_segment: 'new', to_segment: null, cause: 'refund' });
  expect(of('first')).toMatchObject({
    from_segment: null,
    to_segment: 'new',
    cause: 'purchase',
    days_since_last_night: 3,
  });
});

test('people who turned out to be one are no refund and no first purchase', async () => {
  const first = await published([{ name: 'old', segment: 'loyal' }, { name: 'same' }]);
  await published([{ name: 'new', alias: 'old', segment: 'loyal' }, { name: 'same' }], '2024-07-01', first.night);
  const sql = `select * from segment_moves_runs where as_of = date '2024-07-01'`;
  expect(await rowsOf(lake.engine, { name: 'moves', sql }, segmentMoves)).toEqual([]);
});

test('the manifest names every file with its rows, bytes and hash, and what the figures rest on', async () => {
  const found = await published([
    ...crowd(120),
    ...crowd(30, { consent: false }).map((b) => ({ ...b, name: `n${b.name}` })),
  ]);
  const { manifest, members } = found;
  expect(manifest).toMatchObject({
    as_of: '2024-06-30',
    run_id: 'night-2024-06-30',
    horizon_days: 90,
    currency: 'EUR',
    score_basis: 'forest',
    model_verdict: 'kept',
    control_pct: 10,
  });
  expect(manifest.lists.map((list) => list.campaign)).toEqual([...winBack, 'second_order']);
  for (const file of manifest.files) {
    const { body } = (await lake.store.read(file.key))!;
    expect(file.sha256).toBe(createHash('sha256').update(body).digest('hex'));
    expect(file.bytes).toBe(body.byteLength);
  }
  for (const list of manifest.lists) {
    const people = await found.people(list.campaign);
    const of = (arm: string) => members.filter((m) => m.campaign === list.campaign && m.arm === arm);
    expect(list.rows).toBe(people.length);
    expect(people.map((person) => person.customer_key)).toEqual(
      of('treatment')
        .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
        .map((member) => member.customer_key),
    );
    expect(list.control).toBe(of('control').length);
    expect(list.excluded.no_consent ?? 0).toBe(of('excluded').length);
    const atRisk = of('treatment').reduce((sum, member) => sum + (member.value_at_risk ?? 0n), 0n);
    expect(Number(list.value_at_risk)).toBeCloseTo(Number(atRisk) / 10_000, 1);
  }
});

test('a list says, before anybody is contacted, the smallest lift that it can show', async () => {
  const small = await published(crowd(200));
  const [high] = small.manifest.lists;
  expect(high).toMatchObject({ expected_lift_points: 2 });
  expect(high!.smallest_lift_points).toBeGreaterThan(20);
  expect(high!.customers_needed).toBeGreaterThan(5000);
});
