import { describe, expect, test } from 'vitest';
import { logLoss } from '../../lambdas/model/evaluation.ts';
import type { FeatureRows } from '../../lambdas/model/feature-rows.ts';
import { baselines } from '../../lambdas/model/methods.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { chooseMethod } from '../../lambdas/train/choose-method.ts';
import { enoughData } from '../../lambdas/train/enough-data.ts';
import type { LabelledRows } from '../../lambdas/train/snapshots.ts';
import { type Fold, JudgedOnOwnWindow, type TestedMethod } from '../../lambdas/train/walk-forward.ts';
import { day } from '../support/lake.ts';

const testDates = ['2024-01-01', '2024-04-01'].map(day);

/**
 * Folds in which each method foretells with some error: 0 knows the true probabilities, larger is worse.
 * @param activeOnly methods err on those who are not lapsed yet, and know all about the others
 * @param later errors on the later date, where they are others
 */
function folds(errors: Partial<Record<TestedMethod, number>>, activeOnly = false, later = errors): Fold[] {
  return testDates.map((testOn, i) => {
    const random = randomFor(41, i);
    const truth = Float64Array.from({ length: 900 }, () => 0.05 + 0.9 * uniform(random));
    const lost = Uint8Array.from(truth, (p) => (uniform(random) < p ? 1 : 0));
    const isActive = Uint8Array.from(truth, () => (uniform(random) < 0.5 ? 1 : 0));
    const foretold = new Map<TestedMethod, Float64Array>();
    const given = i === 0 ? errors : later;
    const all = { recency: 1.5, rfm: 1.5, logistic: 1.5, bgnbd: 1.5, forest: 1.5, blend: 1.5, ...given };
    for (const [method, error] of Object.entries({ blend_calibrated: all.blend, ...all }) as [TestedMethod, number][]) {
      const noise = randomFor(7 + method.length, i);
      const scores = truth.map((p, row) => {
        const size = activeOnly && isActive[row] === 0 ? 0 : error;
        return 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + size * 3 * (uniform(noise) - 0.5))));
      });
      foretold.set(method, scores);
    }
    const customers = Uint32Array.from({ length: 900 }, (_, row) => row);
    const common = { testOn, trainedUntil: testOn - 90, horizonDays: 90, calibrator: null };
    return { ...common, lost, isActive, customers, foretold };
  });
}

