import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/functions/bundle.ts';
import { type FunctionName, type FunctionSpec, functionNames, functionSpecs } from '../../infra/functions/specs.ts';
import { growWhatIsLeft } from '../../lambdas/model/grow-tree.ts';
import { growthTask } from '../../lambdas/model/growth-task.ts';

const megabyte = 1_000_000;
const root = mkdtempSync(join(tmpdir(), 'winback-bundles-'));
const folderOf = (name: FunctionName): string => join(root, name);

beforeAll(() => {
  for (const name of functionNames) {
    const spec: FunctionSpec = functionSpecs[name];
    mkdirSync(folderOf(name));
    bundleFunction(spec.entry, folderOf(name), {
      threads: spec.threads ?? false,
      shop: { shop: { source: 'boutique' } },
    });
  }
});
afterAll(() => rmSync(root, { recursive: true }));

describe.each(functionNames)('the bundle of %s', (name) => {
  const files = () => readdirSync(folderOf(name)).map((file) => join(folderOf(name), file));

  it('is small', () => {
    const unpacked = files().reduce((sum, file) => sum + statSync(file).size, 0);
    const zipped = files().reduce((sum, file) => sum + deflateRawSync(readFileSync(file)).byteLength, 0);
    expect(unpacked).toBeLessThan(7 * megabyte);
    expect(zipped).toBeLessThan(3 * megabyte);
  });

  it('has no query engine of the laptop in it', () => {
    expect(readFileSync(join(folderOf(name), 'index.mjs'), 'utf8')).not.toMatch(/duckdb/i);
  });

  it('has every statement beside it that it reads', () => {
    const code = readFileSync(join(folderOf(name), 'index.mjs'), 'utf8');
    const named = [...code.matchAll(/import\.meta\.url,\s*["'`](?:\.\/)?([a-z-]+\.sql)["'`]/g)].map(
      ([, file]) => file ?? '',
    );
    expect(named.filter((file) => !existsSync(join(folderOf(name), file)))).toEqual([]);
    if (name === 'curate') expect(named).toContain('orders.sql');
  });

  it('has the settings of the shop beside it', () => {
    expect(JSON.parse(readFileSync(join(folderOf(name), 'config.json'), 'utf8'))).toEqual({
      shop: { source: 'boutique' },
    });
  });
});

/** Loads bundles in a process that knows nothing else, and answers with what a script finds. */
function inNode(script: string): unknown {
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', AWS_REGION: 'eu-central-1' };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env }));
}

const moduleOf = (name: FunctionName): string => JSON.stringify(pathToFileURL(join(folderOf(name), 'index.mjs')).href);

it('all bundles load, and have a handler', () => {
  const imports = functionNames.map((name) => `(await import(${moduleOf(name)})).handler`);
  const types = inNode(`console.log(JSON.stringify([${imports.join(', ')}].map((handler) => typeof handler)))`);
  expect(types).toEqual(functionNames.map(() => 'function'));
});

it('errors keep their names, by which the state machine knows them', () => {
  const call = `const { handler } = await import(${moduleOf('claim')});
    const error = await handler({ as_of: '2024-03-01' }).catch((thrown) => thrown);
    console.log(JSON.stringify([error.name, error.message]));`;
  expect(inNode(call)).toEqual(['ConfigError', expect.stringContaining('WINBACK_LAKE_BUCKET')]);
});

it('threads of the bundle grow the trees that the source grows', async () => {
  const rows = 200;
  const a = Float64Array.from({ length: rows }, (_, row) => (row * 37) % 101);
  const matrix = { names: ['a', 'b'], rows, columns: [a, a.map((_, row) => row % 7)] };
  const labels = Uint8Array.from(a, (value) => (value > 50 ? 1 : 0));
  const task = growthTask(
    matrix,
    labels,
    { trees: 3, maxDepth: 4, minLeaf: 5, featuresPerSplit: 1, seed: 7 },
    undefined,
  );
  const assignment = () => ({ task, trees: 3, nextTree: new Int32Array(new SharedArrayBuffer(4)) });
  const worker = new Worker(join(folderOf('train'), 'forest-worker.mjs'), { workerData: assignment() });
  const grown: unknown = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const { trees, nextTree } = assignment();
  expect(grown).toEqual(growWhatIsLeft(task, trees, nextTree));
});
