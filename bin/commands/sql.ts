import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { publishedNights } from '../../lambdas/night/published.ts';
import { type ExitCode, exitCodes, FileAccessError, UsageError } from '../../lambdas/platform/errors.ts';
import { systemReason } from '../../lambdas/platform/system-error.ts';
import { type Arguments, type Command, jsonOption, lakeOption } from '../command.ts';
import { existingLake } from '../local-lake.ts';
import type { Terminal } from '../terminal.ts';
import { printCsv, printJson, printTable } from './sql/print.ts';
import { showTable, showTables } from './sql/tables.ts';

/** Whether something is piped or redirected to standard input; a terminal or `/dev/null` holds no statement. */
function isInputGiven(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false;
  }
}

/** The statement named: as a word, in a file, or on standard input; null where there is none. */
async function statementOf(given: Arguments): Promise<string | null> {
  const [word, ...others] = given.words;
  const path = given.text('file');
  if (others.length > 0 || (word !== undefined && path !== undefined)) {
    throw new UsageError('more than one statement is named', 'Put one in quotes: winback sql "select …".');
  }
  if (path !== undefined) {
    return readFile(path, 'utf8').catch((error: unknown) => {
      throw new FileAccessError(`the statement ${path} cannot be read: ${systemReason(error)}`, 'Check --file.', {
        cause: error,
      });
    });
  }
  if (word !== undefined) return word;
  const piped = isInputGiven() ? await text(process.stdin) : '';
  return piped.trim() === '' ? null : piped;
}

async function query(sql: string, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { root, store } = await existingLake(given);
  const { readOnlyQuery } = await import('../../lambdas/platform/local/read-only-query.ts');
  const { nights } = await publishedNights(store);
  const current = nights.find((night) => night.is_current) ?? null;
  const result = await readOnlyQuery(store, root, sql, given.has('personal'));
  try {
    if (terminal.isJson) await printJson(result, current);
    else if (given.has('csv')) await printCsv(result);
    else await printTable(result, current, terminal);
    return exitCodes.ok;
  } finally {
    result.close();
  }
}

export const sql: Command = {
  name: 'sql',
  usage: 'sql ["SELECT …" | --file FILE | --tables [NAME]] [--csv] [--lake DIR]',
  summary: 'Ask the tables of the lake: one statement that only reads; without any, the tables there are.',
  options: {
    file: { type: 'string', value: 'FILE', help: 'file with the statement; standard input works too' },
    tables: { type: 'boolean', help: 'list tables; with a NAME, the columns of that one' },
    csv: { type: 'boolean', help: 'print all rows as CSV' },
    personal: { type: 'boolean', help: 'also read the tables with contact data' },
    lake: lakeOption,
    json: jsonOption,
  },
  async run(given, terminal) {
    if (given.has('csv') && terminal.isJson) throw new UsageError('both --csv and --json are given', 'Choose one.');
    if (given.has('tables')) {
      const [name] = given.words;
      return name === undefined ? showTables(terminal) : showTable(name, terminal);
    }
    const statement = await statementOf(given);
    return statement === null ? showTables(terminal) : query(statement, given, terminal);
  },
};
