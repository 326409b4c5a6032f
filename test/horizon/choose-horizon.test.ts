import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseHorizon, snapshotDates } from '../../lambdas/horizon/choose-horizon.ts';
import type { GapCount } from '../../lambdas/horizon/kaplan-meier.ts';
import { type Random, randomFor, uniform } from '../../lambdas/model/random.ts';
import { ConfigError } from '../../lambdas/platform/errors.ts';
import { realData } from '../support/real-data.ts';

/** Purchase days of customers as day numbers, ascending. */
type Shop = readonly (readonly number[])[];

function gapsOf(shop: Shop, asOf: number): GapCount[] {
  const gaps: GapCount[] = [];
  for (const customer of shop) {
    const days = customer.filter((day) => day <= asOf);
    for (let i = 1; i < days.length; i++) gaps.push({ days: days[i]! - days[i - 1]!, purchases: 1, censored: 0 });
    if (days.length > 0) gaps.push({ days: asOf - days.at(-1)!, purchases: 0, censored: 1 });
  }
  return gaps;
}

/** Customers arrive evenly and buy on after `gap()` days each time, with probability `stay`. */
function simulate(customers: number, historyDays: number, stay: number, gap: (random: Random) => number): Shop {
  const random = randomFor(42, historyDays);
  return Array.from({ length: customers }, () => {
    const days: number[] = [];
    let day = Math.floor(uniform(random) * historyDays);
    while (day < historyDays) {
      days.push(day);
      day += uniform(random) < stay ? Math.max(1, Math.round(gap(random))) : historyDays;
    }
    return days;
  });
}

const exponential = (mean: number) => (random: Random) => -mean * Math.log(1 - uniform(random));
const around = (mean: number, spread: number) => (random: Random) => mean + spread * (2 * uniform(random) - 1);

function horizonOf(shop: Shop, historyDays: number) {
  return chooseHorizon(gapsOf(shop, historyDays - 1), { historyDays });
}

function fromOrders(orders: Iterable<readonly [customer: string, isoDate: string]>): Shop {
  const days = new Map<string, Set<number>>();
  for (const [customer, date] of orders) {
    days.set(customer, (days.get(customer) ?? new Set()).add(Date.parse(date) / 86_400_000));
  }
  return [...days.values()].map((set) => [...set].sort((p, q) => p - q));
}

const linesOf = (path: string) => gunzipSync(readFileSync(path)).toString().split(/\r?\n/).slice(1);

describe('real shops', () => {
  test('CDNOW', () => {
    const path = realData('cdnow/cdnow_orders.csv.gz');
    if (path === null) return;
    const rows = linesOf(path).map((line) => line.split(','));
    const orders = rows.filter((row) => Number(row[3]) > 0).map((row) => [row[0]!, row[1]!] as const);
    const { horizonDays, evidence } = chooseHorizon(gapsOf(fromOrders(orders), Date.UTC(1998, 5, 30) / 86_400_000), {
      historyDays: 546,
    });
    expect(evidence).toMatchObject({
      gapsSeen: 44_009,
      censored: 23_502,
      gapQuantiles: { p50: 38, p80: 137, p90: 232 },
    });
    expect(evidence.limitedByHistory).toBe(true);
    expect(evidence.resurrectionPct).toBe(32.8);
    expect(horizonDays).toBe(130);
  });

  test('Online Retail II', () => {
    const paths = ['2009-2010', '2010-2011'].map((y) => realData(`online-retail-ii/online_retail_II_year_${y}.csv.gz`));
    const orders = new Map<string, readonly [string, string]>();
    for (const path of paths) {
      if (path === null) return;
      for (const line of linesOf(path)) {
        const match = /^(\d+),.*,(\d+),([\d-]{10}) [\d:]+,([\d.]+),([\d.]+),[^,]*$/.exec(line);
        if (match === null || Number(match[2]) <= 0 || Number(match[4]) <= 0) continue;
        const earlier = orders.get(match[1]!);
        if (earlier === undefined || match[3]! < earlier[1]) orders.set(match[1]!, [match[5]!, match[3]!]);
      }
    }
    const shop = fromOrders(orders.values());
    const { horizonDays, evidence } = chooseHorizon(gapsOf(shop, Date.UTC(2011, 8, 10) / 86_400_000), {
      historyDays: 649,
    });
    expect(evidence).toMatchObject({ censored: 5281, gapQuantiles: { p50: 36, p80: 105, p90: 182 }, basis: 'gaps' });
    expect(evidence.limitedByHistory).toBe(false);
    expect(horizonDays).toBe(110);
  });
});

describe('rhythms', () => {
  test('a yearly one gets more than a year when history allows, and says so when it does not', () => {
    const yearly = (years: number) => horizonOf(simulate(3000, 365 * years, 0.7, around(365, 40)), 365 * years);
    expect(yearly(5).horizonDays).toBe(390);
    expect(yearly(5).evidence.limitedByHistory).toBe(false);
    const short = yearly(2);
    expect(short.horizonDays).toBe(180);
    expect(short.evidence).toMatchObject({ limitedByHistory: true });
    expect(short.evidence.rule).toMatch(/asks for 390 days; the 730 days of history allow 180\.$/);
    expect(short.evidence.resurrectionPct).toBeGreaterThan(60);
  });

  test('a monthly one gets little more than a month', () => {
    expect(horizonOf(simulate(2000, 730, 0.92, around(30, 3)), 730)).toMatchObject({
      horizonDays: 35,
      activeWindowDays: 35,
    });
  });

  test('a daily one never gets less than 30 days', () => {
    expect(horizonOf(simulate(1000, 400, 0.98, exponential(3)), 400).horizonDays).toBe(30);
  });

  test('mostly one-time buyers: the few who return decide, and nearly none of the silent come back', () => {
    const { horizonDays, evidence } = horizonOf(simulate(8000, 1100, 0.12, exponential(100)), 1100);
    expect(horizonDays).toBeGreaterThan(120);
    expect(horizonDays).toBeLessThan(200);
    expect(evidence.resurrectionPct).toBeLessThan(5);
  });
});

