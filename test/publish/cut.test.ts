import { afterEach, describe, expect, test } from 'vitest';
import { keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight } from './night-of-buyers.ts';

let lake: TestLake | undefined;
afterEach(() => lake?.close());

async function published(settings: object, buyers: readonly Buyer[]): Promise<Published> {
  lake = await testLake('2024-06-30', { publish: settings });
  return publishNight(lake, buyers);
}

describe('lists are cut', () => {
  const crowd = Array.from({ length: 40 }, (_, i) => ({ name: `customer-${i}`, spend: 10 + i, orders: 1 }));

  test('where contacting costs more than it earns', async () => {
    const found = await published(
      {
        ...campaignsOnly('second_order'),
        built_in: { second_order: { contact_cost: '0.20' } },
        margin_pct: 50,
        assumed_lift: 2,
      },
      crowd,
    );
    // 2 points of 20.00 at half margin are 0.20
    const pays = (name: string) => crowd.find((buyer) => keyOf(buyer.name) === name)!.spend > 20;
    for (const member of found.members) {
      expect([member.arm === 'excluded', member.arm_reason === 'does_not_pay']).toEqual(
        pays(member.customer_key) ? [false, false] : [true, true],
      );
    }
    expect(found.manifest.lists[0]!.excluded).toEqual({ does_not_pay: 11 });
  });

  test('at the most members that a campaign takes, by value at risk', async () => {
    const campaign = {
      name: 'few',
      title: 'Few',
      hint: 'Few.',
      offer: 'x',
      enters: { orders: { max: 1 } },
      max_members: 10,
    };
    const found = await published({ ...campaignsOnly(), campaigns: [campaign] }, crowd);
    const taken = found.members.filter((member) => member.arm !== 'excluded').map((member) => member.customer_key);
    expect(taken.sort()).toEqual(
      crowd
        .slice(-10)
        .map((buyer) => keyOf(buyer.name))
        .sort(),
    );
    expect(found.manifest.lists[0]!.excluded).toEqual({ list_full: 30 });
  });

  test.each([
    ['by expected profit where a contact has a cost', '0.01', ['spends', 'leaves']],
    ['by value at risk where it has none', '0', ['leaves', 'spends']],
  ])('and ordered %s', async (_, contact_cost, order) => {
    const settings = { ...campaignsOnly('second_order'), control_pct: 0 };
    const buyers = [
      { name: 'leaves', orders: 1, risk: 0.9, spend: 50 },
      { name: 'spends', orders: 1, risk: 0.4, spend: 100 },
    ];
    const all = await published({ ...settings, built_in: { second_order: { contact_cost } } }, buyers);
    const inOrder = all.members.toSorted((a, b) => a.position! - b.position!).map((member) => member.customer_key);
    expect(inOrder).toEqual(order.map(keyOf));
    await lake?.close();
    const one = await published({ ...settings, built_in: { second_order: { contact_cost, max_members: 1 } } }, buyers);
    const taken = one.members.filter((member) => member.arm === 'treatment');
    expect(taken.map((member) => member.customer_key)).toEqual([keyOf(order[0]!)]);
  });

  test('and whoever does not pay in one campaign is in the next of its group that they fit', async () => {
    const own = (name: string, contact_cost: string) => ({
      name,
      title: name,
      hint: name,
      offer: name,
      enters: { orders: { min: 1 } },
      contact_cost,
    });
    const campaigns = [own('call', '5'), own('letter', '0.50'), own('postcard', '0.30')];
    // 2 points of the spend at 40 % margin are 8.00, 0.40 and 0.08
    const buyers = [
      { name: 'calls', spend: 1000 },
      { name: 'cards', spend: 50 },
      { name: 'nothing', spend: 10 },
    ];
    const found = await published({ ...campaignsOnly(), campaigns, control_pct: 0 }, buyers);
    const where = found.members.map((m) => [m.customer_key, m.campaign, m.arm_reason]).sort();
    expect(where).toEqual(
      [
        [keyOf('calls'), 'call', null],
        [keyOf('cards'), 'postcard', null],
        [keyOf('nothing'), 'call', 'does_not_pay'],
      ].sort(),
    );
  });

  test('and tiers, which are a status, take no contact away', async () => {
    const settings = {
      ...campaignsOnly('welcome', 'tier_silver', 'tier_gold', 'tier_platinum'),
      max_contacts: 1,
      control_pct: 0,
    };
    const found = await published(settings, [
      { name: 'anna', orders: 3, lastOrderOn: '2024-06-26', features: { spend_365d: 1n } },
      { name: 'bela', orders: 1, lastOrderOn: '2024-06-26', firstOrderOn: '2024-06-26' },
    ]);
    expect(found.members.map((member) => [member.campaign, member.arm]).sort()).toEqual([
      ['tier_platinum', 'treatment'],
      ['welcome', 'treatment'],
    ]);
  });

  test('at the most contacts that one customer gets, in order of priority, control as if contacted', async () => {
    const settings = { ...campaignsOnly('welcome', 'birthday', 'service_recovery'), max_contacts: 2, control_pct: 50 };
    const buyers = Array.from({ length: 30 }, (_, i) => ({
      name: `customer-${i}`,
      orders: 1,
      lastOrderOn: '2024-06-26',
      firstOrderOn: '2024-06-26',
      birthday: '1990-07-01',
      lastRefundOn: '2024-06-27',
    }));
    const found = await published(settings, buyers);
    for (const { name } of buyers) {
      const own = found.members.filter((member) => member.customer_key === keyOf(name));
      const reasons = Object.fromEntries(own.map((member) => [member.campaign, member.arm_reason]));
      const expected = own.some((member) => member.arm === 'control') ? 'global' : null;
      expect(reasons).toEqual({ service_recovery: expected, birthday: expected, welcome: 'contact_cap' });
    }
  });
});
