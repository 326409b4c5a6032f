import { afterEach, describe, expect, test } from 'vitest';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight } from './night-of-buyers.ts';

let lake: TestLake | undefined;
afterEach(() => lake?.close());

const open = async (settings: object = {}): Promise<TestLake> => {
  lake = await testLake('2024-06-30', { publish: { control_pct: 0, ...settings } });
  return lake;
};

const anna: Buyer = {
  name: 'anna',
  lastOrderOn: '2024-06-10',
  returnedOn: '2024-06-23',
  birthday: '1990-07-01',
  firstOrderOn: '2023-07-01',
};

const membersOf = (found: Published) => found.members.map((m) => [m.campaign, m.arm, m.arm_reason]);

describe('somebody who has returned their only order', () => {
  test('is in service recovery and in nothing else, with what is known of them', async () => {
    const everybody = { name: 'everybody', title: 'E', hint: 'E.', offer: 'x', enters: {} };
    const found = await publishNight(await open({ campaigns: [everybody] }), [anna]);
    expect(membersOf(found)).toEqual([['service_recovery', 'treatment', null]]);
    expect(await found.people('service_recovery')).toMatchObject([
      { email: 'anna@shop.example', risk_pct: '', risk: '', segment: '', orders: '0', net_spend: '0.00' },
    ]);
    expect(found.episodes).toMatchObject([{ last_order_on: day('2024-06-10'), churn_probability: null }]);
  });

  test.each<[string, Partial<Buyer>, object, unknown[]]>([
    ['who said no', { consent: false }, {}, [['service_recovery', 'excluded', 'no_consent']]],
    ['in the control group', {}, { control_pct: 100 }, [['service_recovery', 'control', 'global']]],
    ['of a day to come', { lastOrderOn: '2024-07-05', returnedOn: '2024-06-25' }, {}, []],
    ['a month ago', { returnedOn: '2024-05-31', lastOrderOn: '2024-05-20' }, {}, []],
  ])('%s', async (_, more, settings, members) => {
    expect(membersOf(await publishNight(await open(settings), [{ ...anna, ...more }]))).toEqual(members);
  });

  describe('says nothing of how many buy by themselves', () => {
    const own = { name: 'own', title: 'O', hint: 'O.', offer: 'x', enters: { orders: { min: 0 } }, control_pct: 50 };
    const settings = { ...campaignsOnly(), campaigns: [own] };
    const crowd = (name: string, returnedOn?: string) =>
      Array.from({ length: 20 }, (_, i) => ({ name: `${name}-${i}`, lastOrderOn: '2024-06-10', returnedOn }));
    const listOf = async (buyers: readonly Buyer[]) => {
      const { manifest } = await publishNight(await open(settings), buyers);
      await lake?.close();
      return manifest.lists[0]!;
    };

    test('beside others who do', async () => {
      const buyers = crowd('buyer');
      const alone = await listOf(buyers);
      const together = await listOf([...buyers, ...crowd('returned', '2024-06-23')]);
      expect(alone.customers_needed).toBeGreaterThan(0);
      expect(together.rows + together.control).toBe(40);
      expect(together.customers_needed).toBe(alone.customers_needed);
    });

    test('alone on a list', async () => {
      expect(await listOf(crowd('returned', '2024-06-23'))).toMatchObject({
        smallest_lift_points: null,
        customers_needed: null,
      });
    });
  });

  test('leaves win-back, and buying again ends service recovery', async () => {
    const shop = await open();
    const bought = { name: 'anna', lastOrderOn: '2024-04-10', orders: 2 };
    const first = await publishNight(shop, [bought]);
    const returned = { ...bought, returnedOn: '2024-07-01' };
    const second = await publishNight(shop, [returned], '2024-07-04', first.night);
    expect(second.episodes.map((e) => [e.campaign_group, e.left_because]).sort()).toEqual([
      ['care', null],
      ['win_back', 'rule'],
    ]);
    const again = { name: 'anna', lastOrderOn: '2024-07-06', orders: 1 };
    const third = await publishNight(shop, [again], '2024-07-07', second.night);
    const care = third.episodes.find((episode) => episode.campaign === 'service_recovery');
    expect(care).toMatchObject({ customer_key: keyOf('anna'), left_because: 'purchase' });
  });
});
