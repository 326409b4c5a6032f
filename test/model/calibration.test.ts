import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCalibrator, fitCalibrator } from '../../lambdas/model/calibration.ts';
import { expectedCalibrationError, logLoss, rocAuc } from '../../lambdas/model/evaluation.ts';
import { sigmoid } from '../../lambdas/model/logistic.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';

/** Labels that come true with the probability told, and scores that exaggerate it: logit × 2 + 1. */
function exaggerated(rows: number, seed: number) {
  const random = randomFor(seed);
  const logits = Float64Array.from({ length: rows }, () => 6 * uniform(random) - 3);
  return {
    scores: logits.map((z) => sigmoid(2 * z + 1)),
    labels: Array.from(logits, (z) => (uniform(random) < sigmoid(z) ? 1 : 0)),
  };
}

test('undoes a known distortion', () => {
  const { scores, labels } = exaggerated(50_000, 1);
  const calibrator = fitCalibrator(scores, labels)!;
  expect(calibrator.slope).toBeCloseTo(0.5, 1);
  expect(calibrator.intercept).toBeCloseTo(-0.5, 1);
  const fresh = exaggerated(20_000, 2);
  const calibrated = applyCalibrator(calibrator, fresh.scores);
  expect(expectedCalibrationError(fresh.scores, fresh.labels)).toBeGreaterThan(0.1);
  expect(expectedCalibrationError(calibrated, fresh.labels)).toBeLessThan(0.015);
  expect(logLoss(calibrated, fresh.labels)!).toBeLessThan(logLoss(fresh.scores, fresh.labels)!);
  expect(rocAuc(calibrated, fresh.labels)).toBe(rocAuc(fresh.scores, fresh.labels));
});

test('on its own rows the mean told is the rate that came true, up to Platt’s smoothing', () => {
  const { scores, labels } = exaggerated(5000, 3);
  const calibrated = applyCalibrator(fitCalibrator(scores, labels)!, scores);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((total, v) => total + v, 0) / 5000;
  expect(mean(calibrated)).toBeCloseTo(mean(labels), 3);
});

test('is monotone and strictly inside (0, 1) whatever it was fitted on', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  const rows = fc.array(fc.tuple(probability, fc.constantFrom(0, 1)), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.array(probability, { minLength: 1, maxLength: 20 }), (fitted, asked) => {
      const calibrator = fitCalibrator(
        fitted.map((row) => row[0]),
        fitted.map((row) => row[1]),
      );
      if (calibrator === null) {
        expect(new Set(fitted.map((row) => row[1])).size).toBe(1);
        return;
      }
      const sorted = [0, ...asked, 1].sort((p, q) => p - q);
      const told = applyCalibrator(calibrator, sorted);
      for (let i = 0; i < told.length; i++) {
        expect(told[i]).toBeGreaterThan(0);
        expect(told[i]).toBeLessThan(1);
        if (i > 0) expect(told[i]).toBeGreaterThanOrEqual(told[i - 1]!);
      }
    }),
  );
});

describe('degenerate rows', () => {
  test('scores that rank backwards keep their order and shrink to the base rate', () => {
    const scores = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    const labels = scores.map((p) => (p < 0.3 ? 1 : 0));
    const told = applyCalibrator(fitCalibrator(scores, labels)!, scores);
    expect(told[99]).toBeGreaterThan(told[0]!);
    expect(told[0]).toBeCloseTo(0.3, 1);
    expect(told[99]).toBeCloseTo(0.3, 1);
  });

  test('scores that separate the classes stay finite', () => {
    const calibrator = fitCalibrator([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [0, 0, 0, 1, 1, 1])!;
    expect(Number.isFinite(calibrator.slope)).toBe(true);
    expect(applyCalibrator(calibrator, [0.9])[0]).toBeLessThan(0.95);
  });

  test('one class or no rows: nothing to fit', () => {
    expect(fitCalibrator([0.2, 0.4], [1, 1])).toBeNull();
    expect(fitCalibrator([], [])).toBeNull();
  });

  test('one score for all becomes the base rate', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => (i < 250 ? 1 : 0));
    const calibrator = fitCalibrator(new Float64Array(1000).fill(0.9), labels)!;
    expect(applyCalibrator(calibrator, [0.9])[0]).toBeCloseTo(0.25, 2);
  });
});
