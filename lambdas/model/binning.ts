import type { FeatureMatrix } from './matrix.ts';
import { integerBelow, type Random, randomFor } from './random.ts';

/** The most bins a feature can have: a bin number fits in one byte. */
export const mostBins = 256;

const rowsForThresholds = 200_000;
const binningStream = 0xb1;

/**
 * A matrix in bins, row by row: `bytes[row * stride + f]` is the bin of feature f. `thresholds[f]` (ascending) are the
 * borders: a value is in bin b when exactly b thresholds are ≤ it. So `bin ≤ b` holds exactly when
 * `value < thresholds[f][b]`, the comparison that scoring makes on raw values. `stride` is the number of features rounded
 * up to a multiple of 8. The bytes are shared memory, which worker threads read without a copy.
 */
export interface BinnedMatrix {
  readonly rows: number;
  readonly stride: number;
  readonly bytes: Uint8Array;
  readonly thresholds: readonly Float64Array[];
}

/** How many of the ascending `thresholds` are ≤ `value`. */
export function binOf(value: number, thresholds: Float64Array): number {
  let low = 0;
  let length = thresholds.length;
  while (length > 0) {
    const half = length >> 1;
    if (value >= thresholds[low + half]!) {
      low += half + 1;
      length -= half + 1;
    } else {
      length = half;
    }
  }
  return low;
}

/**
 * A threshold t with low < t ≤ high: the number with the fewest digits in the middle half between the two, so that
 * thresholds stay readable and short in a model file.
 */
export function thresholdBetween(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  const tolerance = high / 4 - low / 4;
  for (let digits = 1; digits <= 16; digits++) {
    const rounded = Number(middle.toPrecision(digits));
    if (Math.abs(rounded - middle) <= tolerance && rounded > low && rounded <= high) return rounded;
  }
  return middle > low ? middle : high;
}

/**
 * Thresholds that cut the values into at most `bins` bins: between all neighbouring distinct values when there are few,
 * else so that every bin gets its share of the values not yet in a bin. Equal values are never parted.
 */
export function binThresholds(values: Float64Array, bins: number): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  let distinct = sorted.length > 0 ? 1 : 0;
  for (let i = 0; i < last; i++) if (sorted[i]! < sorted[i + 1]!) distinct++;
  const thresholds: number[] = [];
  let binStart = 0;
  for (let i = 0; i < last && thresholds.length < bins - 1; i++) {
    if (sorted[i]! === sorted[i + 1]!) continue;
    const share = (sorted.length - binStart) / (bins - thresholds.length);
    if (distinct > bins && i + 1 - binStart < share) continue;
    thresholds.push(thresholdBetween(sorted[i]!, sorted[i + 1]!));
    binStart = i + 1;
  }
  return Float64Array.from(thresholds);
}

function sampleOf(column: Float64Array, random: Random): Float64Array {
  if (column.length <= rowsForThresholds) return column;
  return Float64Array.from({ length: rowsForThresholds }, () => column[integerBelow(random, column.length)]!);
}

function binColumn(column: Float64Array, borders: Float64Array, bytes: Uint8Array, f: number, stride: number): void {
  for (let row = 0; row < column.length; row++) bytes[row * stride + f] = binOf(column[row]!, borders);
}

/**
 * Bins every column of a checked matrix into at most `bins` (2 … 256) bins. Thresholds come from the values themselves,
 * or from 200,000 of them drawn by `seed` when there are more.
 */
export function binMatrix(matrix: FeatureMatrix, bins: number, seed: number): BinnedMatrix {
  const stride = 8 * Math.ceil(matrix.columns.length / 8);
  const bytes = new Uint8Array(new SharedArrayBuffer(matrix.rows * stride));
  const thresholds = matrix.columns.map((column, f) => {
    const borders = binThresholds(sampleOf(column, randomFor(seed, binningStream)), bins);
    binColumn(column, borders, bytes, f, stride);
    return borders;
  });
  return { rows: matrix.rows, stride, bytes, thresholds };
}
