import type { TableRow } from '../../lambdas/lake/table.ts';
import type { campaignEpisodes } from '../../lambdas/lake/tables/campaigns.ts';
import type { ArmOutcome, Outcome } from '../../lambdas/measure/outcomes.ts';
import { type Random, randomFor, uniform } from '../../lambdas/model/random.ts';
import { type CuratedOrder, curatedOrder } from '../support/curated.ts';
import { keyOf } from '../support/ingested.ts';

/** A campaign whose effect is known, because it was planted. */
export interface Planted {
  readonly campaign?: string;
  readonly customers: number;
  /** Share drawn into control. */
  readonly controlShare: number;
  /** Reactivation without the campaign. */
  readonly rate: number;
  /** What being contacted adds to it. */
  readonly lift: number;
  /** Spread of what buyers spend, as the standard deviation of its logarithm; left out: amounts are not drawn. */
  readonly spread?: number;
  /** What contacting does to what buyers spend: 0.85 is 15 % less. */
  readonly spendFactor?: number;
}

const typicalSpend = 40;

/** Mean of what a buyer spends. */
export const meanSpend = (spread: number): number => typicalSpend * Math.exp(spread ** 2 / 2);

const cents = (amount: number): number => Math.round(100 * amount) / 100;

/** What one buyer spends. */
function spendOf(random: Random, spread = 0): number {
  const normal = Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
  return typicalSpend * Math.exp(spread * normal);
}

/** One customer after another: the arm that they are drawn into, and what they spend in the window, null for nothing. */
export function* plantedCustomers(planted: Planted, seed: number) {
  const { customers, controlShare, rate, lift, spread, spendFactor = 1 } = planted;
  const random = randomFor(seed, customers);
  for (let i = 0; i < customers; i++) {
    const isControl = uniform(random) < controlShare;
    const buys = uniform(random) < rate + (isControl ? 0 : lift);
    const spent = buys ? cents(spendOf(random, spread) * (isControl ? 1 : spendFactor)) : null;
    yield { isControl, spent };
  }
}

/** What the step's pure core is handed for such a campaign. */
export function plantedOutcome(planted: Planted, seed: number): Outcome {
  const arms = { treated: [] as (number | null)[], controls: [] as (number | null)[] };
  for (const { isControl, spent } of plantedCustomers(planted, seed)) {
    (isControl ? arms.controls : arms.treated).push(spent);
  }
  const armOf = (spends: readonly (number | null)[]): ArmOutcome => {
    const amounts = spends.filter((spent) => spent !== null);
    return {
      customers: spends.length,
      reactivated: amounts.length,
      revenue: BigInt(Math.round(10_000 * amounts.reduce((sum, amount) => sum + amount, 0))),
      amounts: planted.spread === undefined ? new Float64Array() : Float64Array.from(amounts),
    };
  };
  return {
    campaign: planted.campaign ?? 'win_back',
    treated: armOf(arms.treated),
    controls: armOf(arms.controls),
    draws: [{ customers: planted.customers, controls: arms.controls.length, share: planted.controlShare }],
    contaminated: 0,
    cost: 0n,
    firstEnteredOn: 0,
    lastEnteredOn: 0,
  };
}

export type Episode = TableRow<typeof campaignEpisodes>;

export const episodeOf = (person: string, enteredOn: number, more: Partial<Episode> = {}): Episode => ({
  campaign: 'win_back',
  customer_key: keyOf(person),
  entered_on: enteredOn,
  left_on: null,
  left_because: null,
  campaign_group: 'win_back',
  arm: 'treatment',
  arm_reason: null,
  control_share_pct: 10,
  is_contaminated: false,
  offer: 'coupon_15',
  last_order_on: enteredOn - 60,
  contact_cost: 5000n,
  value_at_risk: 10_0000n,
  spend_if_active: 20_0000n,
  churn_probability: 0.5,
  horizon_days: 90,
  ...more,
});

/** An order that was completed and came to `amount` currency units. */
export const orderOf = (
  person: string,
  orderDate: number,
  amount: number,
  more: Partial<CuratedOrder> = {},
): CuratedOrder =>
  curatedOrder(keyOf(person), orderDate, BigInt(Math.round(amount * 10_000)), {
    order_id: `${person}-${orderDate}`,
    ...more,
  });

/** Rows of such a campaign as publish and the shop leave them: everybody enters on one day and buys, if at all, in the month after. */
export function plantedRows(
  planted: Planted,
  seed: number,
  enteredOn: number,
): { episodes: Episode[]; orders: CuratedOrder[] } {
  const episodes: Episode[] = [];
  const bought: CuratedOrder[] = [];
  let i = 0;
  for (const { isControl, spent } of plantedCustomers(planted, seed)) {
    const person = `${planted.campaign ?? 'win_back'}-${i}`;
    episodes.push(
      episodeOf(person, enteredOn, {
        campaign: planted.campaign ?? 'win_back',
        control_share_pct: 100 * planted.controlShare,
        ...(isControl && { arm: 'control', arm_reason: 'global' }),
      }),
    );
    if (spent !== null) bought.push(orderOf(person, enteredOn + 1 + (i % 30), spent));
    i++;
  }
  return { episodes, orders: bought };
}
