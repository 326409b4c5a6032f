import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../../lambdas/model/bag.ts';
import { rocAuc } from '../../lambdas/model/evaluation.ts';
import { type Forest, featureImportance, growForestInProcess } from '../../lambdas/model/forest.ts';
import { ForestParamsError, LabelError } from '../../lambdas/model/growth-task.ts';
import { NonFiniteFeature, type takeRows } from '../../lambdas/model/matrix.ts';
import { randomFor, sampleWithoutReplacement } from '../../lambdas/model/random.ts';
import { scoreForest } from '../../lambdas/model/score-forest.ts';
import { leafByHand, matrixOf, smallProblem } from './forest-support.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const params = { trees: 20, maxDepth: 8, minLeaf: 10, featuresPerSplit: 4, seed: 1 };

/** Draws and label sum of the tree's bag at every node, by routing raw values. */
function recount(
  forest: Forest,
  tree: number,
  matrix: Parameters<typeof takeRows>[0],
  labels: ArrayLike<number>,
  bag: Int32Array,
) {
  const count = new Map<number, number>();
  const sum = new Map<number, number>();
  for (let row = 0; row < matrix.rows; row++) {
    const leaf = leafByHand(forest, tree, matrix, row);
    count.set(leaf, (count.get(leaf) ?? 0) + bag[row]!);
    sum.set(leaf, (sum.get(leaf) ?? 0) + bag[row]! * labels[row]!);
  }
  return { count, sum };
}

