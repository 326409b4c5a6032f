import { afterEach, describe, expect, test } from 'vitest';
import { keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight, winBack } from './night-of-buyers.ts';

let lake: TestLake | undefined;
afterEach(() => lake?.close());

async function published(settings: object, buyers: readonly Buyer[]): Promise<Published> {
  lake = await testLake('2024-06-30', { publish: settings });
  return publishNight(lake, buyers);
}

const campaignsOf = (found: Published, name: string): string[] =>
  found.members
    .filter((member) => member.customer_key === keyOf(name))
    .map((member) => member.campaign)
    .sort();

describe('win-back', () => {
  test('tiers are fifths, thirds and the rest by value at risk, the most valuable first', async () => {
    const buyers = Array.from({ length: 100 }, (_, i) => ({ name: `customer-${i}`, spend: 1 + i }));
    const found = await published({ ...campaignsOnly(...winBack), control_pct: 0 }, buyers);
    const inOrder = [...buyers]
      .reverse()
      .map((buyer) => found.members.find((m) => m.customer_key === keyOf(buyer.name)));
    expect(inOrder.map((member) => member?.campaign)).toEqual([
      ...Array(20).fill('win_back_high'),
      ...Array(30).fill('win_back_medium'),
      ...Array(50).fill('win_back_low'),
    ]);
    expect(inOrder.slice(0, 20).map((member) => member?.position)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test.each<[string, Partial<Buyer>, string[]]>([
    ['somebody at low risk', { risk: 0.2 }, []],
    ['somebody at medium risk', { risk: 0.4 }, ['win_back_high']],
    ['somebody gone for a horizon and a half', { lastOrderOn: '2024-02-16' }, ['win_back_high']],
    ['somebody gone for longer', { lastOrderOn: '2024-02-15' }, []],
    ['somebody who is not due yet', { features: { gap_sum_days: 120, gap_count: 2 } }, []],
    ['somebody whose own gap is just over', { features: { gap_sum_days: 118, gap_count: 2 } }, ['win_back_high']],
    ['somebody whose purchases were all paid back', { monetaryValue: 0n }, []],
    ['a one-time buyer at low risk', { orders: 1, risk: 0.1 }, ['second_order']],
    ['a one-time buyer of yesterday', { orders: 1, lastOrderOn: '2024-06-29' }, []],
  ])('%s', async (_, more, campaigns) => {
    const found = await published(campaignsOnly(...winBack, 'second_order'), [{ name: 'anna', ...more }]);
    expect(campaignsOf(found, 'anna')).toEqual(campaigns);
  });
});

describe('built-in campaigns', () => {
  const recent = { lastOrderOn: '2024-06-25', risk: 0.1 };
  test.each<[string, string, Partial<Buyer>, boolean]>([
    ['birthday', 'a birthday in seven days', { ...recent, birthday: '1990-07-07' }, true],
    ['birthday', 'a birthday today', { ...recent, birthday: '1990-06-30' }, true],
    ['birthday', 'a birthday in eight days', { ...recent, birthday: '1990-07-08' }, false],
    ['birthday', 'a birthday yesterday', { ...recent, birthday: '1990-06-29' }, false],
    ['birthday', 'no birthday known', recent, false],
    [
      'first_purchase_anniversary',
      'a first order a year ago, less two days',
      { ...recent, firstOrderOn: '2023-07-02' },
      true,
    ],
    [
      'first_purchase_anniversary',
      'a first order of the same days this year',
      { ...recent, firstOrderOn: '2024-06-20' },
      false,
    ],
    ['welcome', 'a first order of this week', { ...recent, orders: 1, firstOrderOn: '2024-06-25' }, true],
    ['welcome', 'a second order this week', { ...recent, orders: 2, firstOrderOn: '2024-06-24' }, false],
    ['post_purchase', 'an order five days ago', { ...recent, orders: 2 }, true],
    ['post_purchase', 'an order of yesterday', { ...recent, orders: 2, lastOrderOn: '2024-06-29' }, false],
    ['service_recovery', 'a refund a week ago', { ...recent, lastRefundOn: '2024-06-23' }, true],
    ['service_recovery', 'a refund of everything', { ...recent, lastRefundOn: '2024-06-23', monetaryValue: 0n }, true],
    ['service_recovery', 'a refund a month ago', { ...recent, lastRefundOn: '2024-05-30' }, false],
    ['lapsed_coupon', 'two horizons of silence', { lastOrderOn: '2024-01-02', orders: 1 }, true],
    ['lapsed_coupon', 'five horizons of silence', { lastOrderOn: '2023-04-07' }, false],
    ['tenth_order', 'the twentieth order', { ...recent, orders: 20 }, true],
    ['tenth_order', 'the eleventh order', { ...recent, orders: 11 }, false],
    ['frequent_buyer', 'four orders in half a year', { ...recent, features: { orders_180d: 4 } }, true],
    ['frequent_buyer', 'three orders in half a year', { ...recent, features: { orders_180d: 3 } }, false],
    ['vip', 'the top spender', { ...recent, orders: 3 }, true],
    ['tier_platinum', 'the top spender of the year', { ...recent, orders: 3, features: { spend_365d: 1n } }, true],
    ['tier_platinum', 'somebody who spent nothing this year', { ...recent, orders: 3 }, false],
  ])('%s: %s', async (campaign, _, more, isOn) => {
    const found = await published(campaignsOnly(campaign), [{ name: 'anna', ...more }]);
    expect(campaignsOf(found, 'anna')).toEqual(isOn ? [campaign] : []);
  });

  test('tiers follow the place by spend of the year: 5, 10 and 25 percent', async () => {
    const buyers = Array.from({ length: 100 }, (_, i) => ({
      ...recent,
      name: `customer-${i}`,
      features: { spend_365d: BigInt((100 - i) * 10_000), orders_180d: 1 },
    }));
    const found = await published(campaignsOnly('tier_platinum', 'tier_gold', 'tier_silver'), buyers);
    const of = (campaign: string) =>
      buyers.flatMap(({ name }, i) => (campaignsOf(found, name)[0] === campaign ? [i] : []));
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    expect(of('tier_platinum')).toEqual(range(0, 5));
    expect(of('tier_gold')).toEqual(range(5, 15));
    expect(of('tier_silver')).toEqual(range(15, 40));
  });

  test('a birthday on the 29th of February is kept on the 28th where the year has none', async () => {
    lake = await testLake('2025-02-25', { publish: campaignsOnly('birthday') });
    const found = await publishNight(
      lake,
      [{ name: 'anna', lastOrderOn: '2025-02-20', birthday: '1992-02-29' }],
      '2025-02-25',
    );
    expect(campaignsOf(found, 'anna')).toEqual(['birthday']);
  });
});

describe("a shop's own campaign", () => {
  const coffee = {
    name: 'coffee_machine',
    title: 'Coffee machine',
    hint: 'Buy beans, and no machine yet.',
    offer: 'Machine with 20% off',
    enters: { orders: { min: 2 }, segments: ['loyal', 'champions'] },
    favourite_category: { only: ['Coffee "beans"'], not: ['Tea'] },
  };
  const buyer = (
    name: string,
    favourite_category: string | null,
    segment = 'loyal',
    country: string | null = null,
  ) => ({
    name,
    segment,
    risk: 0.1,
    features: { favourite_category, country },
  });

  test('needs no code: bounds, segments and attributes choose who enters', async () => {
    const found = await published({ ...campaignsOnly(), campaigns: [coffee] }, [
      buyer('fits', 'Coffee "beans"'),
      buyer('tea', 'Tea'),
      buyer('none', null),
      buyer('lost', 'Coffee "beans"', 'lost'),
      { ...buyer('first', 'Coffee "beans"'), orders: 1 },
    ]);
    expect(found.members.map((member) => member.customer_key)).toEqual([keyOf('fits')]);
    expect(found.manifest.lists).toMatchObject([
      { campaign: 'coffee_machine', name: 'Coffee machine', definition: coffee.hint, offer: coffee.offer },
    ]);
  });

  test('with several attributes asks for all of them, and leaves out what it must not have', async () => {
    const campaign = { ...coffee, country: { only: ['HU', 'AT'] }, favourite_category: { not: ['Tea'] } };
    const found = await published({ ...campaignsOnly(), campaigns: [campaign] }, [
      buyer('fits', 'Coffee', 'loyal', 'AT'),
      buyer('tea', 'Tea', 'loyal', 'AT'),
      buyer('abroad', 'Coffee', 'loyal', 'DE'),
      buyer('unknown', null, 'loyal', 'HU'),
    ]);
    expect(found.members.map((member) => member.customer_key).sort()).toEqual([keyOf('fits'), keyOf('unknown')].sort());
  });

  test('takes the place of a built-in one of its name, and chooses before the others of its group', async () => {
    const own = {
      ...coffee,
      name: 'win_back_low',
      group: 'win_back',
      favourite_category: undefined,
      enters: { risk: { min: 2 } },
    };
    const found = await published({ ...campaignsOnly(...winBack), campaigns: [own] }, [{ name: 'anna' }]);
    expect(campaignsOf(found, 'anna')).toEqual(['win_back_low']);
    expect(found.manifest.lists.filter((list) => list.campaign === 'win_back_low')).toHaveLength(1);
    expect(found.manifest.lists[0]).toMatchObject({ campaign: 'win_back_low', name: 'Coffee machine' });
  });

  test('with a bound whose least is above its most is refused', async () => {
    const campaign = { ...coffee, enters: { orders: { min: 4, max: 2 } } };
    await expect(published({ campaigns: [campaign] }, [{ name: 'anna' }])).rejects.toThrow(/min must not be above max/);
  });
});

describe('a built-in campaign that the shop changes', () => {
  test('has what the shop gives, and is as it was besides', async () => {
    const few = { max_members: 1, control_pct: 100, offer: 'A call from Eva', contact_cost: '0.05' };
    const buyers = [{ name: 'anna' }, { name: 'bela', spend: 500 }];
    const settings = { ...campaignsOnly('win_back_high'), control_pct: 0 };
    const own = await published({ ...settings, built_in: { win_back_high: few } }, buyers);
    expect(own.members).toMatchObject([
      { customer_key: keyOf('bela'), arm: 'control', arm_reason: 'campaign', offer: 'A call from Eva' },
    ]);
    expect(own.episodes).toMatchObject([{ contact_cost: 500n }]);
    expect(own.manifest.lists).toMatchObject([{ campaign: 'win_back_high', name: 'Win back: most at stake' }]);
  });
});
