import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { customerArms } from '../../lambdas/lake/tables/campaigns.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight, winBack } from './night-of-buyers.ts';

let lake: TestLake;
const open = async (settings: object = {}) => {
  lake = await testLake('2024-06-30', { publish: { ...campaignsOnly(...winBack, 'second_order'), ...settings } });
};
beforeEach(() => open());
afterEach(() => lake.close());

const crowd = (count: number, more: Partial<Buyer> = {}): Buyer[] =>
  Array.from({ length: count }, (_, i) => ({ name: `customer-${i}`, spend: 10 + ((i * 37) % 97), ...more }));

const armsOn = async (asOf: string) => {
  const sql = `select * from customer_arms_runs where as_of = date '${asOf}'`;
  return new Map(
    (await rowsOf(lake.engine, { name: 'arms', sql }, customerArms)).map((row) => [row.customer_key, row]),
  );
};

const armsOf = (found: Published) =>
  found.members.map((member) => [member.customer_key, member.arm] as const).sort(([a], [b]) => (a < b ? -1 : 1));

describe('the global control group', () => {
  test('is about the configured share, and nobody changes arm when the base grows', async () => {
    const small = await publishNight(lake, crowd(400));
    const large = await publishNight(lake, crowd(1200), '2024-07-01', small.night);
    const later = new Map(armsOf(large));
    for (const [person, arm] of armsOf(small)) expect(later.get(person)).toBe(arm);
    const control = large.members.filter((member) => member.arm === 'control');
    expect(control.length / large.members.length).toBeGreaterThan(0.07);
    expect(control.length / large.members.length).toBeLessThan(0.13);
  });

  test.each([0, 50, 100])('of %i percent', async (control_pct) => {
    await lake.close();
    await open({ control_pct });
    const { members } = await publishNight(lake, crowd(300));
    const share = (100 * members.filter((member) => member.arm === 'control').length) / members.length;
    expect(Math.abs(share - control_pct)).toBeLessThanOrEqual(control_pct % 100 === 0 ? 0 : 10);
  });

  test('is the hash of the person alone: other risk, value or campaign, same arm', async () => {
    const one = await publishNight(lake, crowd(150));
    const other = await publishNight(lake, crowd(150, { orders: 1, risk: 0.5, spend: 7 }), '2024-07-01');
    expect(armsOf(other)).toEqual(armsOf(one));
  });

  test('is never on a list, and has an audience of its own to be left out of advertising', async () => {
    const found = await publishNight(lake, crowd(300));
    const control = new Set(found.members.filter((m) => m.arm === 'control').map((m) => m.customer_key));
    expect(control.size).toBeGreaterThan(0);
    for (const { campaign } of found.manifest.lists) {
      for (const person of await found.people(campaign)) expect(control).not.toContain(person.customer_key);
    }
    expect(found.manifest.exclusions.find((each) => each.audience === 'control_group')!.rows).toBe(control.size);
  });

  test('is recorded: another share moves only who comes after', async () => {
    const first = await publishNight(lake, crowd(200));
    lake = { ...lake, config: { ...lake.config, publish: { ...lake.config.publish, control_pct: 60 } } };
    await publishNight(lake, crowd(400), '2024-07-01', first.night);
    const [before, after] = [await armsOn('2024-06-30'), await armsOn('2024-07-01')];
    for (const [person, row] of before) expect(after.get(person)).toEqual(row);
    const added = [...after.values()].filter((row) => !before.has(row.customer_key));
    const share = added.filter((row) => row.arm === 'control').length / added.length;
    expect(added).toHaveLength(200);
    expect(share).toBeGreaterThan(0.5);
    expect(new Set(added.map((row) => row.control_pct))).toEqual(new Set([(100 * Math.round(0.6 * 65_536)) / 65_536]));
  });

  test('keeps somebody whose only purchases were undone: coming back they have the arm they had', async () => {
    const first = await publishNight(lake, crowd(60));
    const second = await publishNight(lake, crowd(5), '2024-07-01', first.night);
    await publishNight(lake, crowd(60), '2024-07-02', second.night);
    expect(await armsOn('2024-07-02')).toEqual(await armsOn('2024-06-30'));
  });
});

describe('a control group of one campaign', () => {
  test('is drawn anew for each campaign, besides the global one, and stays', async () => {
    const own = (name: string, group: string) => ({
      name,
      group,
      title: name,
      hint: name,
      offer: name,
      enters: { orders: { min: 1 } },
      control_pct: 30,
    });
    await lake.close();
    await open({ ...campaignsOnly(), campaigns: [own('one', 'a'), own('two', 'b')] });
    const first = await publishNight(lake, crowd(1000));
    const inControl = (found: Published, campaign: string, reason: string) =>
      new Set(
        found.members.filter((m) => m.campaign === campaign && m.arm_reason === reason).map((m) => m.customer_key),
      );
    const [one, two] = [inControl(first, 'one', 'campaign'), inControl(first, 'two', 'campaign')];
    for (const drawn of [one, two]) {
      expect(drawn.size).toBeGreaterThan(220);
      expect(drawn.size).toBeLessThan(320);
    }
    const both = [...one].filter((person) => two.has(person)).length;
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(115);
    expect(inControl(first, 'one', 'global')).toEqual(inControl(first, 'two', 'global'));
    const second = await publishNight(lake, crowd(1000), '2024-07-01', first.night);
    expect(inControl(second, 'one', 'campaign')).toEqual(one);
    const shares = new Set(first.episodes.map((episode) => Math.round(episode.control_share_pct)));
    expect(shares).toEqual(new Set([37]));
  });
});

