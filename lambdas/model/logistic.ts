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
  /**
   * Features that are penalised by no more than 1: what the model falls back on where the data say little about the
   * others.
   */
  readonly trusted?: readonly string[];
}

/** A model that separates two classes was given labels of one class only, or none. */
export class OneClassOnly extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

const MAX_ITERATIONS = 50;
/** Relative gain of a step after which the next one, smaller by about its square, would be lost in rounding. */
const SMALLEST_GAIN = 1e-6;

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
  { ridge = 1, trusted = [] }: LogisticOptions = {},
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
  const penalties = Float64Array.from(matrix.names, (name) => (trusted.includes(name) ? Math.min(1, ridge) : ridge));
  const start = new Float64Array(columns.length + 1);
  start[0] = Math.log(positives / (matrix.rows - positives));
  const [intercept, ...coefficients] = newton(columns, labels, start, penalties);
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

function newton(
  columns: Float64Array[],
  labels: ArrayLike<number>,
  start: Float64Array,
  penalties: Float64Array,
): Float64Array {
  let weights = start;
  let logits = linear(columns, weights, labels.length);
  let value = penalisedLoss(logits, labels, weights, penalties);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = newtonStep(columns, labels, logits, weights, penalties);
    let size = 1;
    let next = weights;
    let nextValue = Number.POSITIVE_INFINITY;
    for (; size > 1e-6 && !(nextValue <= value); size /= 2) {
      next = weights.map((w, j) => w - size * step[j]!);
      logits = linear(columns, next, labels.length);
      nextValue = penalisedLoss(logits, labels, next, penalties);
    }
    if (!(nextValue <= value)) return weights;
    const gain = value - nextValue;
    weights = next;
    value = nextValue;
    if (gain <= SMALLEST_GAIN * value) break;
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

/** Rows that are worked on together: the columns of so many fit into the processor's cache. */
const BLOCK = 1024;

function penalisedLoss(
  logits: Float64Array,
  labels: ArrayLike<number>,
  weights: Float64Array,
  penalties: Float64Array,
): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = labels[i] === 1 ? -logits[i]! : logits[i]!;
    loss += z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
  }
  return loss + penalties.reduce((total, penalty, f) => total + (penalty / 2) * weights[f + 1]! ** 2, 0);
}

/** Hessian⁻¹ × gradient of the penalised loss. Rows go in blocks, so that the products run in the processor's cache. */
function newtonStep(
  columns: Float64Array[],
  labels: ArrayLike<number>,
  logits: Float64Array,
  weights: Float64Array,
  penalties: Float64Array,
): Float64Array {
  const size = weights.length;
  const gradient = weights.map((w, j) => (j === 0 ? 0 : penalties[j - 1]! * w));
  const hessian = Array.from({ length: size }, (_, j) =>
    new Float64Array(size).fill(j === 0 ? 1e-9 : penalties[j - 1]!, j, j + 1),
  );
  const residual = new Float64Array(BLOCK);
  const variance = new Float64Array(BLOCK);
  const ones = new Float64Array(BLOCK).fill(1);
  for (let from = 0; from < logits.length; from += BLOCK) {
    const length = Math.min(BLOCK, logits.length - from);
    for (let i = 0; i < length; i++) {
      const p = sigmoid(logits[from + i]!);
      residual[i] = p - (labels[from + i] === 1 ? 1 : 0);
      variance[i] = p * (1 - p);
    }
    const block = [ones.subarray(0, length), ...columns.map((column) => column.subarray(from, from + length))];
    for (const [j, row] of hessian.entries()) {
      gradient[j]! += dot(block[j]!, residual, length);
      addProducts(block, j, variance, row);
    }
  }
  return solvePositiveDefinite(hessian, gradient);
}

/** Adds Σ column j × column k × variance over the rows of a block to `sums[k]`, for every k up to j. */
function addProducts(block: Float64Array[], j: number, variance: Float64Array, sums: Float64Array): void {
  const weighted = block[j]!.map((value, i) => value * variance[i]!);
  for (let k = 0; k <= j; k++) sums[k]! += dot(weighted, block[k]!, weighted.length);
}

/** Four sums at once, which the processor adds up side by side. */
function dot(p: Float64Array, q: Float64Array, length: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += p[i]! * q[i]!;
    b += p[i + 1]! * q[i + 1]!;
    c += p[i + 2]! * q[i + 2]!;
    d += p[i + 3]! * q[i + 3]!;
  }
  for (; i < length; i++) a += p[i]! * q[i]!;
  return a + b + (c + d);
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
