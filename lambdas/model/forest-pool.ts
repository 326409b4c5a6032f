import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { type Forest, joinTrees } from './forest.ts';
import type { GrowthAssignment } from './forest-worker.ts';
import { type GrowthTask, growWhatIsLeft, type NumberedTree } from './grow-tree.ts';
import { type ForestParams, ForestParamsError, growthTask } from './growth-task.ts';
import type { FeatureMatrix } from './matrix.ts';

export interface GrowthOptions {
  /** Most threads to grow in, this one included. 1 unless told otherwise. */
  readonly workers?: number | undefined;
  /** Customer of each row, numbered from 0: rows of one customer are in a bag together or not at all. */
  readonly groups?: Int32Array | undefined;
}

/** A growing thread died: usually memory, or a bundle without `forest-worker` beside it. */
export class ForestWorkerFailed extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** Visits of a row by a feature at a level of a tree that take about as long as starting a thread and its TypeScript loader. */
const visitsPerThread = 100_000_000;

function threadsWorthwhile(task: GrowthTask, trees: number, workers: number): number {
  const visits = trees * Math.min(task.bagSize, task.binned.rows) * task.featuresPerSplit * task.maxDepth;
  return Math.max(1, Math.min(workers, trees, Math.floor(visits / visitsPerThread)));
}

/**
 * The worker's entry is the file beside this module that is named `forest-worker` and has this module's extension: a bundle
 * needs `forest-worker.ts` as a second entry point whose output lands beside it. From source, tsx is put in front.
 */
function startThread(assignment: GrowthAssignment): Worker {
  const extension = extname(new URL(import.meta.url).pathname);
  const entry = extension === '.ts' ? './forest-worker-from-source.js' : `./forest-worker${extension}`;
  return new Worker(new URL(entry, import.meta.url), { workerData: assignment, execArgv: [] });
}

function treesOf(worker: Worker): Promise<NumberedTree[]> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const next = 'Give the process more memory, or train with one worker.';
      reject(new ForestWorkerFailed(`a thread that grows trees failed: ${cause}`, next, { cause }));
    };
    worker.once('message', resolve);
    worker.once('error', fail);
    worker.once('exit', (code) => fail(`it ended with exit code ${code}`));
  });
}

async function growInThreads(task: GrowthTask, trees: number, threads: number): Promise<NumberedTree[]> {
  const nextTree = new Int32Array(new SharedArrayBuffer(4));
  const started = Array.from({ length: threads - 1 }, () => startThread({ task, trees, nextTree }));
  try {
    const elsewhere = started.map(treesOf);
    const here = async () => growWhatIsLeft(task, trees, nextTree);
    return (await Promise.all([...elsewhere, here()])).flat();
  } finally {
    await Promise.all(started.map((worker) => worker.terminate()));
  }
}

/**
 * Grows a forest as `growForestInProcess` does, in up to `workers` threads when the work is large enough to pay for
 * starting them. The forest is the same, to the last bit, for any number of workers.
 * @throws MatrixShapeError, NonFiniteFeature, LabelError, ForestParamsError, ForestWorkerFailed
 */
export async function growForest(
  matrix: FeatureMatrix,
  labels: Uint8Array | Float64Array,
  params: ForestParams,
  options: GrowthOptions = {},
): Promise<Forest> {
  const { workers = 1, groups } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ForestParamsError(`the number of workers is ${workers}`, 'Give a whole number, 1 or more.');
  }
  const task = growthTask(matrix, labels, params, groups);
  const grown = await growInThreads(task, params.trees, threadsWorthwhile(task, params.trees, workers));
  const inOrder = grown.sort((a, b) => a.number - b.number).map((tree) => tree.nodes);
  return joinTrees(task.kind, matrix.names, inOrder);
}
