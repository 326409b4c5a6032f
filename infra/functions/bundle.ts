import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(projectRoot, 'lambdas');

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Names the code of the pipeline: the same sources have the same version, wherever they are bundled. */
export function sourcesVersion(): string {
  const hash = createHash('sha256');
  for (const file of filesUnder(sources)) hash.update(`${relative(sources, file)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

const statements = (): string[] => filesUnder(sources).filter((file) => file.endsWith('.sql'));

/** CommonJS packages in an ES module find `require` and `__dirname` where they look for them. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join(' ');

const quoted = (path: string): string => `"${path}"`;

/**
 * How a function is bundled: one minified ES module with the AWS clients of the lockfile in it; beside it the statements
 * (no two have one name), the Parquet writer's WebAssembly and, for functions that grow trees, the thread's entry.
 */
export function bundling({ threads = false }: { readonly threads?: boolean }): BundlingOptions {
  const esbuildOptions = ['--bundle', '--platform=node', '--format=esm', '--target=node24', '--minify'].join(' ');
  const wasm = join(projectRoot, 'node_modules/parquet-wasm/node/parquet_wasm_bg.wasm');
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    banner,
    define: { WINBACK_CODE_VERSION: JSON.stringify(sourcesVersion()) },
    externalModules: ['@duckdb/node-api'],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_, output) => [
        `cp ${[...statements(), wasm].map(quoted).join(' ')} ${quoted(output)}`,
        ...(threads
          ? [
              `node_modules/.bin/esbuild ${quoted(join(sources, 'model/forest-worker.ts'))} ${esbuildOptions} --outfile=${quoted(join(output, 'forest-worker.mjs'))}`,
            ]
          : []),
      ],
    },
  };
}
