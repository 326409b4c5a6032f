import { describe, expect, it } from 'vitest';
import { drawBag } from '../../lambdas/model/bag.ts';
import { rocAuc } from '../../lambdas/model/evaluation.ts';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { oobScores } from '../../lambdas/model/out-of-bag.ts';
import { scoreForest } from '../../lambdas/model/score-forest.ts';
import { leafByHand } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 30, maxDepth: 10, minLeaf: 1, featuresPerSplit: 4, seed: 4 };
const { matrix, labels } = syntheticChurn(900, 1);
const own = Int32Array.from({ length: 900 }, (_, row) => row);
const threes = own.map((row) => row % 300);

describe('oobScores', () => {
  it.each([
    ['rows', undefined],
    ['groups', threes],
  ])('averages only trees that saw no row of the customer (bags of %s)', (_, groups) => {
    const forest = growForestInProcess(matrix, labels, params, groups);
    const { scores, trees } = oobScores(forest, matrix, params, threes, groups !== undefined);
    const bags = Array.from({ length: params.trees }, (_, tree) => {
      const bag = new Int32Array(900);
      drawBag({ seed: params.seed, bagSize: 900, groups }, tree, bag);
      return bag;
    });
    for (let row = 0; row < 900; row++) {
      const blind = bags.flatMap((bag, tree) =>
        bag.every((n, other) => n === 0 || other % 300 !== row % 300) ? [tree] : [],
      );
      expect(trees[row]).toBe(blind.length);
      const mean =
        blind.reduce((sum, tree) => sum + forest.value[leafByHand(forest, tree, matrix, row)]!, 0) / blind.length;
      if (blind.length === 0) expect(scores[row]).toBeNaN();
      else expect(scores[row]).toBeCloseTo(mean, 12);
    }
  });

  it('keeps about 37 % of the trees when whole groups are drawn, and far fewer when rows are', () => {
    const share = (groups: Int32Array | undefined) => {
      const forest = growForestInProcess(matrix, labels, params, groups);
      const { trees } = oobScores(forest, matrix, params, threes, groups !== undefined);
      return trees.reduce((a, b) => a + b) / (900 * params.trees);
    };
    expect(share(threes)).toBeCloseTo(Math.exp(-1), 1);
    expect(share(undefined)).toBeCloseTo(Math.exp(-3), 1);
  });

  it('is honest where scores of the training rows are not', () => {
    const forest = growForestInProcess(matrix, labels, params);
    const inBag = rocAuc(scoreForest(forest, matrix), labels)!;
    const outOfBag = rocAuc(oobScores(forest, matrix, params, own, false).scores, labels)!;
    expect(inBag).toBeGreaterThan(0.97);
    expect(outOfBag).toBeGreaterThan(0.75);
    expect(outOfBag).toBeLessThan(0.9);
  });
});
