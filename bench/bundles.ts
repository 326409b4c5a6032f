/**
 * Bundles every function as a deployment does and prints what each weighs and how long it takes to load.
 * Run: npx tsx bench/bundles.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { bundleFunction } from '../infra/functions/bundle.ts';
import { type FunctionSpec, functionNames, functionSpecs } from '../infra/functions/specs.ts';

const runs = 3;

/** Milliseconds that a new process takes to load a module; the fastest of some runs. */
function loadTime(file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t);`;
  const once = () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
  return Math.min(...Array.from({ length: runs }, once));
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0).padStart(6)} kB`;

const root = mkdtempSync(join(tmpdir(), 'winback-bundles-'));
console.log(`Node ${process.version}\n${'function'.padEnd(12)}  unpacked     zipped    load ms`);
for (const name of functionNames) {
  const spec: FunctionSpec = functionSpecs[name];
  const folder = join(root, name);
  mkdirSync(folder);
  bundleFunction(spec.entry, folder, spec);
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
  const unpacked = files.reduce((sum, file) => sum + file.byteLength, 0);
  const zipped = files.reduce((sum, file) => sum + deflateRawSync(file).byteLength, 0);
  const load = loadTime(join(folder, 'index.mjs')).toFixed(0);
  console.log(`${name.padEnd(12)} ${kb(unpacked)}  ${kb(zipped)}  ${load.padStart(8)}`);
}
rmSync(root, { recursive: true });
