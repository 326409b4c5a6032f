import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileForest } from '../lambdas/model/compile-forest.ts';
import { rocAuc } from '../lambdas/model/evaluation.ts';
import { forEachContributions } from '../lambdas/model/explain-forest.ts';
import { type Forest, growForestInProcess } from '../lambdas/model/forest.ts';
import { forestFromArrow, forestToArrow } from '../lambdas/model/forest-arrow.ts';
import { loadLibraryForest, refereeForest, toLibraryJson } from '../lambdas/model/library-forest.ts';
import { takeRows } from '../lambdas/model/matrix.ts';
import { scoreCompiled, scoreForest } from '../lambdas/model/score-forest.ts';
import { trainWithLibrary } from '../lambdas/model/train-with-library.ts';
import { syntheticChurn } from '../test/model/synthetic-churn.ts';
import { type Labelled, noisyChurn } from './forest-data.ts';

/**
 * The forest beside ml-random-forest and, where `python3` has it, scikit-learn: processor seconds of one thread, the same
 * matrices, trees, depth and leaf size. `--large` adds a million rows on two kinds of data, a quarter of an hour;
 * `--check` makes the exit code 1 when a promise is broken.
 * Run: npx tsx bench/forest.ts [--rows 100000] [--trees 100] [--large] [--check]
 */
const options = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    trees: { type: 'string', default: '100' },
    large: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
}).values;
const rows = Number(options.rows);
const trees = Number(options.trees);
const testRows = 50_000;

interface Shape {
  readonly maxDepth: number;
  readonly minLeaf: number;
}

/** A figure of ours beside a peer's, and what was promised of the two. */
interface Line {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: string;
  readonly promise: string;
  readonly kept: boolean;
}

const lines: Line[] = [];

function line(what: string, ours: string, peer: string, ratio: string, promise = '', kept = true): void {
  lines.push({ what, ours, peer, ratio, promise, kept });
  console.log(`${what}: ${ours} | ${peer} | ${ratio}`);
}

function faster(what: string, ours: string, peer: string, ratio: number, least?: number): void {
  const promise = least === undefined ? '' : `at least ${least} times as fast`;
  line(what, ours, peer, `${ratio.toFixed(1)} times as fast`, promise, least === undefined || ratio >= least);
}

function atMost(what: string, value: number, most: number, unit: string): void {
  line(what, `${value.toFixed(2)} ${unit}`, '', '', `under ${most} ${unit}`, value < most);
}

/** Least processor seconds of some runs, and what the last one gave. */
function cpuSeconds<T>(run: () => T, repeats = 1): { seconds: number; result: T } {
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  return repeats > 1
    ? { seconds: Math.min(seconds, cpuSeconds(run, repeats - 1).seconds), result }
    : { seconds, result };
}

const aucOf = (forest: Forest, test: Labelled): number => rocAuc(scoreForest(forest, test.matrix), test.labels) ?? 0.5;
const seconds = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} CPU s`;
const rate = (count: number, spent: number): string => `${Math.round(count / spent).toLocaleString('en')} rows/s`;

interface ScikitLearn {
  readonly version: string;
  readonly fit: number;
  readonly predict: number;
  readonly auc: number;
}

function writeData(folder: string, name: string, { matrix, labels }: Labelled): void {
  writeFileSync(
    join(folder, `${name}.f64`),
    Buffer.concat(
      matrix.columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    ),
  );
  writeFileSync(join(folder, `${name}.u8`), labels);
}

function scikitLearn(train: Labelled, test: Labelled, shape: Shape): ScikitLearn | null {
  const folder = mkdtempSync(join(tmpdir(), 'winback-bench-'));
  try {
    writeData(folder, 'train', train);
    writeData(folder, 'test', test);
    const settings = { folder, features: train.matrix.names.length, trees, ...shape, max_features: 4 };
    const script = fileURLToPath(new URL('./forest_sklearn.py', import.meta.url));
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    execFileSync('python3', [script, JSON.stringify(settings)], { env, stdio: ['ignore', 'inherit', 'pipe'] });
    return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : error;
    console.log(`SCIKIT-LEARN NOT RUN: ${said}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Training, ranking and scoring beside scikit-learn, which sees all rows whatever our bags. */
function besideScikitLearn(
  name: string,
  train: Labelled,
  test: Labelled,
  shape: Shape,
  bagSize: number,
  least: number,
) {
  const params = { trees, featuresPerSplit: 4, seed: 1, bagSize, ...shape };
  const grown = cpuSeconds(() => growForestInProcess(train.matrix, train.labels, params), 2);
  const compiled = compileForest(grown.result);
  const scored = cpuSeconds(() => scoreCompiled(compiled, test.matrix), 5);
  const auc = aucOf(grown.result, test);
  const peer = scikitLearn(train, test, shape);
  const training = `train ${name}`;
  if (peer === null) {
    line(training, `${seconds(grown.seconds)}, AUC ${auc.toFixed(4)}`, 'not run', '');
    line('  score with it', rate(testRows, scored.seconds), 'not run', '');
    return grown.result;
  }
  faster(
    training,
    seconds(grown.seconds),
    `${seconds(peer.fit)} (scikit-learn ${peer.version})`,
    peer.fit / grown.seconds,
    least,
  );
  const difference = auc - peer.auc;
  const promise = 'within .002 or better';
  line('  ROC AUC', auc.toFixed(4), peer.auc.toFixed(4), difference.toFixed(4), promise, difference >= -0.002);
  faster(
    '  score with it',
    rate(testRows, scored.seconds),
    rate(testRows, peer.predict),
    peer.predict / scored.seconds,
    1,
  );
  return grown.result;
}

