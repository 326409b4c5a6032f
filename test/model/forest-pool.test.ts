import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { growForestInProcess } from '../../lambdas/model/forest.ts';
import { growForest } from '../../lambdas/model/forest-pool.ts';
import { ForestParamsError } from '../../lambdas/model/growth-task.ts';
import { syntheticChurn } from './synthetic-churn.ts';

const large = { trees: 40, maxDepth: 60, minLeaf: 200, featuresPerSplit: 8, seed: 3 };

/** Runs something and counts the threads that it starts. */
async function countThreads<T>(run: () => Promise<T>): Promise<{ result: T; threads: number }> {
  let threads = 0;
  const count = () => threads++;
  process.on('worker', count);
  try {
    const result = await run();
    return { result, threads };
  } finally {
    process.off('worker', count);
  }
}

describe('growForest', () => {
  it('gives the same forest with one, two and four workers, and without the pool', async () => {
    const { matrix, labels } = syntheticChurn(25_000, 1);
    const groups = Int32Array.from({ length: matrix.rows }, (_, row) => row >> 1);
    const alone = growForestInProcess(matrix, labels, large, groups);
    for (const workers of [1, 2, 4]) {
      const { result, threads } = await countThreads(() => growForest(matrix, labels, large, { workers, groups }));
      expect(threads).toBe(workers - 1);
      expect(result).toEqual(alone);
    }
  });

  it('starts no thread for a small job', async () => {
    const { matrix, labels } = syntheticChurn(500, 1);
    const { result, threads } = await countThreads(() => growForest(matrix, labels, large, { workers: 8 }));
    expect(threads).toBe(0);
    expect(result).toEqual(growForestInProcess(matrix, labels, large));
  });

  it('grows regression forests in threads', async () => {
    const { matrix, labels } = syntheticChurn(25_000, 1);
    const targets = Float64Array.from(labels, (label, row) => label * matrix.columns[2]![row]!);
    const forest = await growForest(matrix, targets, large, { workers: 2 });
    expect(forest).toEqual(growForestInProcess(matrix, targets, large));
  });

  it('refuses a number of workers that is not one', async () => {
    const { matrix, labels } = syntheticChurn(50, 1);
    await expect(growForest(matrix, labels, large, { workers: 0 })).rejects.toThrow(ForestParamsError);
  });

  it('finds its worker beside a bundle, and says so when it is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'winback-bundle-'));
    const model = fileURLToPath(new URL('../../lambdas/model/', import.meta.url));
    const tests = fileURLToPath(new URL('.', import.meta.url));
    const contents = `
      import { growForest } from '${model}forest-pool.ts';
      import { syntheticChurn } from '${tests}synthetic-churn.ts';
      let threads = 0;
      process.on('worker', () => threads++);
      const { matrix, labels } = syntheticChurn(25_000, 1);
      const params = ${JSON.stringify(large)};
      const outcome = growForest(matrix, labels, params, { workers: 2 }).then((f) => f.trees, (e) => e.constructor.name);
      const result = await outcome;
      console.log(threads, result);
    `;
    const common = {
      bundle: true,
      platform: 'node',
      format: 'esm',
      outdir: folder,
      outExtension: { '.js': '.mjs' },
    } as const;
    const run = async () => (await promisify(execFile)(process.execPath, [join(folder, 'stdin.mjs')])).stdout.trim();
    try {
      await build({ ...common, stdin: { contents, resolveDir: tests, loader: 'ts' } });
      expect(await run()).toBe('1 ForestWorkerFailed');
      await build({ ...common, entryPoints: [`${model}forest-worker.ts`] });
      expect(await run()).toBe('1 40');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
