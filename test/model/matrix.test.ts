import { describe, expect, it } from 'vitest';
import {
  checkFeatures,
  checkMatrix,
  FeatureNamesDiffer,
  MatrixShapeError,
  NonFiniteFeature,
  takeRows,
} from '../../lambdas/model/matrix.ts';
import { matrixOf } from './forest-support.ts';

describe('checkMatrix', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %s and names column, row and value',
    (value) => {
      const matrix = matrixOf([
        [1, 2, 3],
        [4, 5, value],
      ]);
      expect(() => checkMatrix(matrix)).toThrow(NonFiniteFeature);
      expect(() => checkMatrix(matrix)).toThrow(`feature f1 of row 2 is ${value}`);
    },
  );

  it('refuses columns of unequal length, naming the column', () => {
    expect(() => checkMatrix({ ...matrixOf([[1, 2]]), rows: 3 })).toThrow(MatrixShapeError);
    expect(() => checkMatrix({ ...matrixOf([[1, 2]]), rows: 3 })).toThrow('feature f0 has 2 values');
  });

  it('refuses a name too many', () => {
    expect(() => checkMatrix({ ...matrixOf([[1]]), names: ['f0', 'f1'] })).toThrow(MatrixShapeError);
  });

  it('accepts finite extremes', () => {
    expect(() => checkMatrix(matrixOf([[Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -0]]))).not.toThrow();
  });
});

describe('checkFeatures', () => {
  it('refuses another order, a missing and an additional feature', () => {
    const matrix = matrixOf([[1], [2]]);
    expect(() => checkFeatures(matrix, ['f0', 'f1'])).not.toThrow();
    for (const names of [['f1', 'f0'], ['f0'], ['f0', 'f1', 'f2']]) {
      expect(() => checkFeatures(matrix, names)).toThrow(FeatureNamesDiffer);
    }
  });
});

it('takeRows takes rows in the order asked for', () => {
  const taken = takeRows(matrixOf([[1, 2, 3]]), [2, 0, 2]);
  expect([taken.rows, ...taken.columns[0]!]).toEqual([3, 3, 1, 3]);
});
