import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileForest } from '../lambdas/model/compile-forest.ts';
import { rocAuc } from '../lambdas/model/evaluation.ts';
import { topReasons } from '../lambdas/model/explain-forest.ts';
import { type Forest, growForestInProcess } from '../lambdas/model/forest.ts';
import { forestFromArrow, forestToArrow } from '../lambdas/model/forest-arrow.ts';
import { loadLibraryForest, refereeForest, toLibraryJson } from '../lambdas/model/library-forest.ts';
import { type FeatureMatrix, takeRows } from '../lambdas/model/matrix.ts';
import { scoreCompiled, scoreForest } from '../lambdas/model/score-forest.ts';
import { trainWithLibrary } from '../lambdas/model/train-with-library.ts';
import { syntheticChurn } from '../test/model/synthetic-churn.ts';

/**
 * Training and scoring time of the forest beside ml-random-forest and, where python3 has it, scikit-learn: one thread
 * each, processor seconds, the same synthetic matrix.
 * Run: npx tsx bench/forest.ts [--rows 100000] [--trees 100] [--bag 20000]
 */
const options = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    trees: { type: 'string', default: '100' },
    bag: { type: 'string' },
  },
}).values;
const rows = Number(options.rows);
const trees = Number(options.trees);
const bagSize = options.bag === undefined ? undefined : Number(options.bag);
const shape = bagSize === undefined ? { maxDepth: 12, minLeaf: 20 } : { maxDepth: 14, minLeaf: 10 };
const params = { trees, featuresPerSplit: 4, seed: 1, ...shape };
const test = syntheticChurn(20_000, 2);

function cpuSeconds<T>(run: () => T): { seconds: number; result: T } {
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, result };
}

function report(name: string, seconds: number, rest: string): void {
  console.log(`${name.padEnd(58)} ${seconds.toFixed(2).padStart(8)} s  ${rest}`);
}

const aucOf = (forest: Forest) => `AUC ${rocAuc(scoreForest(forest, test.matrix), test.labels)?.toFixed(4)}`;

function trained(name: string, run: () => Forest): { seconds: number; forest: Forest } {
  const { seconds, result } = cpuSeconds(run);
  report(name, seconds, aucOf(result));
  return { seconds, forest: result };
}

function modelFile(forest: Forest): void {
  const json = toLibraryJson(forest);
  const text = JSON.stringify(json);
  const load = cpuSeconds(() => loadLibraryForest(json));
  const arrow = forestToArrow(forest);
  const loadArrow = cpuSeconds(() => compileForest(forestFromArrow(arrow)));
  const nodes = Math.round(forest.feature.length / forest.trees);
  report(
    `  as the library's JSON, ${nodes} nodes per tree`,
    load.seconds,
    `${(text.length / 1e6).toFixed(2)} MB, to load`,
  );
  report('  as Arrow', loadArrow.seconds, `${(arrow.length / 1e6).toFixed(2)} MB, to load and lay out`);
  const referee = cpuSeconds(() =>
    refereeForest(
      forest,
      takeRows(
        test.matrix,
        Array.from({ length: 500 }, (_, i) => i),
      ),
    ),
  );
  const { rows: asked, disagreements } = referee.result;
  report('  refereed by ml-random-forest', referee.seconds, `${disagreements} disagreements in ${asked} rows`);
}

function scored(forest: Forest): number {
  const compiled = compileForest(forest);
  scoreCompiled(compiled, test.matrix);
  const { seconds } = cpuSeconds(() => scoreCompiled(compiled, test.matrix));
  report('  scoring', seconds, `${Math.round(test.matrix.rows / seconds)} rows/s`);
  const reasons = cpuSeconds(() => topReasons(forest, test.matrix, 3));
  report('  three reasons per row', reasons.seconds, `${Math.round(test.matrix.rows / reasons.seconds)} rows/s`);
  return seconds;
}

function writeMatrix(
  folder: string,
  name: string,
  { matrix, labels }: { matrix: FeatureMatrix; labels: Uint8Array },
): void {
  const bytes = Buffer.concat(matrix.columns.map((column) => Buffer.from(column.buffer)));
  writeFileSync(join(folder, `${name}.f64`), bytes);
  writeFileSync(join(folder, `${name}.u8`), labels);
}

interface SklearnResult {
  readonly version: string;
  readonly fit: number;
  readonly predict: number;
  readonly auc: number;
}

function scikitLearn(train: { matrix: FeatureMatrix; labels: Uint8Array }): SklearnResult | null {
  const folder = mkdtempSync(join(tmpdir(), 'winback-bench-'));
  try {
    writeMatrix(folder, 'train', train);
    writeMatrix(folder, 'test', test);
    const settings = {
      folder,
      features: train.matrix.names.length,
      trees,
      ...shape,
      max_features: params.featuresPerSplit,
    };
    const script = fileURLToPath(new URL('./forest_sklearn.py', import.meta.url));
    execFileSync('python3', [script, JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'pipe'] });
    return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  } catch (error) {
    const stderr =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : String(error);
    console.log(`SCIKIT-LEARN NOT RUN: ${stderr}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(
  `node ${process.version}, ${cpus()[0]?.model}, ${rows} rows × 16 features, ${trees} trees, ${JSON.stringify(shape)}`,
);
const train = syntheticChurn(rows, 1);
const head = (n: number) => Array.from({ length: Math.min(n, rows) }, (_, i) => i);
const ours = trained(`histogram trees, ${rows} rows`, () =>
  growForestInProcess(train.matrix, train.labels, { ...params, bagSize }),
);
const scoring = scored(ours.forest);
modelFile(ours.forest);
const onePercent = { ...params, minLeaf: Math.max(1, Math.round((bagSize ?? rows) / 100)), bagSize };
const small = trained('histogram trees, leaves of 1 %', () =>
  growForestInProcess(train.matrix, train.labels, onePercent),
);
scored(small.forest);
modelFile(small.forest);

const few = takeRows(train.matrix, head(1000));
const fewLabels = train.labels.slice(0, few.rows);
const library = { trees: 5, maxDepth: 12, minLeaf: 1, featuresPerTree: 4, bagSize: 1000, seed: 1 };
const theirs = trained('ml-random-forest, 5 trees on 1000 of the rows', () =>
  trainWithLibrary(few, fewLabels, library),
);
const same = trained('histogram trees, the same', () =>
  growForestInProcess(few, fewLabels, { ...params, trees: 5, minLeaf: 1, bagSize: 1000 }),
);
console.log(`  ratio ${(theirs.seconds / same.seconds).toFixed(0)}`);
const bags = { ...library, trees: 40, maxDepth: 10, minLeaf: 5, featuresPerTree: 8, bagSize: 500 };
const bagged = trained('ml-random-forest, 40 trees, bags of 500 of all rows', () =>
  trainWithLibrary(train.matrix, train.labels, bags),
);
console.log(`  per tree, ratio ${(bagged.seconds / bags.trees / (ours.seconds / trees)).toFixed(0)}`);

const sklearn = scikitLearn(train);
if (sklearn !== null) {
  report(`scikit-learn ${sklearn.version} RandomForestClassifier`, sklearn.fit, `AUC ${sklearn.auc.toFixed(4)}`);
  report('  scoring', sklearn.predict, `${Math.round(test.matrix.rows / sklearn.predict)} rows/s`);
  console.log(
    `  ratio: training ${(sklearn.fit / ours.seconds).toFixed(1)}, scoring ${(sklearn.predict / scoring).toFixed(1)}`,
  );
}
