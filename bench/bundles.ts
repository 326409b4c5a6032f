/**
 * Bundles every function as a deployment does and prints what each weighs and how long it takes to load.
 * Run: npx tsx bench/bundles.ts [PATH OF ANOTHER NODE]…
 * For Node 24, the runtime of the functions: npm install --no-save --prefix /tmp/node24 node@24, then name its bin/node.
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

/** This Node, and those named. */
const runtimes = [process.execPath, ...process.argv.slice(2)];

/** Milliseconds that a new process takes to load a module; the fastest of some runs. */
function loadTime(node: string, file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t);`;
  const once = () => Number(execFileSync(node, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
  return Math.min(...Array.from({ length: runs }, once));
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0).padStart(6)} kB`;

const root = mkdtempSync(join(tmpdir(), 'winback-bundles-'));
const versions = runtimes.map((node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
console.log(`${'function'.padEnd(12)}  unpacked     zipped   load ms: ${versions.join('  ')}`);
for (const name of functionNames) {
  const spec: FunctionSpec = functionSpecs[name];
  const folder = join(root, name);
  mkdirSync(folder);
  bundleFunction(spec.entry, folder, spec);
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
  const unpacked = files.reduce((sum, file) => sum + file.byteLength, 0);
  const zipped = files.reduce((sum, file) => sum + deflateRawSync(file).byteLength, 0);
  const loads = runtimes.map((node) => loadTime(node, join(folder, 'index.mjs')).toFixed(0).padStart(9));
  console.log(`${name.padEnd(12)} ${kb(unpacked)}  ${kb(zipped)}        ${loads.join('')}`);
}
rmSync(root, { recursive: true });
