import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  aggregateHistories,
  type BgNbdParameters,
  bgNbdLogLikelihood,
  expectedPurchases,
  fitBgNbd,
  logGamma,
  probabilityAlive,
  probabilityNoPurchase,
} from '../../lambdas/model/bgnbd.ts';
import { type Random, randomFor, uniform } from '../../lambdas/model/random.ts';
import { realData } from '../support/real-data.ts';

const WEEK = 7;
const params: BgNbdParameters = { r: 0.3, alpha: 35, a: 0.8, b: 2.5 };

/** Purchase days of the CDNOW sample up to 1997-09-30 as (x, tx, T); purchases on one day are one. */
function cdnowSample(path: string) {
  const day = (yyyymmdd: string) =>
    Date.UTC(+yyyymmdd.slice(0, 4), +yyyymmdd.slice(4, 6) - 1, +yyyymmdd.slice(6)) / 86_400_000;
  const end = day('19970930');
  const days = new Map<string, Set<number>>();
  for (const line of gunzipSync(readFileSync(path)).toString().trim().split('\n')) {
    const [, customer, date] = line.trim().split(/\s+/);
    if (day(date!) > end) continue;
    days.set(customer!, (days.get(customer!) ?? new Set()).add(day(date!)));
  }
  const customers = [...days.values()].map((set) => [...set].sort((p, q) => p - q));
  return {
    x: customers.map((c) => c.length - 1),
    tx: customers.map((c) => c.at(-1)! - c[0]!),
    T: customers.map((c) => end - c[0]!),
  };
}

test('fits the published parameters to the CDNOW sample', () => {
  const path = realData('cdnow/CDNOW_sample.txt.gz');
  if (path === null) return;
  const { x, tx, T } = cdnowSample(path);
  expect(x.length).toBe(2357);
  const fit = fitBgNbd(aggregateHistories(x, tx, T));
  const { r, alpha, a, b } = fit.parameters;
  expect(r).toBeCloseTo(0.243, 3);
  expect(alpha / WEEK).toBeCloseTo(4.414, 3);
  expect(a).toBeCloseTo(0.793, 3);
  expect(b).toBeCloseTo(2.426, 3);
  const repeats = x.reduce((total, v) => total + v, 0);
  expect(fit.logLikelihood! + repeats * Math.log(WEEK)).toBeCloseTo(-9582.4, 1);
  expect(fit).toMatchObject({ customers: 2357, degeneracy: null });
  expect(expectedPurchases(fit.parameters, 2, 30.43 * WEEK, 38.86 * WEEK, 39 * WEEK)).toBeCloseTo(1.226, 3);
});

describe('against an independent computation (beta functions, numeric integration over both rates)', () => {
  test('log-likelihood', () => {
    const distinct = [
      [0, 0, 280, 40],
      [1, 63, 280, 12],
      [2, 119, 266, 7],
      [3, 245, 273, 5],
      [5, 252, 259, 3],
      [1, 14, 252, 9],
      [0, 0, 245, 30],
      [9, 240, 241, 1],
    ];
    const customers = distinct.flatMap(([x, tx, T, count]) => Array.from({ length: count! }, () => [x!, tx!, T!]));
    const column = (k: number) => customers.map((row) => row[k]!);
    const histories = aggregateHistories(column(0), column(1), column(2));
    expect(histories.count.length).toBe(8);
    expect(bgNbdLogLikelihood(histories, params)).toBeCloseTo(-491.3362298339861, 8);
  });

  test.each([
    { x: 2, tx: 119, T: 266, H: 90, alive: 0.4836418142, silent: 0.7813425445, expected: 0.3104746 },
    { x: 0, tx: 0, T: 245, H: 180, alive: 1, silent: 0.8616285084, expected: 0.1764982 },
    { x: 9, tx: 240, T: 241, H: 30, alive: 0.9269504386, silent: 0.4281095307, expected: 0.9046851 },
    { x: 5, tx: 100, T: 259, H: 365, alive: 0.1160816662, silent: 0.8855286523, expected: 0.5769014 },
  ])('posterior of x = $x, tx = $tx, T = $T, H = $H', ({ x, tx, T, H, alive, silent, expected }) => {
    expect(probabilityAlive(params, x, tx, T)).toBeCloseTo(alive, 6);
    expect(probabilityNoPurchase(params, x, tx, T, H)).toBeCloseTo(silent, 6);
    expect(expectedPurchases(params, x, tx, T, H)).toBeCloseTo(expected, 4);
  });
});

