import { type BgNbdParameters, probabilityNoPurchase } from '../model/bgnbd.ts';
import { applyCalibrator } from '../model/calibration.ts';
import type { DriftReference } from '../model/drift.ts';
import { explainForest, forEachContributions } from '../model/explain-forest.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import { linearVector } from '../model/feature-vector.ts';
import type { Forest } from '../model/forest.ts';
import { type LogisticModel, sigmoid } from '../model/logistic.ts';
import type { FeatureMatrix } from '../model/matrix.ts';
import type { FittedMethod, MethodInput } from '../model/methods.ts';

/** A method taken apart: a base and one contribution per feature add up to its probability, for every row. */
export interface Additive {
  readonly names: readonly string[];
  /** Probability of the customer of whom nothing is known: what contributions are counted from. */
  readonly base: number;
  /** Calls `visit` with the contributions of each row, as probabilities, in an array that is used again. */
  forEach(visit: (row: number, contributions: Float64Array) => void): void;
}

/** Contributions in the unit in which a method adds up, before it is made a probability. */
type RawVisit = (visit: (row: number, contributions: Float64Array) => void) => void;

/**
 * Contributions that add up before a last monotonic step (a calibrator, a sigmoid), each scaled alike so that they add up
 * after it: their proportions, signs and order stay.
 */
function scaled(names: readonly string[], base: number, probabilities: Float64Array, raw: RawVisit): Additive {
  return {
    names,
    base,
    forEach: (visit) =>
      raw((row, contributions) => {
        const total = contributions.reduce((sum, value) => sum + value, 0);
        const factor = total === 0 ? 0 : ((probabilities[row] as number) - base) / total;
        visit(
          row,
          contributions.map((value) => value * factor),
        );
      }),
  };
}

/** Log odds of a logistic regression, per row: coefficient × distance from the mean of training, per feature. */
function termsOf(model: LogisticModel, matrix: FeatureMatrix): (row: number) => Float64Array {
  const slopes = model.coefficients.map((coefficient, f) => coefficient / (model.scale[f] || 1));
  const terms = new Float64Array(matrix.names.length);
  return (row) => {
    for (let f = 0; f < slopes.length; f++) {
      terms[f] = (slopes[f] as number) * ((matrix.columns[f]?.[row] as number) - (model.mean[f] as number));
    }
    return terms;
  };
}

function linear(model: LogisticModel, matrix: FeatureMatrix, probabilities: Float64Array): Additive {
  const terms = termsOf(model, matrix);
  return scaled(matrix.names, sigmoid(model.intercept), probabilities, (visit) => {
    for (let row = 0; row < matrix.rows; row++) visit(row, terms(row));
  });
}

const rootOf = (forest: Forest, matrix: FeatureMatrix): number => explainForest(forest, matrix, []).base;

/** The weighted mean of the contributions of both, scaled through the calibrator. */
function blendParts(
  { forest, linear: line, forestShare: share, calibrator }: Extract<FittedMethod, { basis: 'blend' }>,
  vector: FeatureMatrix,
  probabilities: Float64Array,
): Additive {
  const matrix = linearVector(vector);
  const lineBase = sigmoid(line.intercept);
  const plain = share * rootOf(forest, vector) + (1 - share) * lineBase;
  const base = calibrator ? (applyCalibrator(calibrator, [plain])[0] as number) : plain;
  const terms = termsOf(line, matrix);
  const both = new Float64Array(vector.names.length);
  return scaled(vector.names, base, probabilities, (visit) =>
    forEachContributions(forest, vector, (row, byForest) => {
      const byLine = terms(row);
      const odds = byLine.reduce((sum, value) => sum + value, 0);
      const factor = odds === 0 ? 0 : (sigmoid(line.intercept + odds) - lineBase) / odds;
      for (let f = 0; f < both.length; f++) {
        both[f] = share * (byForest[f] as number) + (1 - share) * factor * (byLine[f] as number);
      }
      visit(row, both);
    }),
  );
}

