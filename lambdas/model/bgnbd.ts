import { minimise } from './nelder-mead.ts';

/**
 * BG/NBD model of Fader, Hardie & Lee 2005 ("Counting your customers the easy way: an alternative to the Pareto/NBD
 * model", Marketing Science 24): while alive a customer buys at a Poisson rate that differs between customers as
 * Gamma(r, alpha), and is lost right after a purchase with a probability that differs as Beta(a, b).
 *
 * A customer's history is (x, tx, T): repeat purchase days, days from the first to the last purchase, days from the
 * first purchase to the date of observation. In the words of `customer_features`: x = frequency − 1, tx = tenure −
 * recency, T = tenure. **All times are days**, and so is `alpha`; published parameters are often in weeks (alpha / 7).
 */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Why P(alive) of a fit is not to be trusted; `probabilityNoPurchase` may still rank well.
 * - `no_repeat_purchases`: nobody bought twice, nothing was fitted.
 * - `no_dropout`: the likelihood wants nobody who bought again ever lost (chance below 0.001: a → 0 beside b), so
 *   P(alive) is about 1 for all.
 * - `one_purchase_rate`: the likelihood wants one rate for all (r → ∞), or rates too dispersed to estimate (r → 0).
 * - `not_converged`: the search stopped at its limit.
 */
export type BgNbdDegeneracy = 'no_repeat_purchases' | 'no_dropout' | 'one_purchase_rate' | 'not_converged';

export interface BgNbdFit {
  readonly parameters: BgNbdParameters;
  /**
   * Sum over customers, with times in days. In weeks it is larger by (sum of x) × ln 7. Null when nothing was fitted.
   */
  readonly logLikelihood: number | null;
  readonly customers: number;
  readonly degeneracy: BgNbdDegeneracy | null;
}

/** Distinct histories with the number of customers who share each; parallel arrays. */
export interface PurchaseHistories {
  readonly x: Float64Array;
  readonly tx: Float64Array;
  readonly T: Float64Array;
  readonly count: Float64Array;
}

const WEEK = 7;
/**
 * Where customers hardly differ in their chance of being lost, a and b grow without end and the series overflows. Beyond
 * this sum the expectation moves by less than 1 %, so larger pairs are scaled down to it.
 */
const LARGEST_BETA = 10_000;
/** Above this a, the chance of being lost differs so little between customers that its mean may stand for all of them. */
const LARGEST_A = 100;
/** Bound on |ln parameter| (times in weeks): far outside anything real, it keeps a degenerate search finite. */
const LN_BOUND = 12;

/**
 * Customers with equal (x, tx, T) folded into one weighted history, sorted, so that their order does not matter. Times
 * are whole days, 0 ≤ tx ≤ T. `binDays` (say 7) first rounds times to multiples of it: on half a million customers a
 * fifth of the work, parameters within about 2 %.
 */
export function aggregateHistories(
  x: ArrayLike<number>,
  tx: ArrayLike<number>,
  T: ArrayLike<number>,
  binDays = 1,
): PurchaseHistories {
  const bins = (days: number) => Math.round(days / binDays);
  let base = 1;
  for (let i = 0; i < T.length; i++) base = Math.max(base, bins(T[i]!) + 1);
  const keys = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) keys[i] = (x[i]! * base + bins(tx[i]!)) * base + bins(T[i]!);
  keys.sort();
  const distinct = keys.filter((key, i) => i === 0 || key !== keys[i - 1]);
  const count = new Float64Array(distinct.length);
  for (let i = 0, k = 0; i < keys.length; i++) {
    if (keys[i] !== distinct[k]) k++;
    count[k]!++;
  }
  return {
    x: distinct.map((key) => Math.floor(key / base / base)),
    tx: distinct.map((key) => (Math.floor(key / base) % base) * binDays),
    T: distinct.map((key) => (key % base) * binDays),
    count,
  };
}

/**
 * Maximum-likelihood parameters by Nelder–Mead on their logarithms (in weeks inside, started from 1, 1, 1, 1 and once
 * more from the optimum).
 */
export function fitBgNbd(histories: PurchaseHistories): BgNbdFit {
  const customers = sum(histories.count);
  const repeats = histories.x.reduce((total, x, i) => total + x * histories.count[i]!, 0);
  if (repeats === 0) {
    const parameters = { r: 1, alpha: WEEK, a: 1, b: 1 };
    return { parameters, logLikelihood: null, customers, degeneracy: 'no_repeat_purchases' };
  }
  const logLikelihood = likelihoodInWeeks(histories);
  const cost = (ln: readonly number[]) =>
    ln.some((v) => Math.abs(v) > LN_BOUND) ? Number.POSITIVE_INFINITY : -logLikelihood(ln.map(Math.exp)) / customers;
  const first = minimise(cost, [0, 0, 0, 0], { tolerance: 1e-5 });
  const found = minimise(cost, first.point, { tolerance: 1e-6, step: 0.05 });
  const [r, alphaWeeks, a, b] = found.point.map(Math.exp) as [number, number, number, number];
  return {
    parameters: { r, alpha: alphaWeeks * WEEK, a, b },
    logLikelihood: -found.value * customers - repeats * Math.log(WEEK),
    customers,
    degeneracy: degeneracyOf(r, a, b, found.converged),
  };
}

function degeneracyOf(r: number, a: number, b: number, converged: boolean): BgNbdDegeneracy | null {
  if (a / (a + b + 1) < 0.001) return 'no_dropout';
  if (r > 500 || r < 1e-4) return 'one_purchase_rate';
  return converged ? null : 'not_converged';
}

