import fc from 'fast-check';
import type { Forest } from '../../lambdas/model/forest.ts';
import type { FeatureMatrix } from '../../lambdas/model/matrix.ts';

export function matrixOf(columns: readonly (readonly number[])[]): FeatureMatrix {
  return {
    names: columns.map((_, f) => `f${f}`),
    rows: columns[0]?.length ?? 0,
    columns: columns.map((column) => Float64Array.from(column)),
  };
}

/** The leaf that a row reaches by comparing its values with thresholds, one node after the other. */
export function leafByHand(forest: Forest, tree: number, matrix: FeatureMatrix, row: number): number {
  let node = forest.treeStart[tree]!;
  while (forest.feature[node] !== -1) {
    const value = matrix.columns[forest.feature[node]!]![row]!;
    node = value < forest.threshold[node]! ? forest.left[node]! : forest.right[node]!;
  }
  return node;
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Values with many ties, neighbouring floating-point numbers and extremes. */
const awkward = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  finite,
  fc.constantFrom(0.1, 0.1 + 2 ** -56, 0.3, 0.1 + 0.2, -0),
);

export const columnOf = (rows: number): fc.Arbitrary<number[]> =>
  fc.array(awkward, { minLength: rows, maxLength: rows });

/** A small matrix of awkward values with labels of two classes and a seed. */
export const smallProblem = fc
  .record({ rows: fc.integer({ min: 1, max: 60 }), features: fc.integer({ min: 1, max: 11 }) })
  .chain(({ rows, features }) =>
    fc.record({
      matrix: fc.array(columnOf(rows), { minLength: features, maxLength: features }).map(matrixOf),
      labels: fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: rows, maxLength: rows })
        .map((y) => Uint8Array.from(y)),
      targets: fc
        .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: rows, maxLength: rows })
        .map((y) => Float64Array.from(y)),
      featuresPerSplit: fc.integer({ min: 1, max: features }),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    }),
  );