function modelFile(name: string, forest: Forest, isPromised: boolean): void {
  const json = toLibraryJson(forest);
  const text = JSON.stringify(json);
  const arrow = forestToArrow(forest);
  const nodes = `${name}, ${Math.round(forest.feature.length / forest.trees)} nodes per tree`;
  const load = cpuSeconds(() => compileForest(forestFromArrow(arrow)), 3);
  atMost(`model as Arrow, ${nodes}`, arrow.length / 1e6, 5, 'MB');
  atMost('  read and laid out', 1000 * load.seconds, 50, 'ms');
  atMost('  as JSON of ml-random-forest', text.length / 1e6, 5, 'MB');
  const libraryLoad = cpuSeconds(() => loadLibraryForest(json), 3);
  if (isPromised) atMost('  loaded by ml-random-forest', 1000 * libraryLoad.seconds, 50, 'ms');
  else line('  loaded by ml-random-forest', `${(1000 * libraryLoad.seconds).toFixed(0)} ms`, '', '');
  const first500 = takeRows(syntheticChurn(500, 3).matrix, [...Array(500).keys()]);
  const { disagreements } = refereeForest(forest, first500);
  line('  votes that ml-random-forest casts otherwise', `${disagreements} of 500`, '', '', 'none', disagreements === 0);
}

function besideLibrary(train: Labelled, test: Labelled, ours: { forest: Forest; perTree: number }): void {
  const few = takeRows(train.matrix, [...Array(1000).keys()]);
  const labels = train.labels.slice(0, few.rows);
  const shape = { trees: 5, maxDepth: 12, minLeaf: 1, bagSize: 1000, seed: 1 };
  const theirs = cpuSeconds(() => trainWithLibrary(few, labels, { ...shape, featuresPerTree: 4 }));
  const same = cpuSeconds(() => growForestInProcess(few, labels, { ...shape, featuresPerSplit: 4 }), 3);
  const [a, b] = [same, theirs].map(
    ({ seconds: spent, result }) => `${seconds(spent)}, AUC ${aucOf(result, test).toFixed(4)}`,
  );
  faster('train 1,000 rows × 5 trees', a as string, `${b} (ml-random-forest)`, theirs.seconds / same.seconds);
  const bags = { ...shape, trees: 40, maxDepth: 10, minLeaf: 5, featuresPerTree: 8, bagSize: 500 };
  const bagged = cpuSeconds(() => trainWithLibrary(train.matrix, train.labels, bags));
  const perTree = bagged.seconds / bags.trees;
  const peer = `${seconds(perTree)}, AUC ${aucOf(bagged.result, test).toFixed(4)} (ml-random-forest, 40 bags of 500)`;
  faster(
    'one tree',
    `${seconds(ours.perTree)}, AUC ${aucOf(ours.forest, test).toFixed(4)}`,
    peer,
    perTree / ours.perTree,
  );
  const sample = takeRows(test.matrix, [...Array(5000).keys()]);
  const library = loadLibraryForest(toLibraryJson(ours.forest));
  const asked = Array.from({ length: 5000 }, (_, row) => sample.columns.map((column) => column[row] as number));
  const predicted = cpuSeconds(() => library.predict(asked), 2).seconds;
  const compiled = compileForest(ours.forest);
  const scored = cpuSeconds(() => scoreCompiled(compiled, test.matrix), 3).seconds / testRows;
  const named = `${rate(5000, predicted)} (ml-random-forest, votes only)`;
  faster('score', rate(1, scored), named, predicted / 5000 / scored);
}

function contributions(forest: Forest, test: Labelled): void {
  const spent = cpuSeconds(() => forEachContributions(forest, test.matrix, () => {}), 3).seconds;
  line('contributions of every feature to every score', rate(testRows, spent), '', '');
}

console.log(`Node.js ${process.version}, ${cpus()[0]?.model}, 16 features, ${trees} trees`);
const train = syntheticChurn(rows, 1);
const test = syntheticChurn(testRows, 2);
const thousands = `${rows.toLocaleString('en')} rows`;
const wide = { maxDepth: 12, minLeaf: 20 };
const forest = besideScikitLearn(`${thousands}, depth 12, leaf 20`, train, test, wide, rows, 5);
const bag = Math.min(rows, 20_000);
const defaults = { trees, maxDepth: 12, minLeaf: bag / 100, featuresPerSplit: 4, bagSize: bag, seed: 1 };
const small = cpuSeconds(() => growForestInProcess(train.matrix, train.labels, defaults), 2);
besideLibrary(train, test, { forest: small.result, perTree: small.seconds / trees });
modelFile('leaf 20', forest, false);
modelFile('bags of 20,000, leaves of 1 %', small.result, true);
contributions(small.result, test);
if (options.large) {
  for (const [name, make] of [
    ['1,000,000 rows', syntheticChurn],
    ['1,000,000 rows of mostly irrelevant features', noisyChurn],
  ] as const) {
    const shape = { maxDepth: 14, minLeaf: 10 };
    besideScikitLearn(`${name}, our bags 20,000`, make(1_000_000, 1), make(testRows, 2), shape, 20_000, 40);
  }
}

console.log('\n| what | winback | peer | ratio | promise |\n|---|---|---|---|---|');
for (const { what, ours, peer, ratio, promise, kept } of lines) {
  console.log(`| ${what.trim()} | ${ours} | ${peer} | ${ratio} | ${promise}${kept ? '' : ': BROKEN'} |`);
}
const broken = lines.filter(({ kept }) => !kept).length;
if (broken > 0) console.log(`\n${broken} of the promises are broken.`);
if (options.check && broken > 0) process.exitCode = 1;
