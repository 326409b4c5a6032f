import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brier,
  calibrationCurve,
  EPSILON,
  evaluate,
  expectedCalibrationError,
  liftAt,
  logLoss,
  orderByScore,
  prAuc,
  retainedLiftAt,
  rocAuc,
  weightedPrAuc,
  weightedRocAuc,
} from '../../lambdas/model/evaluation.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';

/** Rows with many ties in the score. */
const tiedRows = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), label: fc.constantFrom(0, 1) }), {
  minLength: 1,
  maxLength: 40,
});
type Row = { score: number; label: number };
const scoresOf = (rows: readonly Row[]) => rows.map((row) => row.score);
const labelsOf = (rows: readonly Row[]) => rows.map((row) => row.label);

/** Share of (positive, negative) pairs in the right order, by looking at every pair. */
function aucByPairs(rows: readonly Row[]): number | null {
  const pairs = rows
    .filter((p) => p.label === 1)
    .flatMap((p) =>
      rows.filter((q) => q.label === 0).map((q) => (p.score > q.score ? 1 : p.score === q.score ? 0.5 : 0)),
    );
  return pairs.length === 0 ? null : pairs.reduce<number>((total, v) => total + v, 0) / pairs.length;
}

/** Σ (recall step × precision) over distinct thresholds, by counting at each of them. */
function averagePrecisionByThresholds(rows: readonly Row[]): number | null {
  const positives = rows.filter((row) => row.label === 1).length;
  if (positives === 0 || positives === rows.length) return null;
  let recall = 0;
  let total = 0;
  for (const threshold of [...new Set(scoresOf(rows))].sort((p, q) => q - p)) {
    const above = rows.filter((row) => row.score >= threshold);
    const hits = above.filter((row) => row.label === 1).length;
    total += (hits / positives - recall) * (hits / above.length);
    recall = hits / positives;
  }
  return total;
}

function expectSame(actual: number | null, wanted: number | null) {
  if (wanted === null || actual === null) expect(actual).toBe(wanted);
  else expect(actual).toBeCloseTo(wanted, 10);
}

describe('ranking', () => {
  test('ROC AUC equals the count over all pairs, ties half', () => {
    fc.assert(fc.property(tiedRows, (rows) => expectSame(rocAuc(scoresOf(rows), labelsOf(rows)), aucByPairs(rows))));
  });

  test('average precision equals its definition over thresholds', () => {
    fc.assert(
      fc.property(tiedRows, (rows) =>
        expectSame(prAuc(scoresOf(rows), labelsOf(rows)), averagePrecisionByThresholds(rows)),
      ),
    );
  });

  test('known values', () => {
    expect(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(prAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.8333, 4);
    expect(rocAuc([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
    expect(prAuc([1, 1, 1, 1], [0, 1, 0, 0])).toBe(0.25);
  });

  test('reversing the scores mirrors ROC AUC', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const auc = rocAuc(scoresOf(rows), labelsOf(rows));
        const mirrored = rocAuc(
          scoresOf(rows).map((s) => -s),
          labelsOf(rows),
        );
        expectSame(mirrored, auc === null ? null : 1 - auc);
      }),
    );
  });

  test('a weight of k is the row k times', () => {
    const weighted = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 1), fc.nat(3)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(weighted, (rows) => {
        const scores = rows.map((row) => row[0]);
        const labels = rows.map((row) => row[1]);
        const weights = rows.map((row) => row[2]);
        const repeated = rows.flatMap((row) =>
          Array.from({ length: row[2] }, () => ({ score: row[0], label: row[1] })),
        );
        const order = orderByScore(scores);
        expectSame(weightedRocAuc(scores, labels, order, weights), rocAuc(scoresOf(repeated), labelsOf(repeated)));
        expectSame(weightedPrAuc(scores, labels, order, weights), prAuc(scoresOf(repeated), labelsOf(repeated)));
      }),
    );
  });
});

