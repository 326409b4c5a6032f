import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A source file of the project; `path` is relative to its root and uses `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** `text` without comments. */
  readonly code: string;
  readonly imports: readonly string[];
}

const isSource = (path: string): boolean => /\.(ts|js|mjs)$/.test(path);

/** Texts and regular expressions are kept, comments go; what looks like a comment inside a text stays. */
const comments = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/.*$/gm;

const specifiers = [
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"]([^'"]+\.(?:ts|js|mjs))['"],\s*import\.meta\.url/g,
];

/** What a file imports: packages by name, files of the project by their path from its root. */
function importsOf(path: string, code: string): string[] {
  const found = specifiers.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
  return found.map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name));
}

/** The source files below folders of a root, in order of path. */
export function sourcesIn(root: string, folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => posix.join(folder, file)),
    )
    .filter(isSource)
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const code = text.replace(comments, (_, kept?: string) => kept ?? '');
      return { path, text, code, imports: importsOf(path, code) };
    });
}
