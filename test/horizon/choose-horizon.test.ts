import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseHorizon } from '../../lambdas/horizon/choose-horizon.ts';
import { snapshotDates } from '../../lambdas/horizon/snapshot-dates.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { GapCount } from '../../lambdas/model/kaplan-meier.ts';
import { type Random, randomFor, uniform } from '../../lambdas/model/random.ts';
import { ConfigError } from '../../lambdas/platform/errors.ts';
import { day } from '../support/lake.ts';
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

/** Customers arrive evenly, unless told otherwise (as a share of the history), and buy on after `gap()` days each time, with probability `stay`. */
function simulate(
  customers: number,
  historyDays: number,
  stay: number,
  gap: (random: Random) => number,
  arrival: (even: number, customer: number) => number = (even) => even,
): Shop {
  const random = randomFor(42, historyDays);
  return Array.from({ length: customers }, (_, customer) => {
    const days: number[] = [];
    let on = Math.floor(arrival(uniform(random), customer) * historyDays);
    while (on < historyDays) {
      days.push(on);
      on += uniform(random) < stay ? Math.max(1, Math.round(gap(random))) : historyDays;
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
    expect(evidence.limitedByHistory).toBe(false);
    expect(evidence.resurrectionPct).toBe(31.1);
    expect(horizonDays).toBe(140);
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
  /** Sixty new donors every month, who give again 335 to 395 days later, or lapse: three in ten each time. */
  const donors = (years: number) =>
    simulate(720 * years, 365 * years, 0.7, around(365, 30), (_, n) => Math.floor(n % (12 * years)) / (12 * years));

  test.each([
    [3, 360],
    [4, 390],
    [5, 390],
    [6, 390],
    [7, 390],
    [8, 390],
  ])('a yearly one with %i years of history gets %i days, and tests on three dates', (years, days) => {
    const historyDays = 365 * years;
    const { horizonDays, evidence } = horizonOf(donors(years), historyDays);
    console.log(`yearly donors, ${years} years: ${horizonDays} days, ${JSON.stringify(evidence)}`);
    expect(horizonDays).toBe(days);
    expect(evidence).toMatchObject({ basis: 'gaps', limitedByHistory: days < 390 });
    expect(evidence.gapQuantiles.p50).toBeGreaterThan(355);
    const plan = snapshotDates({
      asOf: '2024-12-31',
      firstDay: isoDate(day('2024-12-31') - historyDays + 1),
      horizonDays,
    });
    expect(plan.walkForward).toHaveLength(3);
  });

  test('a yearly one with two years of history gets what can be tested, and says so', () => {
    const { horizonDays, evidence } = horizonOf(donors(2), 730);
    expect(horizonDays).toBe(240);
    expect(evidence.limitedByHistory).toBe(true);
    expect(evidence.rule).toMatch(/asks for 390 days; the 730 days of history allow 240 to be learned and tested\.$/);
    expect(evidence.resurrectionPct).toBeGreaterThan(60);
  });

  test.each([
    [151, 30],
    [180, 40],
    [240, 70],
    [272, 90],
    [300, 100],
  ])('that asks for more than %i days of history can test gets %i', (historyDays, days) => {
    const slow = simulate(3000, historyDays, 0.9, around(100, 60), (even) => even * 0.3);
    const { horizonDays, evidence } = horizonOf(slow, historyDays);
    expect(horizonDays).toBe(days);
    expect(evidence.limitedByHistory).toBe(true);
    const firstDay = isoDate(day('2024-12-31') - historyDays + 1);
    const planned = (H: number) => snapshotDates({ asOf: '2024-12-31', firstDay, horizonDays: H }).walkForward.length;
    expect(planned(horizonDays)).toBeGreaterThan(0);
  });

  test('a weekly one gets the shortest, 30 days', () => {
    expect(horizonOf(simulate(2000, 730, 0.985, around(7, 2)), 730).horizonDays).toBe(30);
  });

  test('a shop that grows fast gets the rhythm of its customers, not that of its short histories', () => {
    const rhythm = (growth: (u: number) => number) => horizonOf(simulate(8000, 730, 0.6, exponential(45), growth), 730);
    const steady = rhythm((u) => u);
    const growing = rhythm((u) => 1 + Math.log(0.02 + 0.98 * u) / 4);
    console.log(`steady: ${steady.evidence.rule} growing fast: ${growing.evidence.rule}`);
    expect(Math.abs(growing.horizonDays - steady.horizonDays)).toBeLessThanOrEqual(10);
    expect(growing.evidence.limitedByHistory).toBe(false);
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

  test('never beyond a third of the history, a readable number, whatever the gaps', () => {
    const rows = fc.array(fc.record({ days: fc.nat(900), purchases: fc.nat(300), censored: fc.nat(300) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 120, max: 3000 }), (histogram, historyDays) => {
        const { horizonDays } = chooseHorizon(histogram, { historyDays });
        expect(horizonDays).toBeLessThanOrEqual(historyDays / 3);
        expect(horizonDays).toBeGreaterThanOrEqual(30);
        expect(horizonDays % 5).toBe(0);
      }),
    );
  });
});

describe('snapshot dates', () => {
  const plan = (asOf: string, firstDay: string, horizonDays: number) => snapshotDates({ asOf, firstDay, horizonDays });

  test('two years of history at 90 days: the latest, its season a year before, three dates to test on', () => {
    const { dates, walkForward } = plan('2011-09-10', '2009-06-01', 90);
    expect(walkForward).toEqual(['2010-12-14', '2011-03-14', '2011-06-12']);
    expect(dates).toEqual(expect.arrayContaining(['2010-03-14', '2010-06-12', '2011-06-12']));
    expect(dates.length).toBeGreaterThan(8);
  });

  test('a short history has what fits, and tests only where there is something to train on', () => {
    const year = plan('2011-09-10', '2010-12-01', 70);
    expect(year.dates.at(-1)).toBe('2011-07-02');
    expect(year.walkForward).toEqual(['2011-05-16', '2011-06-09', '2011-07-02']);
    expect(plan('2011-09-10', '2011-03-01', 90)).toEqual({ dates: ['2011-06-12'], walkForward: [] });
    expect(plan('2011-09-10', '2011-07-01', 90)).toEqual({ dates: [], walkForward: [] });
  });

  test('as many tests as asked for and as history allows, closer where it is short', () => {
    const tests = (firstDay: string, testDates: number) =>
      snapshotDates({ asOf: '2011-09-10', firstDay, horizonDays: 90, testDates }).walkForward;
    expect(tests('2009-06-01', 5)).toEqual(['2010-06-17', '2010-09-15', '2010-12-14', '2011-03-14', '2011-06-12']);
    expect(tests('2010-10-01', 2)).toEqual(['2011-04-28', '2011-06-12']);
    expect(tests('2010-12-01', 5)).toEqual(['2011-06-12']);
  });

  test('a horizon of a year, where the season before is the second horizon', () => {
    const { dates, walkForward } = plan('2020-12-31', '2014-01-01', 365);
    expect(dates).toEqual(expect.arrayContaining(['2019-01-01', '2020-01-01']));
    expect(walkForward).toEqual(['2018-01-01', '2019-01-01', '2020-01-01']);
    expect(new Set(dates).size).toBe(dates.length);
  });

  test('labels are complete, history is long enough, tests never see their own time', () => {
    const asOf = '2024-03-01';
    const inputs = [
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 1, max: 20 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (H, history, maxDates) => {
        const firstDay = new Date((day(asOf) - history) * 86_400_000).toISOString().slice(0, 10);
        const { dates, walkForward } = snapshotDates({ asOf, firstDay, horizonDays: H, maxDates });
        expect(dates).toEqual([...new Set(dates)].sort());
        expect(dates.length).toBeLessThanOrEqual(Math.max(maxDates, 3 + 3 * walkForward.length));
        for (const date of dates) {
          expect(day(date) + H).toBeLessThanOrEqual(day(asOf));
          expect(day(date) - day(firstDay)).toBeGreaterThanOrEqual(Math.max(H / 2, 90));
        }
        for (const test of walkForward) expect(dates).toContain(isoDate(day(test) - H));
        expect(dates.includes(isoDate(day(asOf) - H))).toBe(history - H >= Math.max(Math.ceil(H / 2), 90));
      }),
    );
  });
});
