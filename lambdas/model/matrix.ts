import { exitCodes, WinbackError } from '../platform/errors.ts';

/** Features of many rows, stored column by column: `columns[f][row]` is feature `names[f]` of that row. */
export interface FeatureMatrix {
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

/** Names, columns and row count of a matrix do not fit each other. */
export class MatrixShapeError extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** A feature is NaN or infinite. Missing values must have been replaced before a matrix is made. */
export class NonFiniteFeature extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** A model was given other features, or the same in another order, than it was trained on. */
export class FeatureNamesDiffer extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

function checkShape(matrix: FeatureMatrix): void {
  const next = 'Build the matrix with one column per feature name, all of the same length.';
  if (matrix.columns.length !== matrix.names.length) {
    const message = `the matrix has ${matrix.columns.length} columns and ${matrix.names.length} feature names`;
    throw new MatrixShapeError(message, next);
  }
  for (const [f, column] of matrix.columns.entries()) {
    if (column.length === matrix.rows) continue;
    const message = `feature ${matrix.names[f]} has ${column.length} values where the matrix has ${matrix.rows} rows`;
    throw new MatrixShapeError(message, next);
  }
}

/**
 * Refuses a matrix that no model may see.
 * @throws MatrixShapeError when lengths differ, NonFiniteFeature naming the column, row and value of the first offence.
 */
export function checkMatrix(matrix: FeatureMatrix): void {
  checkShape(matrix);
  for (const [f, column] of matrix.columns.entries()) {
    const row = column.findIndex((value) => !Number.isFinite(value));
    if (row === -1) continue;
    throw new NonFiniteFeature(
      `feature ${matrix.names[f]} of row ${row} is ${column[row]}`,
      'Give every missing value a number where the feature vector is made.',
    );
  }
}

/** Checks a matrix and that its features are `names`, in that order. */
export function checkFeatures(matrix: FeatureMatrix, names: readonly string[]): void {
  checkMatrix(matrix);
  const at = Math.max(names.length, matrix.names.length);
  for (let f = 0; f < at; f++) {
    if (names[f] === matrix.names[f]) continue;
    throw new FeatureNamesDiffer(
      `feature ${f} is ${matrix.names[f] ?? 'missing'} where the model was trained on ${names[f] ?? 'nothing'}`,
      'Score with the feature vector of the model’s version, or train again.',
    );
  }
}

/** A matrix of the named rows, in the given order; a row may come more than once. */
export function takeRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const take = (column: Float64Array) => Float64Array.from({ length: rows.length }, (_, i) => column[rows[i]!]!);
  return { names: matrix.names, rows: rows.length, columns: matrix.columns.map(take) };
}
