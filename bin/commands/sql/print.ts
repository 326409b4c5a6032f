import { once } from 'node:events';
import { isoDate } from '../../../lambdas/lake/day.ts';
import type { PublishedRun } from '../../../lambdas/night/published.ts';
import type { Cell, QueryResult } from '../../../lambdas/platform/local/read-only-query.ts';
import { csvRecord } from '../../../lambdas/publish/files/cells.ts';
import { plural } from '../../../lambdas/wording/counts.ts';
import { jsonWithLists } from '../../json-lists.ts';
import { type Terminal, tableLines } from '../../terminal.ts';

const shownRows = 100;
/** A longer text is cut in a table of several columns. */
const longestCell = 80;

const textOf = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);

const write = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
};

/** The first rows under each other, and how many there are. */
export async function printTable(result: QueryResult, current: PublishedRun | null, terminal: Terminal): Promise<void> {
  const shown: string[][] = [];
  const cut = (text: string): string =>
    result.columns.length > 1 && text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
  let rows = 0;
  for await (const batch of result.batches()) {
    rows += batch.length;
    for (const row of batch.slice(0, shownRows - shown.length)) shown.push(row.map((cell) => cut(textOf(cell))));
  }
  const names = result.columns.map(({ name }) => name);
  for (const line of tableLines(names, shown)) terminal.line(line);
  terminal.line();
  const of = current ? `published: the night of ${isoDate(current.as_of)}` : 'no night is published yet';
  const first = rows > shownRows ? `the first ${shownRows} of ` : '';
  const all = rows > shownRows ? '; --csv or --json prints all' : '';
  terminal.line(terminal.style('dim', `  ${first}${plural(rows, 'row')}${all} (${of})`));
}

/** All rows as CSV (RFC 4180), texts as they are; a null is an empty field. */
export async function printCsv(result: QueryResult): Promise<void> {
  await write(csvRecord(result.columns.map(({ name }) => name)));
  for await (const batch of result.batches()) await write(batch.map((row) => csvRecord(row.map(textOf))).join(''));
}

/** All rows as one JSON object, each row an object by column. */
export async function printJson(result: QueryResult, current: PublishedRun | null): Promise<void> {
  const rows: Record<string, Cell>[] = [];
  for await (const batch of result.batches()) {
    for (const row of batch) {
      rows.push(Object.fromEntries(result.columns.map(({ name }, i) => [name, row[i] ?? null])));
    }
  }
  const head = { as_of: current ? isoDate(current.as_of) : null, run_id: current?.run_id ?? null };
  for (const text of jsonWithLists({ ...head, columns: result.columns }, { rows })) await write(text);
}