describe('growing', () => {
  it('leaves exactly the bag’s rows in each leaf when raw values are routed, and their class share', () => {
    fc.assert(
      fc.property(
        smallProblem,
        fc.integer({ min: 1, max: 8 }),
        ({ matrix, labels, featuresPerSplit, seed }, minLeaf) => {
          const forest = growForestInProcess(matrix, labels, {
            trees: 3,
            maxDepth: 6,
            minLeaf,
            featuresPerSplit,
            seed,
          });
          for (let tree = 0; tree < 3; tree++) {
            const bag = new Int32Array(matrix.rows);
            drawBag({ seed, bagSize: matrix.rows }, tree, bag);
            const { count, sum } = recount(forest, tree, matrix, labels, bag);
            for (let node = forest.treeStart[tree]!; node < forest.treeStart[tree + 1]!; node++) {
              if (forest.feature[node] !== -1) continue;
              expect(forest.count[node]).toBe(count.get(node));
              expect(forest.value[node]).toBe(sum.get(node)! / count.get(node)!);
            }
          }
        },
      ),
    );
  });

  it('keeps children next to their parent: counts add up, values are their weighted mean, depth and leaf size hold', () => {
    fc.assert(
      fc.property(
        smallProblem,
        fc.integer({ min: 1, max: 8 }),
        ({ matrix, targets, featuresPerSplit, seed }, minLeaf) => {
          const forest = growForestInProcess(matrix, targets, {
            trees: 3,
            maxDepth: 4,
            minLeaf,
            featuresPerSplit,
            seed,
          });
          const depth = new Map<number, number>();
          for (let node = 0; node < forest.feature.length; node++) {
            const here = depth.get(node) ?? 0;
            expect(here).toBeLessThanOrEqual(4);
            if (forest.feature[node] === -1) continue;
            const [left, right] = [forest.left[node]!, forest.right[node]!];
            expect(left).toBe(node + 1);
            for (const child of [left, right]) {
              depth.set(child, here + 1);
              expect(forest.count[child]).toBeGreaterThanOrEqual(minLeaf);
            }
            const [nl, nr] = [forest.count[left]!, forest.count[right]!];
            expect(nl + nr).toBe(forest.count[node]);
            const mean = (nl * forest.value[left]! + nr * forest.value[right]!) / (nl + nr);
            expect(Math.abs(mean - forest.value[node]!)).toBeLessThan(1e-6);
          }
        },
      ),
    );
  });

  it('finds the best split: the one that an exhaustive search over gini finds', () => {
    const { matrix, labels } = syntheticChurn(400, 3);
    const forest = growForestInProcess(matrix, labels, {
      trees: 1,
      maxDepth: 1,
      minLeaf: 1,
      featuresPerSplit: 16,
      bins: 256,
      seed: 9,
    });
    const bag = new Int32Array(400);
    drawBag({ seed: 9, bagSize: 400 }, 0, bag);
    const impurity = (left: (row: number) => boolean) => {
      let total = 0;
      for (const side of [true, false]) {
        let n = 0;
        let ones = 0;
        for (let row = 0; row < 400; row++) {
          if (left(row) !== side) continue;
          n += bag[row]!;
          ones += bag[row]! * labels[row]!;
        }
        if (n > 0) total += 2 * ones * (1 - ones / n);
      }
      return total;
    };
    const found = impurity((row) => matrix.columns[forest.feature[0]!]![row]! < forest.threshold[0]!);
    const values = matrix.columns.flatMap((column) =>
      [...new Set(column)].map((border) => impurity((row) => column[row]! < border)),
    );
    expect(found).toBeLessThan(impurity(() => true));
    expect(found / Math.min(...values)).toBeCloseTo(1, 2);
  });

  it('tries further features when those drawn are constant', () => {
    const informative = Array.from({ length: 40 }, (_, i) => i);
    const constants = Array.from({ length: 9 }, () => new Array<number>(40).fill(2));
    const labels = Uint8Array.from(informative, (value) => (value < 20 ? 0 : 1));
    const forest = growForestInProcess(matrixOf([...constants, informative]), labels, {
      ...params,
      minLeaf: 1,
      featuresPerSplit: 1,
    });
    expect(forest.treeStart.slice(0, -1).every((root) => forest.feature[root] === 9)).toBe(true);
  });

  it('makes a leaf of constant features, of one class and of a constant target', () => {
    const constant = matrixOf([new Array(30).fill(1), new Array(30).fill(-4)]);
    const varied = matrixOf([Array.from({ length: 30 }, (_, i) => i)]);
    const mixed = Uint8Array.from({ length: 30 }, (_, i) => i % 2);
    const small = { ...params, minLeaf: 1, featuresPerSplit: 1 };
    for (const forest of [
      growForestInProcess(constant, mixed, small),
      growForestInProcess(varied, new Uint8Array(30).fill(1), small),
      growForestInProcess(varied, new Float64Array(30).fill(1e9 + 0.1), small),
    ]) {
      expect(forest.feature.length).toBe(20);
    }
    expect([...scoreForest(growForestInProcess(varied, new Uint8Array(30).fill(1), small), varied)]).toEqual(
      new Array(30).fill(1),
    );
  });

  it('makes a root of fewer draws than two leaves, and of one row', () => {
    const wanting = { ...params, minLeaf: 40, featuresPerSplit: 1 };
    for (const rows of [1, 2, 79]) {
      const forest = growForestInProcess(
        matrixOf([Array.from({ length: rows }, (_, i) => i)]),
        Uint8Array.from({ length: rows }, (_, i) => i % 2),
        wanting,
      );
      expect([...forest.feature]).toEqual(new Array(20).fill(-1));
      expect([...forest.count]).toEqual(new Array(20).fill(rows));
    }
  });

  it('splits one feature of more values than bins, of extremes and of duplicates where the classes part', () => {
    const many = Array.from({ length: 2000 }, (_, i) => Math.sqrt(i));
    const largest = Number.MAX_VALUE;
    const extremes = Array.from({ length: 400 }, (_, i) => [-largest, -1e-300, 0, 1e-300, largest][i % 5] as number);
    const duplicates = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    for (const [column, border] of [
      [many, Math.sqrt(1000)],
      [extremes, 0],
      [duplicates, 1],
    ] as const) {
      const labels = Uint8Array.from(column, (value) => (value >= border ? 1 : 0));
      const matrix = matrixOf([column]);
      const forest = growForestInProcess(matrix, labels, { ...params, minLeaf: 1, featuresPerSplit: 1, bins: 256 });
      expect(rocAuc(scoreForest(forest, matrix), labels)).toBeGreaterThan(0.9999);
    }
  });

  it('fits a regression whose targets lie far from zero', () => {
    const matrix = matrixOf([Array.from({ length: 500 }, (_, i) => i)]);
    const targets = Float64Array.from({ length: 500 }, (_, i) => 1e9 + (i < 250 ? 0 : 1));
    const scores = scoreForest(growForestInProcess(matrix, targets, { ...params, featuresPerSplit: 1 }), matrix);
    expect(scores[10]).toBeCloseTo(1e9, 6);
    expect(scores[490]).toBeCloseTo(1e9 + 1, 6);
  });

  it('learns: AUC on other customers is far above chance, and permuted labels give chance within three standard errors', () => {
    const train = syntheticChurn(4000, 1);
    const test = syntheticChurn(4000, 2);
    const scores = scoreForest(growForestInProcess(train.matrix, train.labels, params), test.matrix);
    expect(rocAuc(scores, test.labels)).toBeGreaterThan(0.8);
    const order = sampleWithoutReplacement(randomFor(3), 4000, 4000);
    const permuted = Uint8Array.from(order, (row) => train.labels[row]!);
    const chance = rocAuc(scoreForest(growForestInProcess(train.matrix, permuted, params), test.matrix), test.labels)!;
    const ones = test.labels.reduce((a, b) => a + b, 0);
    const standardError = Math.sqrt(4001 / (12 * ones * (4000 - ones)));
    expect(Math.abs(chance - 0.5)).toBeLessThan(3 * standardError);
  });

  it('grows on small bags of many rows', () => {
    const { matrix, labels } = syntheticChurn(5000, 1);
    const forest = growForestInProcess(matrix, labels, { ...params, bagSize: 500, minLeaf: 5 });
    for (let tree = 0; tree < forest.trees; tree++) expect(forest.count[forest.treeStart[tree]!]).toBe(500);
    expect(rocAuc(scoreForest(forest, matrix), labels)).toBeGreaterThan(0.8);
  });

  it('is the same for the same arguments and another for another seed', () => {
    const { matrix, labels } = syntheticChurn(500, 1);
    expect(growForestInProcess(matrix, labels, params)).toEqual(growForestInProcess(matrix, labels, params));
    expect(growForestInProcess(matrix, labels, params)).not.toEqual(
      growForestInProcess(matrix, labels, { ...params, seed: 2 }),
    );
  });

  it('refuses non-finite features, labels that are not classes and parameters out of range, by name', () => {
    const matrix = matrixOf([[1, 2, 3]]);
    const labels = Uint8Array.of(0, 1, 0);
    const one = { ...params, featuresPerSplit: 1 };
    expect(() => growForestInProcess(matrixOf([[1, Number.NaN, 3]]), labels, one)).toThrow(NonFiniteFeature);
    expect(() => growForestInProcess(matrix, Uint8Array.of(0, 2, 0), one)).toThrow('the label of row 1 is 2');
    expect(() => growForestInProcess(matrix, Float64Array.of(0, 1, Number.NaN), one)).toThrow(LabelError);
    expect(() => growForestInProcess(matrix, Uint8Array.of(0, 1), one)).toThrow('2 labels for 3 rows');
    expect(() => growForestInProcess(matrixOf([[]]), new Uint8Array(0), one)).toThrow(LabelError);
    expect(() => growForestInProcess(matrix, labels, one, Int32Array.of(0, 7, 1))).toThrow(
      'group number of row 1 is 7',
    );
    for (const wrong of [
      { trees: 0 },
      { maxDepth: 65 },
      { minLeaf: 1.5 },
      { featuresPerSplit: 2 },
      { bins: 257 },
      { bagSize: 0 },
      { seed: -1 },
    ]) {
      const name = Object.keys(wrong)[0]!;
      expect(() => growForestInProcess(matrix, labels, { ...one, ...wrong })).toThrow(ForestParamsError);
      expect(() => growForestInProcess(matrix, labels, { ...one, ...wrong })).toThrow(name);
    }
  });
});

describe('featureImportance', () => {
  it('sums to one, favours what matters and gives noise little', () => {
    const { matrix, labels } = syntheticChurn(4000, 1);
    const importance = featureImportance(growForestInProcess(matrix, labels, { ...params, minLeaf: 80 }));
    expect(importance.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const of = (name: string) => importance[matrix.names.indexOf(name)]!;
    expect(of('gap_ratio')).toBeGreaterThan(3 * of('noise_1'));
  });

  it('is zero for a forest without a split', () => {
    const forest = growForestInProcess(matrixOf([[1, 1]]), Uint8Array.of(0, 1), { ...params, featuresPerSplit: 1 });
    expect([...featureImportance(forest)]).toEqual([0]);
  });
});
