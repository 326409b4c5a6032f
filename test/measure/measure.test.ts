import { afterEach, describe, expect, it } from 'vitest';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { campaigns } from '../../lambdas/lake/tables/campaign-definitions.ts';
import { campaignEpisodes, campaignResults } from '../../lambdas/lake/tables/campaigns.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { measure } from '../../lambdas/measure/measure.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import type { CuratedOrder } from '../support/curated.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Episode, episodeOf, orderOf, plantedRows } from './simulated-campaign.ts';

const asOf = '2024-06-30';
/** The last day whose window of 30 days is over. */
const inTime = day('2024-05-31');

const lakes: TestLake[] = [];
afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

type Result = TableRow<typeof campaignResults>;

interface Shop {
  readonly episodes?: readonly Episode[];
  readonly bought?: readonly CuratedOrder[];
  readonly campaigns?: readonly string[];
  readonly settings?: unknown;
}

const campaignOf = (name: string): TableRow<typeof campaigns> => ({
  ...(Object.fromEntries(
    Object.entries(campaigns.columns).map(([column, { type, nullable }]) => [
      column,
      nullable ? null : type === 'money' ? 0n : type === 'varchar' ? '' : type === 'boolean' ? true : 0,
    ]),
  ) as TableRow<typeof campaigns>),
  campaign: name,
  expected_lift: 2,
});

/** Results of a night with these episodes and orders, by campaign. */
async function resultsOf(shop: Shop): Promise<Record<string, Result>> {
  const lake = await testLake(asOf, shop.settings);
  lakes.push(lake);
  await lake.put(campaignEpisodes, shop.episodes ?? []);
  await lake.put(orders, shop.bought ?? []);
  await lake.put(campaigns, (shop.campaigns ?? ['win_back']).map(campaignOf));
  await measure(lake, { night: lake.night });
  const select = `select * from campaign_results_runs where as_of = date '${asOf}' and run_id = '${lake.night.run.runId}'`;
  const rows = await rowsOf(lake.engine, { name: 'results', sql: select }, campaignResults);
  return Object.fromEntries(rows.map((row) => [row.campaign, row]));
}

describe('an outcome', () => {
  const bought = async (order: CuratedOrder, enteredOn = inTime): Promise<number> => {
    const { all } = await resultsOf({ episodes: [episodeOf('anna', enteredOn)], bought: [order] });
    return all!.treated_reactivated;
  };

  it('is what follows from the day after until the window ends', async () => {
    expect(await bought(orderOf('anna', inTime, 30))).toBe(0);
    expect(await bought(orderOf('anna', inTime + 1, 30))).toBe(1);
    expect(await bought(orderOf('anna', inTime + 30, 30))).toBe(1);
    expect(await bought(orderOf('anna', inTime + 30, 30), inTime - 1)).toBe(0);
  });

  it('counts when its window is over, and is still open before', async () => {
    const results = await resultsOf({
      episodes: [episodeOf('anna', inTime), episodeOf('bela', inTime + 1)],
      bought: [orderOf('bela', inTime + 3, 30)],
    });
    expect(results.all).toMatchObject({ treated: 1, treated_reactivated: 0, still_open: 1 });
    expect(results.all).toMatchObject({ first_entered_on: inTime, last_entered_on: inTime });
  });

  it('follows the setting of the window', async () => {
    const { all } = await resultsOf({
      episodes: [episodeOf('anna', inTime + 20)],
      bought: [orderOf('anna', inTime + 30, 30)],
      settings: { measure: { window_days: 10 } },
    });
    expect(all).toMatchObject({ treated: 1, treated_reactivated: 1, window_days: 10 });
  });

  it('takes no order for a purchase that was undone by as_of, is no sale or has no known amount', async () => {
    const on = inTime + 5;
    expect(await bought(orderOf('anna', on, 30, { void_on: day(asOf) }))).toBe(0);
    expect(await bought(orderOf('anna', on, 30, { void_on: day(asOf) + 1 }))).toBe(1);
    expect(await bought(orderOf('anna', on, 30, { is_sale: false, status: 'pending' }))).toBe(0);
    expect(await bought(orderOf('anna', on, 30, { gross_reporting: null }))).toBe(0);
    expect(await bought(orderOf('anna', on, 30, { customer_key: null }))).toBe(0);
  });

  it('is worth what was paid less what is known to be paid back', async () => {
    const refund = { refunded_reporting: 12_0000n, refunded_amount: 12_0000n, status: 'refunded' };
    const results = await resultsOf({
      episodes: ['anna', 'bela', 'cili', 'dani'].map((person) => episodeOf(person, inTime)),
      bought: [
        orderOf('anna', inTime + 1, 30, { ...refund, refund_known_on: day(asOf) }),
        orderOf('bela', inTime + 1, 50, { ...refund, refund_known_on: day(asOf) + 1 }),
        orderOf('bela', inTime + 2, 7.5),
        orderOf('cili', inTime + 2, 0, { ...refund, is_sale: false, status: 'credit_note', refund_known_on: null }),
        orderOf('dani', inTime + 40, 99),
      ],
    });
    expect(results.all).toMatchObject({ treated: 4, treated_reactivated: 2, treated_revenue: 63_5000n });
    expect(results.all!.cost).toBe(2_0000n);
  });
});