/** The RFM sum taken apart into its three scores, each against a third of the mean sum. */
function rfmParts(model: LogisticModel, rows: FeatureRows, probabilities: Float64Array): Additive {
  const names = ['recency_days', 'frequency', 'monetary_value'];
  const columns = ['recency_score', 'frequency_score', 'monetary_score'].map((name) => rows.numbers(name));
  const [coefficient, mean, scale] = [model.coefficients[0], model.mean[0], model.scale[0]].map((value) => value ?? 0);
  const contributions = new Float64Array(names.length);
  return scaled(names, sigmoid(model.intercept), probabilities, (visit) => {
    for (let row = 0; row < rows.rows; row++) {
      for (let f = 0; f < names.length; f++) {
        const apart = (columns[f]?.[row] as number) - (mean as number) / names.length;
        contributions[f] = ((coefficient as number) / (scale || 1)) * apart;
      }
      visit(row, contributions);
    }
  });
}

/** Shares of each order of three players in which a coalition of the given size stands before the next (Shapley 1953). */
const shapleyWeights = [1 / 3, 1 / 6, 1 / 3];

/**
 * BG/NBD knows a customer by three numbers. Each gets its Shapley value against the median customer of the night of
 * training: the mean of what it changes over all orders in which the three can be told.
 */
function bgNbdParts(
  parameters: BgNbdParameters,
  { rows, horizonDays }: MethodInput,
  reference: DriftReference,
): Additive {
  const names = ['recency_days', 'frequency', 'tenure_days'];
  const columns = names.map((name) => rows.numbers(name));
  const median = names.map((name) => reference.features[name]?.median ?? 0);
  const probability = (told: readonly number[]) => {
    const [recency, frequency, tenure] = told as [number, number, number];
    const last = frequency <= 1 ? 0 : Math.max(0, tenure - recency);
    return probabilityNoPurchase(
      parameters,
      frequency - 1,
      last,
      frequency <= 1 ? Math.max(tenure, recency) : tenure,
      horizonDays,
    );
  };
  const contributions = new Float64Array(3);
  return {
    names,
    base: probability(median),
    forEach(visit) {
      for (let row = 0; row < rows.rows; row++) {
        const own = columns.map((column) => column[row] as number);
        const value = Array.from({ length: 8 }, (_, known) =>
          probability(own.map((told, f) => (known & (1 << f) ? told : (median[f] as number)))),
        );
        for (let f = 0; f < 3; f++) {
          let sum = 0;
          for (let known = 0; known < 8; known++) {
            if (known & (1 << f)) continue;
            const size = [0, 1, 2].filter((other) => known & (1 << other)).length;
            sum += (shapleyWeights[size] as number) * ((value[known | (1 << f)] as number) - (value[known] as number));
          }
          contributions[f] = sum;
        }
        visit(row, contributions);
      }
    },
  };
}

/**
 * Takes a method apart for some rows. Base + contributions = probability, up to rounding, whatever the method:
 * - forest: what each split on a feature changes along a row's paths (Saabas 2014)
 * - blend: the weighted mean of what the forest and the logistic regression give a feature, scaled through the calibrator
 * - logistic, recency, RFM: the terms of the log odds, scaled through the sigmoid
 * - BG/NBD: Shapley values of its three inputs against the median customer
 * @param probabilities what the method gave for these rows
 */
export function additiveOf(
  method: FittedMethod,
  input: MethodInput,
  probabilities: Float64Array,
  reference: DriftReference,
): Additive {
  switch (method.basis) {
    case 'blend':
      return blendParts(method, input.vector, probabilities);
    case 'forest':
      return scaled(input.vector.names, rootOf(method.forest, input.vector), probabilities, (visit) =>
        forEachContributions(method.forest, input.vector, visit),
      );
    case 'logistic':
      return linear(method.linear, linearVector(input.vector), probabilities);
    case 'recency': {
      const days = input.rows.numbers('recency_days').map(Math.log1p);
      return linear(method.linear, { names: ['recency_days'], rows: days.length, columns: [days] }, probabilities);
    }
    case 'rfm':
      return rfmParts(method.linear, input.rows, probabilities);
    case 'bgnbd':
      return bgNbdParts(method.parameters, input, reference);
  }
}