describe('the method that scores', () => {
  test('is the blend where it is better than the baselines, and where it is as good but for noise', () => {
    expect(chooseMethod(folds({ blend: 0.1 })).basis).toBe('blend');
    expect(chooseMethod(folds({ blend: 0.5, logistic: 0.52 })).basis).toBe('blend');
  });

  test('is the forest alone only where it is better than the blend by more than noise', () => {
    expect(chooseMethod(folds({ forest: 0.1, blend: 1.4 })).basis).toBe('forest');
    expect(chooseMethod(folds({ forest: 0.48, blend: 0.5 })).basis).toBe('blend');
  });

  test('is the best baseline where the model is worse by more than noise', () => {
    expect(chooseMethod(folds({ forest: 2, blend: 2, logistic: 0.1 })).basis).toBe('logistic');
    expect(chooseMethod(folds({ forest: 2, blend: 2, bgnbd: 0.1, logistic: 0.6 })).basis).toBe('bgnbd');
    expect(chooseMethod(folds({ forest: 2, blend: 2, recency: 0.1, logistic: 0.9 }, true)).basis).toBe('recency');
  });

  test('falls back on recency or RFM alone only where they are better by more than noise', () => {
    expect(chooseMethod(folds({ forest: 2, blend: 2, rfm: 0.5, logistic: 0.53 })).basis).toBe('logistic');
    expect(chooseMethod(folds({ forest: 2, blend: 2, rfm: 0.1, logistic: 1 })).basis).toBe('rfm');
  });

  test('is held against the baseline that was best on the dates before, not against the best in hindsight', () => {
    const before = { blend: 1, forest: 1, logistic: 1.2, bgnbd: 2 };
    const after = { blend: 1, forest: 1, logistic: 1.8, bgnbd: 0.1 };
    expect(chooseMethod(folds(before, false, after)).basis).toBe('blend');
    expect(chooseMethod(folds(after, false, after)).basis).toBe('bgnbd');
  });

  test('is no blend whose probabilities are further off than those of logistic regression, however well it ranks', () => {
    const offLevel = folds({ blend: 0.5, forest: 0.5, logistic: 0.8 }).map((fold) => {
      const foretold = new Map(fold.foretold);
      for (const method of ['blend', 'blend_calibrated', 'forest'] as const) {
        const scores = foretold.get(method)!.map((p) => 1 / (1 + Math.exp(1.5 - Math.log(p / (1 - p)))));
        foretold.set(method, scores);
      }
      return { ...fold, foretold };
    });
    expect(chooseMethod(offLevel).basis).toBe('logistic');
    expect(logLoss(offLevel[0]!.foretold.get('blend')!, offLevel[0]!.lost)!).toBeGreaterThan(
      logLoss(offLevel[0]!.foretold.get('logistic')!, offLevel[0]!.lost)!,
    );
  });

  test('is the blend where only its level, which the tests bore out, is better than that of the baselines', () => {
    const moved = (p: number, by: number) => 1 / (1 + Math.exp(-by - Math.log(p / (1 - p))));
    const noisier = folds({ logistic: 0.5, forest: 2 }).map((fold) => {
      const noise = randomFor(98, fold.testOn);
      const blend = fold.foretold.get('logistic')!.map((p) => moved(p, 0.7 * (uniform(noise) - 0.5)));
      return { ...fold, foretold: new Map(fold.foretold).set('blend', blend).set('blend_calibrated', blend) };
    });
    const offLevel = noisier.map((fold) => {
      const foretold = new Map(fold.foretold);
      for (const method of baselines)
        foretold.set(
          method,
          foretold.get(method)!.map((p) => moved(p, -1)),
        );
      return { ...fold, foretold };
    });
    expect(chooseMethod(noisier).basis).toBe('logistic');
    expect(chooseMethod(offLevel).basis).toBe('blend');
  });

  /** Folds in which the blend's log odds are moved by that much, and those of all baselines by some. */
  const atLevels = (of: Fold[], blendBy: number, baselinesBy = 0) =>
    of.map((fold) => {
      const foretold = new Map(fold.foretold);
      const move = (method: TestedMethod, by: number) =>
        foretold.set(
          method,
          fold.foretold.get(method)!.map((p) => 1 / (1 + Math.exp(-by - Math.log(p / (1 - p))))),
        );
      for (const method of ['blend', 'blend_calibrated'] as const) move(method, blendBy);
      for (const method of baselines) move(method, baselinesBy);
      return { ...fold, foretold };
    });

  test('is the blend where it ranks better and its probabilities are as good but for noise', () => {
    const better = atLevels(folds({ blend: 0.1, logistic: 0.8, forest: 2 }), 0.35);
    expect(chooseMethod(better).basis).toBe('blend');
  });

  test('is the blend where its probabilities are better and it ranks as well', () => {
    const same = folds({ blend: 0.5, logistic: 0.5, forest: 2 }).map((fold) => {
      const logistic = fold.foretold.get('logistic')!;
      return { ...fold, foretold: new Map(fold.foretold).set('blend', logistic).set('blend_calibrated', logistic) };
    });
    expect(chooseMethod(atLevels(same, 0, -0.5)).basis).toBe('blend');
    expect(chooseMethod(atLevels(same, -0.5)).basis).toBe('logistic');
  });

  test('names the baseline of earlier dates that it was held against, not the best in hindsight', () => {
    const before = { blend: 1, forest: 1, logistic: 1.2, bgnbd: 2 };
    const after = { blend: 1, forest: 1, logistic: 1.8, bgnbd: 0.1 };
    const { reason } = chooseMethod(folds(before, false, after));
    expect(reason).toMatch(
      /held against rfm \(ROC AUC 0\.690, log loss 0\.721\) in ranking, logistic \(ROC AUC 0\.686, log loss 0\.733\) in log loss/,
    );
    expect(reason).not.toContain('bgnbd');
  });

  test('is judged on customers who are not lapsed yet', () => {
    const biased = folds({ forest: 2, blend: 2, logistic: 0.1 }, true);
    const swapped = biased.map((fold) => ({ ...fold, isActive: fold.isActive.map((active) => 1 - active) }));
    expect(chooseMethod(biased).basis).toBe('logistic');
    expect(chooseMethod(swapped).basis).toBe('blend');
  });

  test('is judged on all customers where nobody is active or all of them went the same way', () => {
    const nobodyActive = folds({ forest: 2, blend: 2, logistic: 0.1 }).map((fold) => ({
      ...fold,
      isActive: fold.isActive.map(() => 0),
    }));
    const { basis, reason } = chooseMethod(nobodyActive);
    expect(basis).toBe('logistic');
    expect(reason).toContain('on all customers');
    expect(reason).not.toContain('NaN');
  });

  test('is explained with figures and dates', () => {
    const { reason } = chooseMethod(folds({ blend: 0.1 }));
    expect(reason).toMatch(
      /^forest and logistic regression ROC AUC 0\.\d{3}, log loss 0\.\d{3}; held against \w+ \(ROC AUC 0\.\d{3}, log loss 0\.\d{3}\) in ranking/,
    );
    expect(reason).toContain(': holds up; on customers not yet lapsed');
    expect(reason).toContain('tested on 2024-01-01, 2024-04-01');
  });

  test('is not chosen by tests on days that the methods learned from', () => {
    const leaking = folds({ blend: 0.1 }).map((fold) => ({ ...fold, trainedUntil: fold.testOn - 89 }));
    expect(() => chooseMethod(leaking)).toThrow(JudgedOnOwnWindow);
  });
});