describe('people', () => {
  it('count once, by their first episode in a campaign, and in the pool by their first of all', async () => {
    const results = await resultsOf({
      campaigns: ['win_back', 'vip'],
      episodes: [
        episodeOf('anna', inTime - 60, { campaign: 'vip' }),
        episodeOf('anna', inTime - 5),
        episodeOf('anna', inTime - 100, { campaign: 'win_back' }),
        episodeOf('bela', inTime, { campaign: 'vip', arm: 'control', arm_reason: 'campaign' }),
      ],
      bought: [orderOf('anna', inTime - 3, 20)],
    });
    expect(results.win_back).toMatchObject({ treated: 1, treated_reactivated: 0, controls: 0 });
    expect(results.vip).toMatchObject({ treated: 1, treated_reactivated: 0, controls: 1 });
    expect(results.all).toMatchObject({ treated: 1, treated_reactivated: 0, controls: 1 });
  });

  it('who have been in both arms are counted, and stay where they began', async () => {
    const results = await resultsOf({
      campaigns: ['win_back', 'vip'],
      episodes: [
        episodeOf('anna', inTime - 100, { arm: 'control', arm_reason: 'global' }),
        episodeOf('anna', inTime - 10, { is_contaminated: true }),
        episodeOf('anna', inTime - 5, { campaign: 'vip' }),
        episodeOf('bela', inTime),
      ],
    });
    expect(results.win_back).toMatchObject({ treated: 1, controls: 1, contaminated: 1 });
    expect(results.vip).toMatchObject({ treated: 1, contaminated: 0 });
    expect(results.all).toMatchObject({ treated: 1, controls: 1, contaminated: 1 });
  });
});

describe('what there is nothing to say about', () => {
  it('has a row that says so: no episode, none over, an empty arm', async () => {
    const results = await resultsOf({
      campaigns: ['vip', 'welcome', 'win_back'],
      episodes: [episodeOf('anna', inTime + 9, { campaign: 'welcome' }), episodeOf('bela', inTime)],
    });
    expect(Object.keys(results).sort()).toEqual(['all', 'vip', 'welcome', 'win_back']);
    for (const row of Object.values(results)) {
      expect(row).toMatchObject({ verdict: 'cannot_tell_yet', lift_points: null, smallest_lift_points: null });
      expect(row).toMatchObject({ revenue_lift: null, incremental_revenue: null, incremental_profit: null });
    }
    expect(results.vip!.reason).toBe('Nobody has entered yet.');
    expect(results.welcome!.reason).toBe('Nobody’s 30 days are over yet; still running: 1.');
    expect(results.win_back!.reason).toBe(
      '1 contacted and 0 in control: with an empty arm there is nothing to compare.',
    );
  });

  it('is not a campaign that has ended: it is measured on', async () => {
    const results = await resultsOf({ campaigns: [], episodes: [episodeOf('anna', inTime, { campaign: 'summer' })] });
    expect(results.summer).toMatchObject({ treated: 1, cost: 5000n });
  });

  it('is a night without campaigns', async () => {
    const results = await resultsOf({ campaigns: [] });
    expect(Object.keys(results)).toEqual(['all']);
    expect(results.all).toMatchObject({ verdict: 'cannot_tell_yet', sample_ratio_p: null, still_open: 0 });
  });
});

describe('a planted effect', () => {
  const winBack = { customers: 6000, controlShare: 0.2, rate: 0.1, lift: 0.04, spread: 0.8 };
  const secondOrder = { ...winBack, campaign: 'second_order', customers: 3000, controlShare: 0.1, rate: 0.2 };

  it.each([1, 2, 3, 4, 5])('is found again among orders and episodes, seed %i', async (seed) => {
    const one = plantedRows(winBack, seed, inTime - 7);
    const other = plantedRows(secondOrder, seed, inTime - 3);
    const results = await resultsOf({
      campaigns: ['win_back', 'second_order'],
      episodes: [...one.episodes, ...other.episodes],
      bought: [...one.orders, ...other.orders],
    });
    const all = results.all!;
    expect(all.lift_low).toBeLessThan(4);
    expect(all.lift_high).toBeGreaterThan(4);
    expect(all.verdict).toBe('worked');
    expect(results.win_back!.lift_low).toBeGreaterThan(0);
    const ofControl = one.episodes.filter(({ arm }) => arm === 'control').length;
    expect(results.win_back).toMatchObject({ controls: ofControl, treated: 6000 - ofControl });
    const paid = [...one.orders, ...other.orders].reduce((sum, order) => sum + order.net_amount, 0n);
    expect(all.treated_revenue + all.controls_revenue).toBe(paid);
    expect(all.incremental_profit).toBe((all.incremental_revenue! * 4000n) / 10_000n - all.cost);
    expect(all.revenue_lift_low).toBeLessThan(all.revenue_lift!);
    expect(all.revenue_lift_high).toBeGreaterThan(all.revenue_lift!);
  });

  it('is not looked for where the arms are not what was drawn', async () => {
    const { episodes, orders: bought } = plantedRows(winBack, 6, inTime);
    const kept = episodes.filter(({ arm }, i) => arm === 'treatment' || i % 3 > 0);
    const { win_back } = await resultsOf({ episodes: kept, bought });
    expect(win_back!.verdict).toBe('unfit');
    expect(win_back!.sample_ratio_p).toBeLessThan(0.001);
    expect(win_back!.reason).toMatch(/^Of 5,\d+ customers \d+ are in control, where the draw lets expect 1,\d+: /);
  });

  it('gives the same bytes again', async () => {
    const { episodes, orders: bought } = plantedRows({ ...winBack, customers: 500 }, 7, inTime);
    expect(await resultsOf({ episodes, bought })).toEqual(await resultsOf({ episodes: episodes.toReversed(), bought }));
  });
});