/** Gamma(shape, 1) by Marsaglia & Tsang 2000, shape ≥ 1. */
function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform(random)) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

interface Simulated {
  x: number;
  tx: number;
  T: number;
  boughtAfter: number;
}

/** One customer of the model: purchases in (0, T] and the number in (T, T + H]. Times are continuous days. */
function simulate(random: Random, p: BgNbdParameters, T: number, H: number): Simulated {
  const rate = gamma(random, p.r) / p.alpha;
  const left = gamma(random, p.a);
  const dropout = left / (left + gamma(random, p.b));
  const customer = { x: 0, tx: 0, T, boughtAfter: 0 };
  for (let t = 0; ; ) {
    t += -Math.log(1 - uniform(random)) / rate;
    if (t > T + H) return customer;
    if (t > T) customer.boughtAfter++;
    else {
      customer.x++;
      customer.tx = t;
    }
    if (uniform(random) < dropout) return customer;
  }
}

describe('on simulated customers', () => {
  const truth = { r: 1.4, alpha: 60, a: 1.2, b: 3 };
  const H = 90;
  const random = randomFor(20, 1);
  const customers = Array.from({ length: 40_000 }, () =>
    simulate(random, truth, 100 + Math.floor(400 * uniform(random)), H),
  );

  test('the chance of no purchase and the expected number come true, whatever they are', () => {
    const scored = customers.map((c) => ({
      silent: probabilityNoPurchase(truth, c.x, c.tx, c.T, H),
      expected: expectedPurchases(truth, c.x, c.tx, c.T, H),
      boughtAfter: c.boughtAfter,
    }));
    scored.sort((p, q) => p.silent - q.silent);
    for (let from = 0; from < scored.length; from += 5000) {
      const group = scored.slice(from, from + 5000);
      const mean = (f: (c: (typeof group)[number]) => number) => group.reduce((total, c) => total + f(c), 0) / 5000;
      const told = mean((c) => c.silent);
      const fourErrors = 4 * Math.sqrt((told * (1 - told)) / 5000);
      expect(Math.abs(mean((c) => (c.boughtAfter === 0 ? 1 : 0)) - told)).toBeLessThan(fourErrors);
      const number = mean((c) => c.boughtAfter);
      const deviation = Math.sqrt(mean((c) => (c.boughtAfter - number) ** 2) / 5000);
      expect(Math.abs(number - mean((c) => c.expected))).toBeLessThan(4 * deviation);
    }
  });

  test('the fit finds the truth again, in days and in weekly bins', () => {
    const column = (f: (c: Simulated) => number) => customers.map(f);
    for (const binDays of [1, 7]) {
      const histories = aggregateHistories(
        column((c) => c.x),
        column((c) => Math.round(c.tx)),
        column((c) => c.T),
        binDays,
      );
      expect(histories.count.reduce((total, n) => total + n, 0)).toBe(40_000);
      const { parameters, degeneracy } = fitBgNbd(histories);
      expect(degeneracy).toBeNull();
      expect(parameters.r / truth.r).toBeCloseTo(1, 1);
      expect(parameters.alpha / truth.alpha).toBeCloseTo(1, 1);
      expect(parameters.a / (parameters.a + parameters.b)).toBeCloseTo(truth.a / (truth.a + truth.b), 2);
    }
  });

  test('the order of customers plays no part', () => {
    const some = customers.slice(0, 2000).map((c) => [c.x, Math.round(c.tx), c.T] as const);
    const fitted = (rows: typeof some) =>
      fitBgNbd(
        aggregateHistories(
          rows.map((c) => c[0]),
          rows.map((c) => c[1]),
          rows.map((c) => c[2]),
        ),
      );
    expect(fitted([...some].reverse())).toEqual(fitted(some));
  });
});