describe('limits', () => {
  test('too few returns: 90 days by default, under that name', () => {
    const { horizonDays, evidence } = chooseHorizon([{ days: 12, purchases: 99, censored: 400 }], { historyDays: 800 });
    expect(horizonDays).toBe(90);
    expect(evidence).toMatchObject({ basis: 'too_few_gaps', gapsSeen: 99, limitedByHistory: false });
    expect(evidence.rule).toMatch(/Only 99 returns/);
  });

  test('no customers at all', () => {
    expect(chooseHorizon([], { historyDays: 0 })).toMatchObject({
      horizonDays: 30,
      evidence: { basis: 'too_few_gaps', limitedByHistory: true, resurrectionPct: null, gapQuantiles: { p80: null } },
    });
  });

  test('a fixed horizon is kept as it is, with its evidence', () => {
    const shop = simulate(2000, 700, 0.7, exponential(40));
    const { horizonDays, activeWindowDays, evidence } = chooseHorizon(gapsOf(shop, 699), {
      historyDays: 700,
      fixed: 47,
    });
    expect([horizonDays, activeWindowDays]).toEqual([47, 47]);
    expect(evidence).toMatchObject({ basis: 'fixed', limitedByHistory: false });
    expect(evidence.resurrectionPct).toBeGreaterThan(10);
    expect(chooseHorizon([], { historyDays: 100, fixed: 90 }).evidence.limitedByHistory).toBe(true);
  });

  test('a window of its own', () => {
    expect(chooseHorizon([], { historyDays: 800, activeWindowDays: 365 })).toMatchObject({
      horizonDays: 90,
      activeWindowDays: 365,
    });
  });

  test.each([0, -5, 1.5, Number.NaN])('a horizon of %s days is refused', (fixed) => {
    expect(() => chooseHorizon([], { historyDays: 800, fixed })).toThrow(ConfigError);
    expect(() => chooseHorizon([], { historyDays: 800, activeWindowDays: fixed })).toThrow(/activeWindowDays is/);
  });

  test('never beyond a quarter of the history, a readable number, whatever the gaps', () => {
    const rows = fc.array(fc.record({ days: fc.nat(900), purchases: fc.nat(300), censored: fc.nat(300) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 120, max: 3000 }), (histogram, historyDays) => {
        const { horizonDays } = chooseHorizon(histogram, { historyDays });
        expect(horizonDays).toBeLessThanOrEqual(historyDays / 4);
        expect(horizonDays).toBeGreaterThanOrEqual(30);
        expect(horizonDays % 5).toBe(0);
      }),
    );
  });
});

describe('snapshot dates', () => {
  const plan = (asOf: string, firstDay: string, horizonDays: number) => snapshotDates({ asOf, firstDay, horizonDays });

  test('two years of history at 90 days: the latest, its season a year before, three dates to test on', () => {
    const { dates, walkForward, latest, yearBefore } = plan('2011-09-10', '2009-06-01', 90);
    expect(latest).toBe('2011-06-12');
    expect(yearBefore).toBe('2010-06-12');
    expect(walkForward).toEqual(['2010-12-14', '2011-03-14', '2011-06-12']);
    expect(dates).toContain('2010-03-14');
    expect(dates.length).toBeGreaterThan(8);
  });

  test('a short history has what fits, and tests only where there is something to train on', () => {
    const year = plan('2011-09-10', '2010-12-01', 70);
    expect(year).toMatchObject({ latest: '2011-07-02', yearBefore: null, walkForward: ['2011-07-02'] });
    expect(plan('2011-09-10', '2011-03-01', 90)).toMatchObject({
      latest: '2011-06-12',
      dates: ['2011-06-12'],
      walkForward: [],
    });
    expect(plan('2011-09-10', '2011-07-01', 90)).toEqual({
      dates: [],
      walkForward: [],
      latest: null,
      yearBefore: null,
    });
  });

  test('a horizon of a year, where the season before is the second horizon', () => {
    const { dates, latest, yearBefore, walkForward } = plan('2020-12-31', '2014-01-01', 365);
    expect([latest, yearBefore]).toEqual(['2020-01-01', '2019-01-01']);
    expect(walkForward).toEqual(['2018-01-01', '2019-01-01', '2020-01-01']);
    expect(new Set(dates).size).toBe(dates.length);
  });

  test('labels are complete, history is long enough, tests never see their own time', () => {
    const day = (iso: string) => Date.parse(iso) / 86_400_000;
    const asOf = '2024-03-01';
    const inputs = [
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 1, max: 20 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (H, history, maxDates) => {
        const firstDay = new Date((day(asOf) - history) * 86_400_000).toISOString().slice(0, 10);
        const { dates, walkForward, latest } = snapshotDates({ asOf, firstDay, horizonDays: H, maxDates });
        expect(dates).toEqual([...new Set(dates)].sort());
        expect(dates.length).toBeLessThanOrEqual(maxDates);
        for (const date of dates) {
          expect(day(date) + H).toBeLessThanOrEqual(day(asOf));
          expect(day(date) - day(firstDay)).toBeGreaterThanOrEqual(Math.max(H, 90));
        }
        for (const test of walkForward) expect(dates.some((date) => day(date) + H <= day(test))).toBe(true);
        expect(latest !== null).toBe(history - H >= Math.max(H, 90));
      }),
    );
  });
});
