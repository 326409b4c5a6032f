import { exitCodes, WinbackError } from '../platform/errors.ts';
import { checkFeatures, checkMatrix, type FeatureMatrix, MatrixShapeError } from './matrix.ts';

/**
 * Logistic regression: ln(p / (1 − p)) = intercept + Σ coefficient × (value − mean) / scale. Plain numbers, so that it
 * can travel as JSON.
 */
export interface LogisticModel {
  readonly names: readonly string[];
  readonly intercept: number;
  /** Per standard deviation of the feature; 0 for a feature that was constant in training. */
  readonly coefficients: readonly number[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export interface LogisticOptions {
  /** Weight of the penalty ridge / 2 × Σ coefficient², in units of rows. Default 1. The intercept is not penalised. */
  readonly ridge?: number;
}

/** A model that separates two classes was given labels of one class only, or none. */
export class OneClassOnly extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

const MAX_ITERATIONS = 50;

/**
 * Maximum penalised likelihood by Newton's method (iteratively reweighted least squares) on standardised columns, with
 * the step halved while the likelihood does not rise. The penalty keeps coefficients finite when classes separate or
 * columns repeat each other, and makes the answer unique. Skewed features (money, counts) are better given as log1p.
 *
 * Time grows with rows × features².
 * @throws OneClassOnly, and what `checkMatrix` throws
 */
export function fitLogistic(
  matrix: FeatureMatrix,
  labels: ArrayLike<number>,
  { ridge = 1 }: LogisticOptions = {},
): LogisticModel {
  checkMatrix(matrix);
  if (labels.length !== matrix.rows) {
    const message = `the matrix has ${matrix.rows} rows and ${labels.length} labels`;
    throw new MatrixShapeError(message, 'Give one label per row, in the order of the rows.');
  }
  const positives = countPositives(labels);
  if (positives === 0 || positives === matrix.rows) {
    const message = `logistic regression was given ${positives} positive labels in ${matrix.rows} rows`;
    throw new OneClassOnly(message, 'Check that both classes are there before fitting.');
  }
  const { columns, mean, scale } = standardise(matrix);
  const start = new Float64Array(columns.length + 1);
  start[0] = Math.log(positives / (matrix.rows - positives));
  const [intercept, ...coefficients] = newton(columns, labels, start, ridge);
  return { names: matrix.names, intercept: intercept!, coefficients, mean, scale };
}

/**
 * Probability per row, strictly inside (0, 1).
 * @throws FeatureNamesDiffer, and what `checkMatrix` throws
 */
export function scoreLogistic(model: LogisticModel, matrix: FeatureMatrix): Float64Array {
  checkFeatures(matrix, model.names);
  const scores = new Float64Array(matrix.rows).fill(model.intercept);
  for (const [f, column] of matrix.columns.entries()) {
    const slope = model.coefficients[f]! / model.scale[f]!;
    if (slope === 0) continue;
    for (let i = 0; i < scores.length; i++) scores[i]! += slope * (column[i]! - model.mean[f]!);
  }
  return scores.map(sigmoid);
}

/** 1 / (1 + e^−z), with z held in ±30 so that the result never rounds to 0 or 1. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-Math.min(Math.max(z, -30), 30)));
}

function standardise(matrix: FeatureMatrix) {
  const mean = matrix.columns.map((column) => column.reduce((total, v) => total + v, 0) / matrix.rows);
  const scale = matrix.columns.map((column, f) => {
    const deviation = Math.sqrt(column.reduce((total, v) => total + (v - mean[f]!) ** 2, 0) / matrix.rows);
    return deviation > 1e-9 * Math.abs(mean[f]!) ? deviation : 0;
  });
  const columns = matrix.columns.map((column, f) =>
    scale[f] === 0 ? new Float64Array(matrix.rows) : column.map((v) => (v - mean[f]!) / scale[f]!),
  );
  return { columns, mean, scale: scale.map((s) => s || 1) };
}

function newton(columns: Float64Array[], labels: ArrayLike<number>, start: Float64Array, ridge: number): Float64Array {
  let weights = start;
  let logits = linear(columns, weights, labels.length);
  let value = penalisedLoss(logits, labels, weights, ridge);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = newtonStep(columns, labels, logits, weights, ridge);
    let size = 1;
    let next = weights;
    let nextValue = Number.POSITIVE_INFINITY;
    for (; size > 1e-6 && !(nextValue <= value); size /= 2) {
      next = weights.map((w, j) => w - size * step[j]!);
      logits = linear(columns, next, labels.length);
      nextValue = penalisedLoss(logits, labels, next, ridge);
    }
    if (!(nextValue <= value)) return weights;
    const gain = value - nextValue;
    weights = next;
    value = nextValue;
    if (gain <= 1e-12 * value) break;
  }
  return weights;
}

function linear(columns: Float64Array[], weights: Float64Array, rows: number): Float64Array {
  const logits = new Float64Array(rows).fill(weights[0]!);
  for (const [f, column] of columns.entries()) {
    const weight = weights[f + 1]!;
    for (let i = 0; i < logits.length; i++) logits[i]! += weight * column[i]!;
  }
  return logits;
}

function penalisedLoss(logits: Float64Array, labels: ArrayLike<number>, weights: Float64Array, ridge: number): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = labels[i] === 1 ? -logits[i]! : logits[i]!;
    loss += z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
  }
  return loss + (ridge / 2) * weights.subarray(1).reduce((total, w) => total + w * w, 0);
}

/** Hessian⁻¹ × gradient of the penalised loss. Rows go in blocks, so that the products run in the processor's cache. */
function newtonStep(
  columns: Float64Array[],
  labels: ArrayLike<number>,
  logits: Float64Array,
  weights: Float64Array,
  ridge: number,
): Float64Array {
  const size = weights.length;
  const gradient = weights.map((w, j) => (j === 0 ? 0 : ridge * w));
  const hessian = Array.from({ length: size }, (_, j) => new Float64Array(size).fill(j === 0 ? 1e-9 : ridge, j, j + 1));
  const BLOCK = 1024;
  const residual = new Float64Array(BLOCK);
  const variance = new Float64Array(BLOCK);
  const weighted = new Float64Array(BLOCK);
  const ones = new Float64Array(BLOCK).fill(1);
  for (let from = 0; from < logits.length; from += BLOCK) {
    const length = Math.min(BLOCK, logits.length - from);
    for (let i = 0; i < length; i++) {
      const p = sigmoid(logits[from + i]!);
      residual[i] = p - (labels[from + i] === 1 ? 1 : 0);
      variance[i] = p * (1 - p);
    }
    const block = [ones, ...columns.map((column) => column.subarray(from, from + length))];
    for (let j = 0; j < size; j++) {
      const column = block[j]!;
      gradient[j]! += dot(column, residual, length);
      for (let i = 0; i < length; i++) weighted[i] = column[i]! * variance[i]!;
      const row = hessian[j]!;
      for (let k = 0; k <= j; k++) row[k]! += dot(weighted, block[k]!, length);
    }
  }
  return solvePositiveDefinite(hessian, gradient);
}

function dot(p: Float64Array, q: Float64Array, length: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += p[i]! * q[i]!;
  return total;
}

/** x with A x = b by Cholesky factorisation in place; only the lower triangle of A is read. */
function solvePositiveDefinite(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let j = 0; j < n; j++) {
    const row = a[j]!;
    for (let k = 0; k <= j; k++) {
      const rest = row[k]! - dot(row, a[k]!, k);
      row[k] = k < j ? rest / a[k]![k]! : Math.sqrt(Math.max(rest, 1e-12));
    }
    x[j] = (x[j]! - dot(row, x, j)) / row[j]!;
  }
  for (let j = n - 1; j >= 0; j--) {
    let rest = x[j]!;
    for (let k = j + 1; k < n; k++) rest -= a[k]![j]! * x[k]!;
    x[j] = rest / a[j]![j]!;
  }
  return x;
}

function countPositives(labels: ArrayLike<number>): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  return positives;
}