describe('probabilities', () => {
  test('Brier score and log loss by hand', () => {
    expect(brier([0.8, 0.3], [1, 0])).toBeCloseTo((0.04 + 0.09) / 2, 12);
    expect(logLoss([0.8, 0.3], [1, 0])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.7)) / 2, 12);
  });

  test('one certain mistake costs as much as the clip says', () => {
    expect(logLoss([1], [0])).toBeCloseTo(-Math.log(EPSILON), 6);
  });

  test('the log loss of the constant base rate is its entropy, and what evaluate compares with', () => {
    const labels = [1, 0, 0, 0];
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    const metrics = evaluate([0.25, 0.25, 0.25, 0.25], labels);
    expect(metrics.logLoss).toBeCloseTo(entropy, 12);
    expect(metrics.baseLogLoss).toBeCloseTo(entropy, 12);
  });

  test('calibration groups are of equal count, ascending, and cover every row', () => {
    const random = randomFor(4);
    const scores = Float64Array.from({ length: 1003 }, () => uniform(random));
    const labels = Array.from(scores, (p) => (uniform(random) < p ? 1 : 0));
    const curve = calibrationCurve(scores, labels);
    expect(curve.map((bin) => bin.n).sort()).toEqual([...Array(7).fill(100), ...Array(3).fill(101)]);
    expect(curve.map((bin) => bin.meanScore)).toEqual([...curve.map((bin) => bin.meanScore)].sort((p, q) => p - q));
    const mean = curve.reduce((total, bin) => total + bin.n * bin.positiveRate, 0) / 1003;
    expect(mean).toBeCloseTo(labels.reduce<number>((total, v) => total + v, 0) / 1003, 12);
    expect(expectedCalibrationError(scores, labels)).toBeLessThan(0.06);
  });

  test('calibration error of a constant that is 0.2 off is 0.2', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : 0));
    expect(expectedCalibrationError(new Float64Array(1000).fill(0.7), labels)).toBeCloseTo(0.2, 12);
  });
});

describe('lift', () => {
  test('of everybody is 1, and never above its ceiling', () => {
    fc.assert(
      fc.property(tiedRows, fc.double({ min: 0.01, max: 1, noNaN: true }), (rows, share) => {
        const all = liftAt(scoresOf(rows), labelsOf(rows), 1);
        const some = liftAt(scoresOf(rows), labelsOf(rows), share);
        if (all === null || some === null) {
          expect(new Set(labelsOf(rows)).size).toBe(1);
          return;
        }
        expect(all.lift).toBeCloseTo(1, 10);
        expect(some.lift).toBeLessThanOrEqual(some.ceiling + 1e-10);
      }),
    );
  });

  test('lift × share is the share of all positives found there', () => {
    const scores = Array.from({ length: 100 }, (_, i) => i);
    const labels = scores.map((s) => (s >= 95 || s === 50 ? 1 : 0));
    const lift = liftAt(scores, labels, 0.1)!;
    expect(lift.rows).toBe(10);
    expect(lift.lift * 0.1).toBeCloseTo(5 / 6, 12);
    expect(lift.ceiling).toBeCloseTo(10 * 1, 12);
  });

  test('the order of rows plays no part, also with ties at the cut', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const back = [...rows].reverse();
        const lift = (of: readonly Row[]) => liftAt(scoresOf(of), labelsOf(of), 0.3)?.lift ?? null;
        expectSame(lift(back), lift(rows));
      }),
    );
  });

  test('where nearly all are lost, the retained tail tells what the ceiling hides', () => {
    const scores = Array.from({ length: 100 }, (_, i) => i);
    const labels = scores.map((s) => (s < 5 ? 0 : 1));
    expect(liftAt(scores, labels, 0.1)!.ceiling).toBeCloseTo(1 / 0.95, 12);
    expect(retainedLiftAt(scores, labels, 0.1)).toMatchObject({ rows: 10, lift: 10, ceiling: 10 });
  });
});

describe('not enough data', () => {
  test('one class only: every metric of both is null, counts stay', () => {
    expect(evaluate([0.2, 0.7], [1, 1])).toEqual({
      n: 2,
      positives: 2,
      baseRate: 1,
      rocAuc: null,
      prAuc: null,
      liftAt10: null,
      retainedLiftAt10: null,
      brier: null,
      logLoss: null,
      baseLogLoss: null,
      calibrationError: null,
    });
  });

  test('no rows', () => {
    expect(evaluate([], [])).toMatchObject({ n: 0, positives: 0, baseRate: null, rocAuc: null, logLoss: null });
    expect(brier([], [])).toBeNull();
    expect(calibrationCurve([], [])).toEqual([]);
  });

  test('scores that only rank have no loss', () => {
    const metrics = evaluate([300, 20, 150, 4], [1, 0, 0, 1], { probabilities: false });
    expect(metrics).toMatchObject({
      rocAuc: 0.5,
      brier: null,
      logLoss: null,
      baseLogLoss: null,
      calibrationError: null,
    });
  });
});
