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

/** Whether an engine was asked what a file says, whatever was bound to its parameters. */
export function isStatementOf({ text }: StatementFile, sql: string): boolean {
  const asked = within(sql);
  const [first = '', ...others] = text.trim().replace(/;$/, '').split(parameter);
  if (!asked.startsWith(first)) return false;
  let from = first.length;
  for (const part of others.slice(0, -1)) {
    const at = asked.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  const last = others.at(-1);
  if (last === undefined) return asked.length === from;
  return asked.length >= from + last.length && asked.endsWith(last);
}
