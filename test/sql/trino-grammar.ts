import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

interface Grammar {
  validate(sql: string): readonly { startLine: number; startColumn: number; message: string }[];
}

/**
 * Trino's grammar, as a function from SQL to what it objects to. The package's modules import one another without file
 * extensions, which Node refuses, so they are bundled first.
 */
export async function trinoGrammar(): Promise<(sql: string) => string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'winback-grammar-'));
  try {
    const outfile = join(folder, 'grammar.mjs');
    await build({
      stdin: { contents: "export { TrinoSQL } from 'dt-sql-parser';", resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      outfile,
    });
    const { TrinoSQL } = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
      TrinoSQL: new () => Grammar;
    };
    const grammar = new TrinoSQL();
    return (sql) => grammar.validate(sql).map((e) => `${e.startLine}:${e.startColumn} ${e.message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
