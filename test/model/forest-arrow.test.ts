import fc from 'fast-check';
import { expect, it } from 'vitest';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { ForestFileError, forestFromArrow, forestToArrow } from '../../lambdas/model/forest-arrow.ts';
import { smallProblem } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 4, maxDepth: 7, minLeaf: 1, featuresPerSplit: 3, seed: 5 };

it('brings back exactly the forest that was written, from the same bytes each time', () => {
  fc.assert(
    fc.property(smallProblem, ({ matrix, labels, targets, featuresPerSplit, seed }) => {
      for (const y of [labels, targets]) {
        const forest = growForestInProcess(matrix, y, { ...params, featuresPerSplit, seed });
        const bytes = forestToArrow(forest);
        expect(forestFromArrow(bytes)).toEqual(forest);
        expect(Buffer.from(forestToArrow(forestFromArrow(bytes))).equals(bytes)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

it('refuses bytes that are not a forest, are cut off, or hold links that lead astray', () => {
  const { matrix, labels } = syntheticChurn(200, 1);
  const forest = growForestInProcess(matrix, labels, params);
  const bytes = forestToArrow(forest);
  const first = forest.feature.findIndex((feature) => feature !== -1);
  for (const wrong of [
    new Uint8Array(0),
    Uint8Array.of(1, 2, 3),
    bytes.slice(0, bytes.length / 2),
    forestToArrow({ ...forest, right: forest.right.with(first, first) }),
    forestToArrow({ ...forest, feature: forest.feature.with(first, 16) }),
    forestToArrow({ ...forest, treeStart: forest.treeStart.with(1, 0) }),
  ]) {
    expect(() => forestFromArrow(wrong)).toThrow(ForestFileError);
  }
});
