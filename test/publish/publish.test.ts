import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { segmentMoves } from '../../lambdas/lake/tables/campaigns.ts';
import type { Night } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, type Member, type Published, publishNight } from './night-of-buyers.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const published = (buyers: readonly Buyer[], asOf?: string, before?: Night): Promise<Published> =>
  publishNight(lake, buyers, asOf, before);

const crowd = (count: number, more: Partial<Buyer> = {}): Buyer[] =>
  Array.from({ length: count }, (_, i) => ({ name: `customer-${i}`, spend: 10 + ((i * 37) % 97), ...more }));
const memberOf = (found: Published, name: string): Member | undefined =>
  found.members.find((member) => member.customer_key === keyOf(name));

describe('membership', () => {
  test('everybody who fits is in exactly one campaign, in exactly one arm', async () => {
    const buyers = [...crowd(200), ...crowd(50, { orders: 1 }).map((b) => ({ ...b, name: `one-${b.name}` }))];
    const found = await published(buyers);
    expect(found.members).toHaveLength(250);
    expect(new Set(found.members.map((member) => member.customer_key)).size).toBe(250);
    expect(new Set(found.members.map((member) => member.arm))).toEqual(new Set(['treatment', 'control']));
  });

  test('win-back tiers are fifths, thirds and the rest by value at risk, the most valuable first', async () => {
    const buyers = Array.from({ length: 100 }, (_, i) => ({ name: `customer-${i}`, spend: 1 + i }));
    const found = await published(buyers);
    const inOrder = [...buyers].reverse().map((buyer) => memberOf(found, buyer.name)!);
    expect(inOrder.map((member) => member.campaign)).toEqual([
      ...Array(20).fill('win_back_high'),
      ...Array(30).fill('win_back_medium'),
      ...Array(50).fill('win_back_low'),
    ]);
    expect(inOrder.slice(0, 20).map((member) => member.position)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test.each<[string, Partial<Buyer>, string | undefined]>([
    ['somebody at low risk', { risk: 0.2 }, undefined],
    ['somebody at medium risk', { risk: 0.4 }, 'win_back_high'],
    ['somebody gone for longer than three horizons', { lastOrderOn: '2023-10-03' }, undefined],
    ['somebody gone for exactly three horizons', { lastOrderOn: '2023-10-04' }, 'win_back_high'],
    ['somebody whose purchases were all paid back', { monetaryValue: 0n }, undefined],
    ['a one-time buyer at low risk', { orders: 1, risk: 0.1 }, 'second_order'],
    ['a one-time buyer of yesterday', { orders: 1, lastOrderOn: '2024-06-29' }, undefined],
    ['a one-time buyer gone for longer than a horizon and a half', { orders: 1, lastOrderOn: '2024-02-15' }, undefined],
  ])('%s', async (_, more, campaign) => {
    const found = await published([{ name: 'anna', ...more }]);
    expect(memberOf(found, 'anna')?.campaign).toBe(campaign);
  });
});

describe('the control group', () => {
  test('is about the configured share, and nobody changes arm when the base grows', async () => {
    const small = await published(crowd(400));
    const large = await published(crowd(1200), '2024-07-01', small.night);
    for (const member of small.members) {
      const later = large.members.find((other) => other.customer_key === member.customer_key)!;
      expect(later.arm).toBe(member.arm);
    }
    const control = large.members.filter((member) => member.arm === 'control');
    expect(control.length / large.members.length).toBeGreaterThan(0.07);
    expect(control.length / large.members.length).toBeLessThan(0.13);
  });

  test.each([0, 50, 100])('of %i percent', async (control_pct) => {
    const config = { ...lake.config, publish: { ...lake.config.publish, control_pct } };
    lake = { ...lake, config };
    const { members } = await published(crowd(300));
    const share = (100 * members.filter((member) => member.arm === 'control').length) / members.length;
    expect(Math.abs(share - control_pct)).toBeLessThanOrEqual(control_pct % 100 === 0 ? 0 : 10);
  });

  test('is the hash of the person alone: other risk, value or campaign, same arm', async () => {
    const one = await published(crowd(150));
    const other = await published(crowd(150, { orders: 1, risk: 0.5, spend: 7 }), '2024-07-01');
    const arms = (found: Published) => found.members.map((member) => [member.customer_key, member.arm]).sort();
    expect(arms(other)).toEqual(arms(one));
  });

  test('is never on a list', async () => {
    const found = await published(crowd(300));
    const control = new Set(found.members.filter((m) => m.arm === 'control').map((m) => m.customer_key));
    expect(control.size).toBeGreaterThan(0);
    for (const { campaign } of found.manifest.lists) {
      for (const person of await found.people(campaign)) expect(control).not.toContain(person.customer_key);
    }
  });
});

describe('consent', () => {
  test.each<[boolean | null, 'include' | 'exclude', string | null]>([
    [true, 'include', null],
    [true, 'exclude', null],
    [false, 'include', 'no_consent'],
    [false, 'exclude', 'no_consent'],
    [null, 'include', null],
    [null, 'exclude', 'unknown_consent'],
  ])('%s, where unknown ones are to %s', async (consent, unknown_consent, because) => {
    lake = {
      ...lake,
      config: { ...lake.config, publish: { ...lake.config.publish, unknown_consent, control_pct: 0 } },
    };
    const found = await published([{ name: 'anna', consent }]);
    const member = memberOf(found, 'anna')!;
    expect([member.arm, member.excluded_because]).toEqual([because ? 'excluded' : 'treatment', because]);
    const list = found.manifest.lists.find((each) => each.campaign === member.campaign)!;
    expect(list).toMatchObject({
      rows: because ? 0 : 1,
      excluded: {
        no_consent: because === 'no_consent' ? 1 : 0,
        unknown_consent: because === 'unknown_consent' ? 1 : 0,
      },
    });
    expect(await found.people(member.campaign)).toHaveLength(because ? 0 : 1);
  });

  test('comes before the arms: nobody without it is in the control group', async () => {
    const found = await published(crowd(200, { consent: false }));
    expect(new Set(found.members.map((member) => member.arm))).toEqual(new Set(['excluded']));
  });
});

describe('episodes', () => {
  test('begin on the night of entry, go on while the customer is silent, begin anew after a purchase', async () => {
    const silent = { name: 'silent', spend: 1000 };
    const first = await published([silent, { name: 'buying' }]);
    expect(memberOf(first, 'silent')).toMatchObject({ entered_on: day('2024-06-30'), is_new: true, days_on_list: 0 });

    const buyers = [silent, { name: 'buying', lastOrderOn: '2024-07-03' }];
    const dayAfter = await published(buyers, '2024-07-04', first.night);
    expect(memberOf(dayAfter, 'buying')).toBeUndefined();
    const second = await published(buyers, '2024-08-20', first.night);
    expect(memberOf(second, 'silent')).toMatchObject({
      entered_on: day('2024-06-30'),
      is_new: false,
      days_on_list: 51,
    });
    expect(memberOf(second, 'buying')).toMatchObject({ entered_on: day('2024-08-20'), is_new: true, days_on_list: 0 });

    const third = await published(buyers, '2024-08-21', second.night);
    expect(memberOf(third, 'silent')).toMatchObject({ entered_on: day('2024-06-30'), days_on_list: 52 });
    expect(memberOf(third, 'buying')).toMatchObject({ entered_on: day('2024-08-20'), days_on_list: 1 });
    const list = third.manifest.lists.find((each) => each.campaign === memberOf(third, 'silent')!.campaign)!;
    expect(list.new_members).toBe(0);
  });

  test('end when the customer does not fit any more; coming back is another one', async () => {
    const first = await published([{ name: 'anna' }]);
    const second = await published([{ name: 'anna', risk: 0.1 }], '2024-07-01', first.night);
    expect(memberOf(second, 'anna')).toBeUndefined();
    const third = await published([{ name: 'anna' }], '2024-07-02', second.night);
    expect(memberOf(third, 'anna')).toMatchObject({ entered_on: day('2024-07-02'), is_new: true });
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
  expect(manifest.lists.map((list) => list.campaign)).toEqual([
    'win_back_high',
    'win_back_medium',
    'win_back_low',
    'second_order',
  ]);
  for (const list of manifest.lists) {
    const { body } = (await lake.store.read(list.file))!;
    const people = await found.people(list.campaign);
    const of = (arm: string) => members.filter((m) => m.campaign === list.campaign && m.arm === arm);
    expect(list.sha256).toBe(createHash('sha256').update(body).digest('hex'));
    expect(list.bytes).toBe(body.byteLength);
    expect(list.rows).toBe(people.length);
    expect(people.map((person) => person.customer_key)).toEqual(
      of('treatment')
        .sort((a, b) => a.position - b.position)
        .map((member) => member.customer_key),
    );
    expect(list.control).toBe(of('control').length);
    expect(list.excluded.no_consent).toBe(of('excluded').length);
    const atRisk = of('treatment').reduce((sum, member) => sum + (member.value_at_risk ?? 0n), 0n);
    expect(Number(list.value_at_risk)).toBeCloseTo(Number(atRisk) / 10_000, 1);
  }
});
