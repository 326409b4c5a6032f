/**
 * How many gaps of one length there are. A gap is the time from one purchase day of a customer to the next: it is
 * `purchases` when the next purchase is known, `censored` when the data end first (the time from the last purchase day
 * to the last day of data; one per customer).
 */
export interface GapCount {
  /** Length of the gap in whole days, 0 or more. */
  readonly days: number;
  readonly purchases: number;
  readonly censored: number;
}

/**
 * Kaplan–Meier curve of the time until the next purchase day; parallel arrays, one entry per length with a purchase.
 */
export interface SurvivalCurve {
  readonly days: readonly number[];
  /** S(d): share of gaps longer than d days, had all been seen to their end. */
  readonly survival: readonly number[];
  /** Greenwood's standard error of S(d). It takes gaps as independent; several gaps of one customer are not quite. */
  readonly standardError: readonly number[];
  /** Gaps seen to last at least d days. */
  readonly atRisk: readonly number[];
  /**
   * Last day up to which the curve is told: beyond it fewer than `minAtRisk` gaps were watched. 0 for an empty curve.
   */
  readonly observedToDays: number;
}

export interface Resurrection {
  /** Of customers silent for H days, the share who bought again by `observedToDays` of silence, 0 to 1. */
  readonly rate: number;
  /** Limit of observation: who comes back later than this is not in the rate, so it is a lower bound. */
  readonly observedToDays: number;
}

/**
 * Survival of gaps with censoring taken into account (Kaplan & Meier 1958): S(d) = Π over lengths ≤ d of
 * (1 − purchases / at risk). A gap censored at d days was at risk at d. The tail that rests on fewer than `minAtRisk`
 * gaps is left out, because a few late buyers would decide it. Rows may come in any order; rows of equal length add up.
 */
export function kaplanMeier(histogram: readonly GapCount[], minAtRisk = 1): SurvivalCurve {
  const rows = [...histogram].sort((p, q) => p.days - q.days);
  const days: number[] = [];
  const survival: number[] = [];
  const standardError: number[] = [];
  const atRisk: number[] = [];
  let watched = rows.reduce((total, row) => total + row.purchases + row.censored, 0);
  let share = 1;
  let greenwood = 0;
  for (let i = 0; i < rows.length && watched >= minAtRisk; ) {
    const length = rows[i]!.days;
    let purchases = 0;
    let ended = 0;
    for (; i < rows.length && rows[i]!.days === length; i++) {
      purchases += rows[i]!.purchases;
      ended += rows[i]!.purchases + rows[i]!.censored;
    }
    if (purchases > 0) {
      share *= 1 - purchases / watched;
      greenwood += purchases === watched ? 0 : purchases / (watched * (watched - purchases));
      days.push(length);
      survival.push(share);
      standardError.push(share * Math.sqrt(greenwood));
      atRisk.push(watched);
    }
    watched -= ended;
  }
  return { days, survival, standardError, atRisk, observedToDays: days.at(-1) ?? 0 };
}

/** S(day): the share of gaps longer than `day`. Beyond `observedToDays` it is the last value known. */
export function survivalAt(curve: SurvivalCurve, day: number): number {
  let low = 0;
  let high = curve.days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.days[middle]! <= day) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 1 : curve.survival[low - 1]!;
}

/**
 * Length in days by which a share `p` (0 to 1) of those who come back within `observedToDays` have come back. Unlike
 * the quantile of completed gaps it does not favour short gaps, which are the ones that have had time to end. Null for
 * an empty curve.
 */
export function returnQuantile(curve: SurvivalCurve, p: number): number | null {
  const returned = 1 - (curve.survival.at(-1) ?? 1);
  const at = curve.survival.findIndex((s) => 1 - s >= p * returned - 1e-12);
  return at === -1 ? null : curve.days[at]!;
}

/**
 * Share of customers silent for `horizonDays` who later came back: 1 − S(end) / S(horizon). Null when the horizon is
 * not shorter than what was observed, or when nobody was silent that long.
 */
export function resurrectionRate(curve: SurvivalCurve, horizonDays: number): Resurrection | null {
  const silent = survivalAt(curve, horizonDays);
  if (horizonDays >= curve.observedToDays || silent === 0) return null;
  return { rate: 1 - curve.survival.at(-1)! / silent, observedToDays: curve.observedToDays };
}
