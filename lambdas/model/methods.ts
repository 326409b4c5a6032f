import { aggregateHistories, type BgNbdFit, type BgNbdParameters, fitBgNbd, probabilityNoPurchase } from './bgnbd.ts';
import { applyCalibrator, type Calibrator } from './calibration.ts';
import type { FeatureRows } from './feature-rows.ts';
import { bgNbdHistory, featureVector, foretoldByBgNbd, linearVector, singleFeature } from './feature-vector.ts';
import type { Forest } from './forest.ts';
import { fitLogistic, type LogisticModel, scoreLogistic } from './logistic.ts';
import type { FeatureMatrix } from './matrix.ts';
import { scoreForest } from './score-forest.ts';

/**
 * A way to foretell loss, fitted: everything needed to turn feature rows into probabilities. `blend` is a weighted mean of
 * the probabilities of a forest and of a logistic regression on the same features.
 */
export type FittedMethod =
  | {
      readonly basis: 'blend';
      readonly forest: Forest;
      readonly linear: LogisticModel;
      /** Weight of the forest, 0 to 1; the rest is that of the logistic regression. */
      readonly forestShare: number;
      readonly calibrator: Calibrator | null;
    }
  | { readonly basis: 'forest'; readonly forest: Forest }
  | { readonly basis: 'logistic'; readonly linear: LogisticModel }
  | { readonly basis: 'bgnbd'; readonly parameters: BgNbdParameters }
  | { readonly basis: 'recency' | 'rfm'; readonly linear: LogisticModel };

export type MethodName = FittedMethod['basis'];

/** Ways to score that a model with a forest has to hold up against. */
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

/**
 * Penalty of the logistic regression, in rows, on all but the foretelling of BG/NBD: with few customers it says what
 * BG/NBD says, with many what the data say. So held it loses least to a season or a shop that moves on.
 */
const ridge = 300;

/** Logistic regression on the logarithms of all features. */
export const fitLinear = (input: MethodInput, lost: Uint8Array): LogisticModel =>
  fitLogistic(linearVector(input.vector), lost, { ridge, trusted: [foretoldByBgNbd] });

/** Rows of training at which the forest has half of its full weight. */
const halfTrust = 2000;

/**
 * Forest and logistic regression together, without a calibrator. With many rows both weigh the same; with few the forest
 * has learned little beyond noise, and weighs less.
 * @param rows that both were fitted on
 */
export const blendOf = (
  forest: Forest,
  linear: LogisticModel,
  rows: number,
): Extract<FittedMethod, { basis: 'blend' }> => ({
  basis: 'blend',
  forest,
  linear,
  forestShare: (0.5 * rows) / (rows + halfTrust),
  calibrator: null,
});

/** Fits one baseline; `lost[i]` is 1 where row i bought nothing in the horizon. */
export function fitBaseline(
  basis: (typeof baselines)[number],
  input: MethodInput,
  lost: Uint8Array,
  bgNbd: BgNbdFit,
): FittedMethod {
  if (basis === 'bgnbd') return { basis, parameters: bgNbd.parameters };
  if (basis === 'logistic') return { basis, linear: fitLinear(input, lost) };
  return { basis, linear: fitLogistic(simpleFeature(basis, input.rows), lost) };
}

/** The method at its own level, that of all its snapshots together: what stays of it from night to night. */
export const withoutLevel = (method: FittedMethod): FittedMethod =>
  method.basis === 'blend' ? { ...method, calibrator: null } : method;

/** What a blend makes of the probabilities of its forest and its logistic regression. */
export function blended(
  { forestShare: share, calibrator }: Extract<FittedMethod, { basis: 'blend' }>,
  byForest: Float64Array,
  byLine: Float64Array,
): Float64Array {
  const scores = byForest.map((probability, row) => share * probability + (1 - share) * (byLine[row] as number));
  return calibrator ? applyCalibrator(calibrator, scores) : scores;
}

/** Probability of no purchase in the horizon, per row. */
export function lossProbabilities(method: FittedMethod, input: MethodInput): Float64Array {
  switch (method.basis) {
    case 'blend': {
      const { forest, linear } = method;
      return blended(method, scoreForest(forest, input.vector), scoreLogistic(linear, linearVector(input.vector)));
    }
    case 'forest':
      return scoreForest(method.forest, input.vector);
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
