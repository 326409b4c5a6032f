import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** A statement of the product as it lies in its file. */
export interface StatementFile {
  /** Path below the project's root. */
  readonly path: string;
  readonly text: string;
}

/** Every `.sql` file of folders of the project. */
export const statementFiles = (...folders: readonly string[]): StatementFile[] =>
  folders
    .flatMap((folder) => {
      const files = readdirSync(`${projectRoot}${folder}`, { recursive: true, encoding: 'utf8' });
      return files.map((file) => `${folder}/${file}`);
    })
    .filter((path) => path.endsWith('.sql'))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${projectRoot}${path}`, 'utf8') }));

const parameter = /(?<![:\w]):[a-z_]+\b/g;

/** Statement that a step or command asked for: what stands within the casts and the order that every engine adds. */
const within = (sql: string): string => /\bfrom \(\n([\s\S]*)\n\) as result order by /.exec(sql)?.[1] ?? sql;

/** What can be bound: a date, a number, an identifier, an amount, or rows of these. */
const literal = String.raw`(?:date '[^']*'|-?\d+|'[^']*'|cast\('[^']*' as decimal\(\d+,\d+\)\)|\([\s\S]*\))`;

const plainly = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether an engine was asked what a file says, whatever was bound to its parameters. */
export function isStatementOf({ text }: StatementFile, sql: string): boolean {
  const parts = text.trim().replace(/;$/, '').split(parameter).map(plainly);
  return new RegExp(`^${parts.join(literal)}$`).test(within(sql));
}
