import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, buildSync } from 'esbuild';
import { codeVersion } from '../../lambdas/platform/code-version.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
/** The sources of all functions. */
export const sourcesFolder = join(projectRoot, 'lambdas');

/** All functions of a deployment name their code alike. */
const version = codeVersion();

/** CommonJS packages in an ES module find `require` and `__dirname` where they look for them. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join(' ');

const options = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  minify: true,
  // The workflow tells errors apart by the names of their classes.
  keepNames: true,
  mainFields: ['module', 'main'],
  banner: { js: banner },
  legalComments: 'none',
  metafile: true,
  absWorkingDir: projectRoot,
  logLevel: 'error',
} as const satisfies BuildOptions;

const statements = (): string[] =>
  readdirSync(sourcesFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .map((file) => join(sourcesFolder, file))
    .sort();

/** Statements of the folders that a bundle's modules lie in. */
function copyStatements(result: BuildResult<{ metafile: true }>, outputFolder: string): void {
  const inputs = Object.keys(result.metafile.inputs).map((file) => join(projectRoot, file));
  const folders = new Set(inputs.map((file) => file.slice(0, -basename(file).length)));
  for (const file of statements()) {
    if (folders.has(file.slice(0, -basename(file).length))) copyFileSync(file, join(outputFolder, basename(file)));
  }
}

/** What goes into a bundle besides a function's own code. */
export interface BundleOptions {
  /** Grows trees: the entry of its threads comes along. */
  readonly threads?: boolean;
  /** Settings of the shop. They lie in the bundle because an environment holds no more than 4 KB. */
  readonly shop?: unknown;
}

/**
 * Bundles a function into a folder: `index.mjs` with everything that its entry imports, and beside it what is read at
 * run time: `config.json`, the statements of its steps (no two have one name), the Parquet writer's WebAssembly where it
 * is used, and the entry of threads.
 * @param entry file below lambdas/
 */
export function bundleFunction(
  entry: string,
  outputFolder: string,
  { threads = false, shop = {} }: BundleOptions,
): void {
  const result = buildSync({
    ...options,
    entryPoints: [join(sourcesFolder, entry)],
    outfile: join(outputFolder, 'index.mjs'),
    define: { WINBACK_CODE_VERSION: JSON.stringify(version) },
  });
  writeFileSync(join(outputFolder, 'config.json'), JSON.stringify(shop));
  copyStatements(result, outputFolder);
  const parquetWriter = 'node_modules/parquet-wasm/node/parquet_wasm';
  if (`${parquetWriter}.js` in result.metafile.inputs) {
    copyFileSync(join(projectRoot, `${parquetWriter}_bg.wasm`), join(outputFolder, 'parquet_wasm_bg.wasm'));
  }
  if (threads) {
    const worker = join(sourcesFolder, 'model/forest-worker.ts');
    buildSync({ ...options, entryPoints: [worker], outfile: join(outputFolder, 'forest-worker.mjs') });
  }
}
