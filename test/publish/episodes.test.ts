import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Night } from '../../lambdas/pipeline.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Episode, type Published, publishNight, winBack } from './night-of-buyers.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30', { publish: { ...campaignsOnly(...winBack, 'birthday'), control_pct: 0 } });
});
afterEach(() => lake.close());

const published = (buyers: readonly Buyer[], asOf?: string, before?: Night): Promise<Published> =>
  publishNight(lake, buyers, asOf, before);

const memberOf = (found: Published, name: string) =>
  found.members.find((member) => member.customer_key === keyOf(name));

const episodesOf = (found: Published, name: string): Episode[] =>
  found.episodes.filter((episode) => episode.customer_key === keyOf(name));

test('begin on the night of entry and go on while the customer is silent', async () => {
  const first = await published([{ name: 'anna' }]);
  expect(memberOf(first, 'anna')).toMatchObject({ entered_on: day('2024-06-30'), is_new: true, days_on_list: 0 });
  const second = await published([{ name: 'anna' }], '2024-07-20', first.night);
  expect(memberOf(second, 'anna')).toMatchObject({ entered_on: day('2024-06-30'), is_new: false, days_on_list: 20 });
  expect(episodesOf(second, 'anna')).toEqual(episodesOf(first, 'anna'));
  expect(second.manifest.lists.map((list) => list.new_members)).toEqual([0, 0, 0, 0]);
});

test('keep campaign and offer when value or risk change: nobody hops between tiers', async () => {
  const others = Array.from({ length: 9 }, (_, i) => ({ name: `other-${i}`, spend: 10 + i }));
  const first = await published([{ name: 'anna', spend: 1000 }, ...others]);
  expect(memberOf(first, 'anna')).toMatchObject({ campaign: 'win_back_high', offer: 'personal_call' });
  const second = await published([{ name: 'anna', spend: 1, risk: 0.1 }, ...others], '2024-07-01', first.night);
  expect(memberOf(second, 'anna')).toMatchObject({ campaign: 'win_back_high', offer: 'personal_call', is_new: false });
});

test('end with a purchase; the next begins when its time has come', async () => {
  const first = await published([{ name: 'anna' }]);
  const bought = { name: 'anna', lastOrderOn: '2024-07-03' };
  const second = await published([bought], '2024-07-04', first.night);
  expect(memberOf(second, 'anna')).toBeUndefined();
  expect(episodesOf(second, 'anna')).toMatchObject([{ left_on: day('2024-07-04'), left_because: 'purchase' }]);
  expect(second.manifest.lists.find((list) => list.campaign === 'win_back_high')!.left).toEqual({ purchase: 1 });

  const soon = await published([bought], '2024-08-20', second.night);
  expect(memberOf(soon, 'anna')).toMatchObject({ arm: 'excluded', arm_reason: 'cooling_off' });
  const later = await published([bought], '2024-09-02', soon.night);
  expect(memberOf(later, 'anna')).toMatchObject({ arm: 'treatment', is_new: true, entered_on: day('2024-09-02') });
  expect(episodesOf(later, 'anna').map((episode) => episode.left_because)).toEqual(['purchase', null]);
});

test('end after the most days, and rest before the next', async () => {
  const first = await published([{ name: 'anna', birthday: '1990-07-01', risk: 0.1 }]);
  expect(memberOf(first, 'anna')!.campaign).toBe('birthday');
  const last = await published([{ name: 'anna', risk: 0.1 }], '2024-07-13', first.night);
  expect(memberOf(last, 'anna')).toMatchObject({ days_on_list: 13 });
  const over = await published([{ name: 'anna', risk: 0.1 }], '2024-07-14', last.night);
  expect(memberOf(over, 'anna')).toBeUndefined();
  expect(episodesOf(over, 'anna')).toMatchObject([{ left_on: day('2024-07-14'), left_because: 'max_days' }]);
});

test('end when who stays is no longer the customer, and when consent is withdrawn', async () => {
  await lake.close();
  lake = await testLake('2024-06-30', { publish: { ...campaignsOnly('tier_platinum', ...winBack), control_pct: 0 } });
  const crowd = Array.from({ length: 50 }, (_, i) => ({ name: `other-${i}`, risk: 0.1, features: { spend_365d: 5n } }));
  const anna = { name: 'anna', risk: 0.1, features: { spend_365d: 10n } };
  const first = await published([anna, { name: 'bela' }, ...crowd]);
  expect(memberOf(first, 'anna')!.campaign).toBe('tier_platinum');
  const second = await published(
    [{ ...anna, features: { spend_365d: 1n } }, { name: 'bela', consent: false }, ...crowd],
    '2024-07-01',
    first.night,
  );
  expect(episodesOf(second, 'anna')).toMatchObject([{ left_because: 'rule' }]);
  expect(episodesOf(second, 'bela')).toMatchObject([{ left_because: 'no_consent' }]);
});

test('end when the shop drops the campaign', async () => {
  const first = await published([{ name: 'anna' }]);
  lake = { ...lake, config: { ...lake.config, publish: { ...lake.config.publish, ...campaignsOnly('birthday') } } };
  const second = await published([{ name: 'anna' }], '2024-07-01', first.night);
  expect(second.members).toEqual([]);
  expect(episodesOf(second, 'anna')).toMatchObject([{ left_because: 'campaign_ended' }]);
});

test('end when an order from before they began is told later', async () => {
  const first = await published([{ name: 'anna' }]);
  const told = await published([{ name: 'anna', lastOrderOn: '2024-06-29' }], '2024-07-05', first.night);
  expect(memberOf(told, 'anna')).toBeUndefined();
  expect(episodesOf(told, 'anna')).toMatchObject([{ left_because: 'purchase' }]);
});

test('know what was foretold and what it cost when they began', async () => {
  const first = await published([{ name: 'anna', spend: 50, risk: 0.8 }]);
  const second = await published([{ name: 'anna', spend: 99, risk: 0.5 }], '2024-07-01', first.night);
  expect(episodesOf(second, 'anna')).toMatchObject([
    { spend_if_active: 50_0000n, value_at_risk: 40_0000n, churn_probability: 0.8, horizon_days: 90, contact_cost: 0n },
  ]);
});
