import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../lambdas/model/evaluation.ts';
import { explainForest } from '../../lambdas/model/explain-forest.ts';
import { ForestParamsError, LabelError } from '../../lambdas/model/growth-task.ts';
import { refereeForest } from '../../lambdas/model/library-forest.ts';
import { scoreForest } from '../../lambdas/model/score-forest.ts';
import { trainWithLibrary } from '../../lambdas/model/train-with-library.ts';
import { matrixOf } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 20, maxDepth: 8, minLeaf: 5, featuresPerTree: 8, bagSize: 200, seed: 2 };
const train = syntheticChurn(3000, 1);
const test = syntheticChurn(2000, 2);

describe('trainWithLibrary', () => {
  const forest = trainWithLibrary(train.matrix, train.labels, params);

  it('ranks customers it has not seen', () => {
    expect(rocAuc(scoreForest(forest, test.matrix), test.labels)).toBeGreaterThan(0.78);
  });

  it('gives a forest that the library votes like, that explains itself, and that is the same again', () => {
    expect(refereeForest(forest, test.matrix)).toEqual({ rows: 2000, disagreements: 0 });
    const { base, contributions } = explainForest(forest, test.matrix, [3]);
    const score = scoreForest(forest, test.matrix)[3]!;
    expect(contributions[0]!.reduce((sum, value) => sum + value, base)).toBeCloseTo(score, 12);
    expect(trainWithLibrary(train.matrix, train.labels, params)).toEqual(forest);
  });

  it('draws bags of the size asked for with the classes in proportion, and counts them in every node', () => {
    const share = train.labels.reduce((a, b) => a + b, 0) / 3000;
    for (let tree = 0; tree < forest.trees; tree++) {
      const root = forest.treeStart[tree]!;
      expect(forest.count[root]).toBe(200);
      expect(forest.value[root]).toBe(Math.round(200 * share) / 200);
    }
    for (let node = 0; node < forest.feature.length; node++) {
      if (forest.feature[node] === -1) continue;
      expect(forest.count[forest.left[node]!]! + forest.count[forest.right[node]!]!).toBe(forest.count[node]);
      expect(forest.count[node]).toBeGreaterThanOrEqual(2 * params.minLeaf);
    }
  });

  it('has a draw of a rare class in every bag, and survives a single class and a single feature', () => {
    const rare = new Uint8Array(3000);
    rare[17] = 1;
    const few = { ...params, trees: 3 };
    const roots = trainWithLibrary(train.matrix, rare, few);
    expect(roots.value[0]).toBe(1 / 200);
    const one = trainWithLibrary(train.matrix, new Uint8Array(3000).fill(1), few);
    expect([...one.value]).toEqual([1, 1, 1]);
    const column = matrixOf([Array.from({ length: 100 }, (_, i) => i)]);
    const half = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : 1));
    const scores = scoreForest(trainWithLibrary(column, half, { ...few, featuresPerTree: 1, bagSize: 100 }), column);
    expect([scores[0], scores[99]]).toEqual([0, 1]);
  });

  it('refuses bags too large to end, too few features and labels that are not classes', () => {
    for (const wrong of [{ bagSize: 2001 }, { featuresPerTree: 1 }, { featuresPerTree: 17 }, { trees: 0 }]) {
      expect(() => trainWithLibrary(train.matrix, train.labels, { ...params, ...wrong })).toThrow(ForestParamsError);
    }
    expect(() => trainWithLibrary(train.matrix, train.labels.with(5, 3), params)).toThrow(LabelError);
  });
});
