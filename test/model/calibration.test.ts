import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyCalibrator, fitShift } from '../../lambdas/model/calibration.ts';
import { expectedCalibrationError, logLoss, rocAuc } from '../../lambdas/model/evaluation.ts';
import { sigmoid } from '../../lambdas/model/logistic.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';

/** Labels that come true with a probability, and scores that tell log odds higher by `error`. */
function offBy(error: number, rows: number, seed: number) {
  const random = randomFor(seed);
  const logits = Float64Array.from({ length: rows }, () => 6 * uniform(random) - 3);
  return {
    scores: logits.map((z) => sigmoid(z + error)),
    labels: Array.from(logits, (z) => (uniform(random) < sigmoid(z) ? 1 : 0)),
  };
}

const shifted = (shift: number, scores: ArrayLike<number>) => applyCalibrator({ kind: 'season', shift }, scores);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, v) => total + v, 0);

test('finds the shift of a known distortion, with what it may be off by', () => {
  const { scores, labels } = offBy(0.8, 50_000, 1);
  const { shift, standardError } = fitShift(scores, labels)!;
  expect(Math.abs(shift + 0.8)).toBeLessThan(3 * standardError);
  expect(standardError).toBeGreaterThan(0.005);
  expect(standardError).toBeLessThan(0.02);
  const fresh = offBy(0.8, 20_000, 2);
  const better = shifted(shift, fresh.scores);
  expect(expectedCalibrationError(fresh.scores, fresh.labels)).toBeGreaterThan(0.1);
  expect(expectedCalibrationError(better, fresh.labels)).toBeLessThan(0.015);
  expect(logLoss(better, fresh.labels)!).toBeLessThan(logLoss(fresh.scores, fresh.labels)!);
  expect(rocAuc(better, fresh.labels)).toBe(rocAuc(fresh.scores, fresh.labels));
});

test('on its own rows the shifted scores add up to what happened', () => {
  const { scores, labels } = offBy(-1.5, 5000, 3);
  expect(sum(shifted(fitShift(scores, labels)!.shift, scores))).toBeCloseTo(sum(labels), 6);
});

test('is none without both outcomes, and finite whatever the scores', () => {
  expect(fitShift([0.2, 0.4], [1, 1])).toBeNull();
  expect(fitShift([0.2, 0.4], [0, 0])).toBeNull();
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  const rows = fc.array(fc.tuple(probability, fc.constantFrom(0, 1)), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.array(probability, { minLength: 1, maxLength: 20 }), (fitted, asked) => {
      const found = fitShift(
        fitted.map((row) => row[0]),
        fitted.map((row) => row[1]),
      );
      if (found === null) {
        expect(new Set(fitted.map((row) => row[1])).size).toBe(1);
        return;
      }
      expect(Number.isFinite(found.shift)).toBe(true);
      const told = shifted(
        found.shift,
        [0, ...asked, 1].sort((p, q) => p - q),
      );
      for (let i = 0; i < told.length; i++) {
        expect(told[i]).toBeGreaterThan(0);
        expect(told[i]).toBeLessThan(1);
        if (i > 0) expect(told[i]).toBeGreaterThanOrEqual(told[i - 1]!);
      }
    }),
  );
});
