import { describe, expect, it } from 'vitest';
import { judge } from '../../lambdas/measure/judge.ts';
import { meanSpend, type Planted, plantedOutcome } from './simulated-campaign.ts';

/** In how many percent of simulated campaigns the interval held the truth, and an effect was claimed. */
interface Found {
  readonly covered: number;
  readonly claimed: number;
}

const settings = { expectedLift: 0.02 };

/** The Mantel–Haenszel mean of planted effects: what a pool of campaigns is about. */
const pooled = (strata: readonly Planted[], effect: (planted: Planted) => number): number => {
  const weight = ({ customers, controlShare }: Planted) => customers * controlShare * (1 - controlShare);
  const weights = strata.reduce((sum, each) => sum + weight(each), 0);
  return strata.reduce((sum, each) => sum + weight(each) * effect(each), 0) / weights;
};

function simulated(seeds: number, isWithin: (seed: number) => { held: boolean; claims: boolean }): Found {
  let held = 0;
  let claims = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const found = isWithin(seed);
    if (found.held) held++;
    if (found.claims) claims++;
  }
  return { covered: (100 * held) / seeds, claimed: (100 * claims) / seeds };
}

/** 2,000 campaigns, or pools of them, judged by what their customers did. */
const rates = (...strata: Planted[]): Found =>
  simulated(2000, (seed) => {
    const outcomes = strata.map((planted, i) => plantedOutcome(planted, 31 * seed + i));
    const { lift, verdict } = judge(outcomes, settings);
    const truth = pooled(strata, (planted) => planted.lift);
    return { held: lift!.low <= truth && truth <= lift!.high, claims: verdict === 'worked' || verdict === 'harmed' };
  });

const winBack: Planted = { customers: 3000, controlShare: 0.1, rate: 0.1, lift: 0.04 };
const strata: readonly Planted[] = [
  { campaign: 'win_back', customers: 900, controlShare: 0.1, rate: 0.06, lift: 0.04 },
  { campaign: 'second_order', customers: 500, controlShare: 0.19, rate: 0.12, lift: 0.04 },
  { campaign: 'vip', customers: 200, controlShare: 0.1, rate: 0.35, lift: 0.04 },
];
const without = (planted: Planted): Planted => ({ ...planted, lift: 0 });

describe('on 2,000 simulated campaigns the interval of the lift', () => {
  it.each<[string, Planted[]]>([
    ['one campaign of 3,000', [winBack]],
    ['one of 800 with 80 in control', [{ ...winBack, customers: 800 }]],
    ['a pool of campaigns of differing rates and shares', [...strata]],
  ])('covers four planted points as often as it says, and claims no effect that is not there: %s', (_, planted) => {
    const { covered } = rates(...planted);
    expect(covered).toBeGreaterThan(93.5);
    expect(covered).toBeLessThan(96.5);
    const none = rates(...planted.map(without));
    expect(none.covered).toBeGreaterThan(93.5);
    expect(none.covered).toBeLessThan(96.5);
    expect(none.claimed).toBeLessThan(6.5);
  });
});

/** Campaigns judged by what their customers spent. */
const revenues = (seeds: number, ...planted: Planted[]): Found =>
  simulated(seeds, (seed) => {
    const outcomes = planted.map((each, i) => plantedOutcome(each, 31 * seed + i));
    const { revenueLift } = judge(outcomes, { ...settings, replicates: 119 });
    const truth = pooled(planted, ({ rate, lift, spread = 0, spendFactor = 1 }) => {
      return meanSpend(spread) * ((rate + lift) * spendFactor - rate);
    });
    const { low, high } = revenueLift!;
    if (low === null || high === null) return { held: true, claims: false };
    return { held: low <= truth && truth <= high, claims: low > 0 || high < 0 };
  });

describe('the interval of revenue per customer, where most spend nothing and a few spend much', () => {
  it.each<[string, Planted[]]>([
    ['amounts as in most shops', [{ ...winBack, spread: 0.8 }]],
    ['amounts with a long tail', [{ ...winBack, spread: 1.2 }]],
    ['a pool', strata.map((each) => ({ ...each, spread: 1 }))],
  ])('covers the truth about as often as it says, with a planted effect and without: %s', (_, planted) => {
    const { covered } = revenues(200, ...planted);
    expect(covered).toBeGreaterThan(91);
    expect(covered).toBeLessThan(98.5);
    const none = revenues(200, ...planted.map(without));
    expect(none.covered).toBeGreaterThan(91);
    expect(none.covered).toBeLessThan(98.5);
    expect(none.claimed).toBeLessThan(9);
  });

  it('suffers little where contacting makes baskets smaller by 15 %', () => {
    const { covered } = revenues(200, { ...winBack, spread: 0.8, spendFactor: 0.85 });
    expect(covered).toBeGreaterThan(89);
  });
});
