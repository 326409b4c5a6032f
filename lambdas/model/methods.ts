import { aggregateHistories, type BgNbdFit, type BgNbdParameters, fitBgNbd, probabilityNoPurchase } from './bgnbd.ts';
import { applyCalibrator, type Calibrator } from './calibration.ts';
import type { FeatureRows } from './feature-rows.ts';
import { bgNbdHistory, featureVector, linearVector, singleFeature } from './feature-vector.ts';
import type { Forest } from './forest.ts';
import { fitLogistic, type LogisticModel, scoreLogistic } from './logistic.ts';
import type { FeatureMatrix } from './matrix.ts';
import { scoreForest } from './score-forest.ts';

/** A way to foretell loss, fitted: everything needed to turn feature rows into probabilities. */
export type FittedMethod =
  | { readonly basis: 'forest'; readonly forest: Forest; readonly calibrator: Calibrator | null }
  | { readonly basis: 'logistic'; readonly linear: LogisticModel }
  | { readonly basis: 'bgnbd'; readonly parameters: BgNbdParameters }
  | { readonly basis: 'recency' | 'rfm'; readonly linear: LogisticModel };

export type MethodName = FittedMethod['basis'];

/** Ways to score that a forest has to hold up against. */
export const baselines = ['recency', 'rfm', 'logistic', 'bgnbd'] as const satisfies readonly MethodName[];

/** What a method reads of some rows; made once and shared by all methods. */
export interface MethodInput {
  readonly rows: FeatureRows;
  readonly horizonDays: number;
  readonly vector: FeatureMatrix;
}

export const methodInput = (rows: FeatureRows, horizonDays: number, bgNbd: BgNbdFit | null): MethodInput => ({
  rows,
  horizonDays,
  vector: featureVector(rows, { horizonDays, bgNbd: bgNbd?.parameters ?? null }),
});

/** BG/NBD fitted to all buyers of one snapshot; the weekly bins keep large shops quick. */
export function fitPurchaseProcess(rows: FeatureRows): BgNbdFit {
  const { x, tx, T } = bgNbdHistory(rows);
  return fitBgNbd(aggregateHistories(x, tx, T, rows.rows > 50_000 ? 7 : 1));
}

/** The one number that the recency and RFM baselines rank by, as a matrix for a one-feature logistic regression. */
function simpleFeature(basis: 'recency' | 'rfm', rows: FeatureRows): FeatureMatrix {
  if (basis === 'recency') return singleFeature('recency_days', rows.numbers('recency_days').map(Math.log1p));
  const [r, f, m] = [rows.numbers('recency_score'), rows.numbers('frequency_score'), rows.numbers('monetary_score')];
  return singleFeature(
    'rfm_score',
    r.map((score, i) => score + (f[i] as number) + (m[i] as number)),
  );
}

/** Fits one baseline; `lost[i]` is 1 where row i bought nothing in the horizon. */
export function fitBaseline(
  basis: (typeof baselines)[number],
  input: MethodInput,
  lost: Uint8Array,
  bgNbd: BgNbdFit,
): FittedMethod {
  if (basis === 'bgnbd') return { basis, parameters: bgNbd.parameters };
  if (basis === 'logistic') return { basis, linear: fitLogistic(linearVector(input.vector), lost) };
  return { basis, linear: fitLogistic(simpleFeature(basis, input.rows), lost) };
}

/** Probability of no purchase in the horizon, per row. */
export function lossProbabilities(method: FittedMethod, input: MethodInput): Float64Array {
  switch (method.basis) {
    case 'forest': {
      const scores = scoreForest(method.forest, input.vector);
      return method.calibrator ? applyCalibrator(method.calibrator, scores) : scores;
    }
    case 'logistic':
      return scoreLogistic(method.linear, linearVector(input.vector));
    case 'bgnbd': {
      const { x, tx, T } = bgNbdHistory(input.rows);
      return x.map((repeats, i) =>
        probabilityNoPurchase(method.parameters, repeats, tx[i] as number, T[i] as number, input.horizonDays),
      );
    }
    case 'recency':
    case 'rfm':
      return scoreLogistic(method.linear, simpleFeature(method.basis, input.rows));
  }
}