describe('degenerate histories', () => {
  test('nobody bought twice: said so, and probabilities stay usable', () => {
    const fit = fitBgNbd(aggregateHistories([0, 0, 0], [0, 0, 0], [10, 50, 400]));
    expect(fit).toMatchObject({ degeneracy: 'no_repeat_purchases', logLikelihood: null, customers: 3 });
    expect(probabilityNoPurchase(fit.parameters, 0, 0, 50, 90)).toBeGreaterThan(0);
  });

  test('nobody is ever lost: P(alive) is marked as not to be trusted', () => {
    const random = randomFor(5, 2);
    const T = 300;
    const buyers = Array.from({ length: 800 }, () => {
      const rate = gamma(random, 2) / 60;
      let x = 0;
      let tx = 0;
      for (let t = 0; ; ) {
        t += -Math.log(1 - uniform(random)) / rate;
        if (t > T) return { x, tx: Math.round(tx) };
        x++;
        tx = t;
      }
    });
    const fit = fitBgNbd(
      aggregateHistories(
        buyers.map((c) => c.x),
        buyers.map((c) => c.tx),
        buyers.map(() => T),
      ),
    );
    expect(fit.degeneracy).toBe('no_dropout');
  });

  test('a shop where half are lost at each purchase is none', () => {
    const random = randomFor(6, 3);
    const rows = Array.from({ length: 3000 }, () => simulate(random, { r: 2, alpha: 60, a: 500, b: 500 }, 365, 1));
    const fit = fitBgNbd(
      aggregateHistories(
        rows.map((c) => c.x),
        rows.map((c) => Math.round(c.tx)),
        rows.map((c) => c.T),
      ),
    );
    expect(fit.degeneracy).toBeNull();
    expect(fit.parameters.a / (fit.parameters.a + fit.parameters.b)).toBeCloseTo(0.5, 1);
  });

  test('extreme histories and parameters give numbers, not NaN', () => {
    const corners: BgNbdParameters[] = [
      params,
      { r: 1, alpha: 30, a: 1, b: 1 },
      { r: 0.05, alpha: 0.5, a: 0.3, b: 0.7 },
      { r: 0.7, alpha: 60, a: 0.002, b: 159_556 },
      { r: 12, alpha: 9426, a: 6e-6, b: 2.8e-4 },
      { r: 0.63, alpha: 35, a: 29_165, b: 162_649 },
      { r: 0.09, alpha: 117, a: 86_324, b: 137_386 },
      { r: 0.5, alpha: 1, a: 99.9, b: 5 },
    ];
    for (const p of corners) {
      for (const [x, tx, T] of [
        [0, 0, 0],
        [1, 1, 1],
        [1, 1, 3000],
        [900, 2990, 3000],
        [900, 1000, 3000],
      ] as const) {
        for (const H of [1, 90, 390]) {
          const silent = probabilityNoPurchase(p, x, tx, T, H);
          expect(silent).toBeGreaterThanOrEqual(0);
          expect(silent).toBeLessThanOrEqual(1);
          expect(expectedPurchases(p, x, tx, T, H)).toBeGreaterThanOrEqual(0);
          expect(probabilityAlive(p, x, tx, T)).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});

test('where everybody is lost at the same chance, the expectation is that of the chance itself', () => {
  for (const b of [20, 100, 900]) {
    const [below, above] = [99.99, 100.01].map((a) => ({ r: 0.6, alpha: 40, a, b }));
    for (const [x, tx, T] of [
      [0, 0, 30],
      [3, 100, 200],
      [20, 300, 350],
    ] as const) {
      const series = expectedPurchases(below!, x, tx, T, 180);
      expect(Math.abs(expectedPurchases(above!, x, tx, T, 180) / series - 1)).toBeLessThan(0.01);
    }
  }
});

test('logGamma agrees with factorials and with Γ(1/2) = √π', () => {
  let factorial = 0;
  for (let n = 1; n <= 170; n++) {
    expect(logGamma(n)).toBeCloseTo(factorial, 9);
    factorial += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  expect(logGamma(1e-4)).toBeCloseTo(9.210282658633963, 9);
});