/** Log-likelihood of histories in days under parameters in days. */
export function bgNbdLogLikelihood(histories: PurchaseHistories, p: BgNbdParameters): number {
  const repeats = histories.x.reduce((total, x, i) => total + x * histories.count[i]!, 0);
  return likelihoodInWeeks(histories)([p.r, p.alpha / WEEK, p.a, p.b]) - repeats * Math.log(WEEK);
}

/**
 * The likelihood as a function of (r, alpha in weeks, a, b). Everything that hangs on x, tx or T alone is computed once
 * per distinct value and looked up, which leaves one exponential and one logarithm per distinct history.
 */
function likelihoodInWeeks(h: PurchaseHistories): (parameters: readonly number[]) => number {
  const x = indexed(h.x, 1);
  const tx = indexed(h.tx, 1 / WEEK);
  const T = indexed(h.T, 1 / WEEK);
  return ([r, alpha, a, b]) => {
    const constant = r! * Math.log(alpha!) - logGamma(r!) + logGamma(a! + b!) - logGamma(b!);
    const ofX = x.values.map((v) => constant + logGamma(r! + v) + logGamma(b! + v) - logGamma(a! + b! + v));
    const dropoutOfX = x.values.map((v) => (v > 0 ? Math.log(a!) - Math.log(b! + v - 1) : Number.NEGATIVE_INFINITY));
    const logTx = tx.values.map((v) => Math.log(alpha! + v));
    const logT = T.values.map((v) => Math.log(alpha! + v));
    let total = 0;
    for (let i = 0; i < h.count.length; i++) {
      const k = x.index[i]!;
      const shape = r! + x.values[k]!;
      const alive = -shape * logT[T.index[i]!]!;
      const lost = dropoutOfX[k]! - shape * logTx[tx.index[i]!]!;
      total += h.count[i]! * (ofX[k]! + logAddExp(alive, lost));
    }
    return total;
  };
}

function indexed(column: Float64Array, scale: number): { values: Float64Array; index: Int32Array } {
  const distinct = [...new Set(column)].sort((p, q) => p - q);
  const position = new Map(distinct.map((v, i) => [v, i]));
  return {
    values: Float64Array.from(distinct, (v) => v * scale),
    index: Int32Array.from(column, (v) => position.get(v)!),
  };
}

/**
 * P(alive at T | x, tx, T), 0 to 1. A customer without a repeat purchase is always 1 in this model (one is lost only
 * after a repeat purchase), and so is everybody when the fit is degenerate: do not show it then.
 */
export function probabilityAlive(p: BgNbdParameters, x: number, tx: number, T: number): number {
  if (x === 0) return 1;
  const logOdds = Math.log(p.a / (p.b + x - 1)) + (p.r + x) * (Math.log(p.alpha + T) - Math.log(p.alpha + tx));
  return 1 / (1 + Math.exp(logOdds));
}

/**
 * P(no purchase in (T, T + horizon] | x, tx, T). A customer who is lost buys nothing; the rate of one who is alive is
 * Gamma(r + x, alpha + T), whose Laplace transform gives the chance that the first purchase is later. Losing interest
 * needs a purchase first, so it plays no part within the wait. Checked by simulation in the tests.
 */
export function probabilityNoPurchase(p: BgNbdParameters, x: number, tx: number, T: number, horizon: number): number {
  const alive = probabilityAlive(p, x, tx, T);
  const silent = Math.exp((p.r + x) * (Math.log(p.alpha + T) - Math.log(p.alpha + T + horizon)));
  return 1 - alive + alive * silent;
}

/**
 * E[number of purchases in (T, T + horizon] | x, tx, T], equation 10 of the paper. The Gauss hypergeometric function is
 * taken through Euler's transformation, which keeps it bounded for buyers with hundreds of purchases. Where a is so large
 * that the series would overflow, the chance of being lost is held at its mean (less than 1 % off).
 */
export function expectedPurchases(p: BgNbdParameters, x: number, tx: number, T: number, horizon: number): number {
  return expectedIfAlive(p, x, T, horizon) * probabilityAlive(p, x, tx, T);
}

function expectedIfAlive(p: BgNbdParameters, x: number, T: number, horizon: number): number {
  const within = Math.min(1, LARGEST_BETA / (p.a + p.b));
  const a = awayFrom(p.a * within, 1);
  const b = p.b * within;
  if (a > LARGEST_A) {
    const lost = a / (a + b + x);
    return -Math.expm1(-(p.r + x) * Math.log1p((lost * horizon) / (p.alpha + T))) / lost;
  }
  const c = awayFrom(a + b + x - 1, 0);
  const z = horizon / (p.alpha + T + horizon);
  const gauss = hypergeometric(a + b - 1 - p.r, a - 1, c, z);
  return (c / (a - 1)) * (1 - (1 - z) ** (a - 1) * gauss);
}

/** The formula has removable poles at a = 1 and a + b + x = 1: step beside them. */
function awayFrom(value: number, pole: number): number {
  return Math.abs(value - pole) < 1e-6 ? pole + 1e-6 : value;
}

/** Gauss hypergeometric 2F1(a, b; c; z) for 0 ≤ z < 1 by its power series. */
function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let total = 1;
  for (let n = 0; n < 100_000 && Math.abs(term) > 1e-14 * Math.abs(total); n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    total += term;
  }
  return total;
}

function logAddExp(p: number, q: number): number {
  const high = Math.max(p, q);
  const gap = Math.min(p, q) - high;
  return gap < -40 ? high : high + Math.log1p(Math.exp(gap));
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(z) for z > 0: Lanczos 1964 with g = 7 and nine terms, about 15 digits. */
export function logGamma(z: number): number {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const t = z + 6.5;
  const series = LANCZOS.reduce((total, c, i) => (i === 0 ? c : total + c / (z - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(series);
}

function sum(values: Float64Array): number {
  return values.reduce((total, v) => total + v, 0);
}
