import fc from 'fast-check';
import { expect, it } from 'vitest';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { ForestFileError, forestFromArrow, forestToArrow } from '../../lambdas/model/forest-arrow.ts';
import { toLibraryJson } from '../../lambdas/model/library-forest.ts';
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

/** The bytes with one text in place of another of the same length. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1');
}

it('refuses bytes that are not a forest, are cut off, or whose nodes make no trees', () => {
  const { matrix, labels } = syntheticChurn(200, 1);
  const forest = growForestInProcess(matrix, labels, params);
  const bytes = forestToArrow(forest);
  const first = forest.feature.findIndex((feature) => feature !== -1);
  for (const wrong of [
    new Uint8Array(0),
    Uint8Array.of(1, 2, 3),
    bytes.slice(0, bytes.length / 2),
    forestToArrow({ ...forest, feature: forest.feature.with(first, -1) }),
    forestToArrow({ ...forest, feature: forest.feature.with(forest.feature.length - 1, 0) }),
    forestToArrow({ ...forest, trees: forest.trees + 1 }),
    renamed(bytes, '"noise_2"', '_________'),
    renamed(bytes, ',"noise_2"', '          '),
    renamed(bytes, 'classification', 'clairvoyance__'),
  ]) {
    expect(() => forestFromArrow(wrong)).toThrow(ForestFileError);
  }
});

it('keeps 100 trees of a few hundred leaves each, trained on 20,000 rows, well below 5 MB in either form', () => {
  const { matrix, labels } = syntheticChurn(20_000, 1);
  const large = { trees: 100, maxDepth: 12, minLeaf: 20, featuresPerSplit: 4, seed: 1 };
  const forest = growForestInProcess(matrix, labels, large);
  expect(forest.feature.length).toBeGreaterThan(50_000);
  expect(forestToArrow(forest).length).toBeLessThan(18 * forest.feature.length);
  expect(JSON.stringify(toLibraryJson(forest)).length).toBeLessThan(5_000_000);
});