describe('people who turn out to be one', () => {
  const alone = async (name: string, arm: 'control' | 'treatment') => {
    const bucket = Number.parseInt(keyOf(name).slice(28), 16);
    return bucket < 6554 === (arm === 'control');
  };
  async function named(prefix: string, arm: 'control' | 'treatment'): Promise<string> {
    for (let i = 0; ; i++) if (await alone(`${prefix}-${i}`, arm)) return `${prefix}-${i}`;
  }

  test('have the arm that was recorded first, are taken off lists they were on, and are counted', async () => {
    const control = await named('old', 'control');
    const treated = await named('new', 'treatment');
    const first = await publishNight(lake, [{ name: control }]);
    const second = await publishNight(lake, [{ name: control }, { name: treated }], '2024-07-01', first.night);
    const third = await publishNight(lake, [{ name: treated, alias: control }], '2024-07-02', second.night);
    expect((await armsOn('2024-07-02')).get(keyOf(treated))).toMatchObject({
      arm: 'control',
      recorded_on: day('2024-06-30'),
    });
    expect(third.members.filter((member) => member.arm === 'treatment')).toEqual([]);
    expect(third.episodes.map((e) => [e.arm, e.left_because, e.is_contaminated]).sort()).toEqual([
      ['control', null, true],
      ['treatment', 'merged', true],
    ]);
    const fourth = await publishNight(lake, [{ name: treated, alias: control }], '2024-07-03', third.night);
    expect(fourth.episodes.filter((e) => e.left_on === null).map((e) => e.arm)).toEqual(['control']);
    expect(fourth.episodes.every((e) => e.is_contaminated)).toBe(true);
  });

  test('are taken out of the control group that only the newer of them was in', async () => {
    const treated = await named('old', 'treatment');
    const control = await named('new', 'control');
    const first = await publishNight(lake, [{ name: treated, risk: 0.1 }]);
    const second = await publishNight(
      lake,
      [{ name: treated, risk: 0.1 }, { name: control }],
      '2024-07-01',
      first.night,
    );
    const third = await publishNight(lake, [{ name: treated, alias: control }], '2024-07-02', second.night);
    expect(third.members.filter((member) => member.arm === 'control')).toEqual([]);
    expect(third.episodes.filter((e) => e.arm === 'control').map((e) => [e.left_because, e.is_contaminated])).toEqual([
      ['merged', true],
    ]);
  });

  test('of one arm go on with the older episode', async () => {
    const [one, two] = [await named('one', 'treatment'), await named('two', 'treatment')];
    const first = await publishNight(lake, [{ name: one }]);
    const second = await publishNight(lake, [{ name: one }, { name: two }], '2024-07-01', first.night);
    const third = await publishNight(lake, [{ name: two, alias: one }], '2024-07-02', second.night);
    expect(third.members).toMatchObject([{ customer_key: keyOf(two), entered_on: day('2024-06-30'), is_new: false }]);
    expect(third.episodes.map((e) => [e.entered_on, e.left_because, e.is_contaminated])).toEqual([
      [day('2024-06-30'), null, false],
      [day('2024-07-01'), 'merged', false],
    ]);
  });

  test('and had entered one campaign on one night go on with the episode of the first of their keys', async () => {
    await lake.close();
    await open({ ...campaignsOnly('second_order'), control_pct: 0 });
    const pairs = Array.from({ length: 12 }, (_, i) => [`one-${i}`, `two-${i}`] as const);
    const bought = (name: string, lastOrderOn: string) => ({ name, lastOrderOn, orders: 1 });
    const apart = pairs.flatMap(([one, two]) => [bought(one, '2024-05-01'), bought(two, '2024-05-02')]);
    const first = await publishNight(lake, apart);
    const merged = pairs.map(([alias, name]) => ({ ...bought(name, '2024-05-02'), alias }));
    const second = await publishNight(lake, merged, '2024-07-01', first.night);
    const goOn = new Set(second.members.filter((m) => m.arm === 'treatment' && !m.is_new).map((m) => m.customer_key));
    // the episode of the other key knew of no order so late, and ends with it
    for (const [one, two] of pairs) expect([two, goOn.has(keyOf(two))]).toEqual([two, keyOf(two) < keyOf(one)]);
  });
});
