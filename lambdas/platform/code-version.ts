import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

declare const WINBACK_CODE_VERSION: string | undefined;

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? sourceFiles(path) : [path];
    });
}

/**
 * Names the code that computes a night, so that changed code makes a new run: in a bundle the version put in at build
 * time, else a hash over the sources of the pipeline.
 */
export function codeVersion(): string {
  if (typeof WINBACK_CODE_VERSION === 'string') return WINBACK_CODE_VERSION;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256');
  for (const file of sourceFiles(root)) hash.update(`${file.slice(root.length)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
