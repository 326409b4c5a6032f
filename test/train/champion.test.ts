import { describe, expect, test } from 'vitest';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { isBetter } from '../../lambdas/train/compare.ts';
import { estimate, type Outcomes, replicated } from '../../lambdas/train/intervals.ts';

const interval = (low: number, high: number) => ({
  estimate: (low + high) / 2,
  low,
  high,
  standardError: (high - low) / 4,
  shareAboveZero: low > 0 ? 1 : high < 0 ? 0 : 0.5,
  replicates: 300,
});

describe('a challenger is better', () => {
  test('by more than noise in one measure, and not worse by more than noise in the other', () => {
    const none = interval(-0.01, 0.01);
    expect(isBetter({ rocAuc: interval(0.002, 0.01), levelLogLoss: none })).toBe(true);
    expect(isBetter({ rocAuc: none, levelLogLoss: interval(-0.02, -0.001) })).toBe(true);
    expect(isBetter({ rocAuc: none, levelLogLoss: none })).toBe(false);
    expect(isBetter({ rocAuc: interval(0.002, 0.01), levelLogLoss: interval(0.001, 0.02) })).toBe(false);
    expect(isBetter({ rocAuc: interval(-0.02, -0.001), levelLogLoss: interval(-0.02, -0.001) })).toBe(false);
    expect(isBetter({ rocAuc: null, levelLogLoss: null })).toBe(false);
  });

  test('not by a gain that nobody would notice, however sure it is', () => {
    const none = interval(-0.01, 0.01);
    expect(isBetter({ rocAuc: interval(0.0005, 0.0031), levelLogLoss: none })).toBe(false);
    expect(isBetter({ rocAuc: none, levelLogLoss: interval(-0.0031, -0.0005) })).toBe(false);
    expect(isBetter({ rocAuc: interval(0.0005, 0.0036), levelLogLoss: none })).toBe(true);
  });
});

/** Customers whose outcome is drawn from the probability told. */
function outcomes(count: number, seed: number): Outcomes {
  const random = randomFor(seed, 0);
  const scores = Float64Array.from({ length: count }, () => uniform(random));
  const lost = Uint8Array.from(scores, (p) => (uniform(random) < p ? 1 : 0));
  return { scores, lost, customers: Uint32Array.from(scores, (_, row) => row + seed * 100_000) };
}

describe('intervals', () => {
  test('hold the true value about as often as they say', () => {
    // a score that is the probability itself, even on [0, 1]: ROC AUC 5/6, Brier 1/6
    let auc = 0;
    let brier = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { roc_auc, brier: squares } = replicated(outcomes(400, seed));
      const [a, b] = [estimate([roc_auc!]), estimate([squares!])];
      if (a.low! <= 5 / 6 && 5 / 6 <= a.high!) auc++;
      if (b.low! <= 1 / 6 && 1 / 6 <= b.high!) brier++;
    }
    expect(auc).toBeGreaterThanOrEqual(52);
    expect(brier).toBeGreaterThanOrEqual(52);
  });

  test('of a mean over dates are narrower, but not where the same customers are tested twice', () => {
    const first = outcomes(600, 1);
    const others = outcomes(600, 2);
    const width = (parts: readonly Outcomes[]) => {
      const found = estimate(parts.map((part) => replicated(part).roc_auc!));
      return found.high! - found.low!;
    };
    expect(width([first, others])).toBeLessThan(0.85 * width([first]));
    expect(width([first, first])).toBeCloseTo(width([first]), 10);
  });

  test('of many customers rest on a sample of them, and are as wide as all would make them', () => {
    const width = (all: Outcomes) => {
      const found = estimate([replicated(all).log_loss!]);
      return found.high! - found.low!;
    };
    const quarter = width(outcomes(20_000, 5));
    expect(width(outcomes(80_000, 5)) / quarter).toBeGreaterThan(0.35);
    expect(width(outcomes(80_000, 5)) / quarter).toBeLessThan(0.7);
  });

  test('are null where a figure is, and ranks have no losses', () => {
    const one = { ...outcomes(50, 1), lost: new Uint8Array(50) };
    expect(estimate([replicated(one).roc_auc!])).toEqual({ value: null, low: null, high: null });
    const rank = replicated(outcomes(50, 1), false);
    expect(rank.log_loss!.value).toBeNull();
    expect(rank.roc_auc!.value).toBeGreaterThan(0.5);
  });
});