describe('enough data', () => {
  const minima = parseConfig({}, 'test').model;
  const night = { run: { asOf: day('2024-12-31') }, firstOrderDate: day('2024-12-31') - 299 };
  const rows = (lost: number, kept: number, snapshots = 1): LabelledRows => {
    const outcomes = [...Array(lost).fill(1), ...Array(kept).fill(0)];
    const customerKeys = outcomes.map((_, i) => `customer ${i}`);
    const stacked = <T>(values: readonly T[]) => Array.from({ length: snapshots }, () => values).flat();
    const stackedRows: FeatureRows = {
      rows: outcomes.length * snapshots,
      customerKeys: stacked(customerKeys),
      numbers: () => new Float64Array(),
      texts: () => [],
    };
    const [dates, spend] = [new Float64Array(), new Float64Array()];
    return { rows: stackedRows, lost: Uint8Array.from(stacked(outcomes)), dates, spend };
  };
  const judged = (buyers: number, lost: number, kept: number, horizonDays = 100) =>
    enoughData(minima, night as never, { horizonDays } as never, buyers, rows(lost, kept));

  test('is the minimum of each kind', () => {
    expect(judged(500, 100, 100)).toBeNull();
  });

  test.each([
    [499, 100, 100, 100, '499 of 500 buyers'],
    [500, 99, 100, 100, '99 of 100 lost customers'],
    [500, 100, 99, 100, '99 of 100 kept customers'],
    [500, 100, 100, 101, '300 of 303 days of history (3 horizons)'],
  ])('%i buyers, %i lost, %i kept, H = %i: %s', (buyers, lost, kept, horizonDays, missing) => {
    expect(judged(buyers, lost, kept, horizonDays)).toMatch(/^not enough data: /);
    expect(judged(buyers, lost, kept, horizonDays)).toContain(missing);
  });

  test('counts a customer once, on however many dates', () => {
    const stacked = enoughData(minima, night as never, { horizonDays: 100 } as never, 500, rows(60, 100, 3));
    expect(stacked).toBe('not enough data: 60 of 100 lost customers in past snapshots');
  });

  test('says all that is missing', () => {
    expect(judged(1, 2, 3)).toBe(
      'not enough data: 1 of 500 buyers, 2 of 100 lost customers in past snapshots, 3 of 100 kept customers in past snapshots',
    );
  });
});
