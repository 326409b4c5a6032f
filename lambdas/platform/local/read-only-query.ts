import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
  StatementType,
} from '@duckdb/node-api';
import { tables } from '../../lake/contract.ts';
import { storedName, type Table } from '../../lake/table.ts';
import { exitCodes, WinbackError } from '../errors.ts';
import type { ObjectStore } from '../object-store.ts';
import { machineTrouble } from './duckdb-engine.ts';
import { nearest } from './nearest.ts';
import { viewsOf } from './views.ts';

/** Somebody's own statement is none that may be run on a lake, or asks for what is not there. */
export class StatementRefused extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

/** A value as JSON has it: whole numbers up to 2^53 as numbers, amounts and larger ones as text, dates as YYYY-MM-DD. */
export type Cell = Json;

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The rows, in batches, fetched as they are asked for. @throws as `readOnlyQuery` does */
  batches(): AsyncIterable<readonly (readonly Cell[])[]>;
  close(): void;
}

const listHint = 'winback sql --tables lists tables, winback sql --tables NAME the columns of one.';

const namesOf = (table: Table): string[] => [...new Set([table.name, storedName(table)])];

/** Tables that a text names anywhere, be it as a column: views over too many tables do no harm. */
function tablesNamed(sql: string, withPersonal: boolean): ReadonlySet<string> {
  const words = new Set(sql.toLowerCase().match(/[a-z_]+/g));
  const readable = tables.filter((table) => withPersonal || !table.personal);
  return new Set(readable.flatMap(namesOf).filter((name) => words.has(name)));
}

function noTable(name: string): StatementRefused {
  const table = tables.find((one) => namesOf(one).includes(name.toLowerCase()));
  if (table?.personal) {
    return new StatementRefused(`the table ${name} holds contact data`, 'Add --personal to read it all the same.');
  }
  const near = nearest(name.toLowerCase(), tables.flatMap(namesOf));
  return new StatementRefused(`there is no table ${name}`, near ? `Do you mean ${near}? ${listHint}` : listHint);
}

function noColumn(name: string, sql: string): StatementRefused {
  const named = tablesNamed(sql, true);
  const columns = tables.filter((table) => namesOf(table).some((one) => named.has(one))).map((table) => table.columns);
  const near = nearest(name.toLowerCase(), columns.flatMap(Object.keys));
  return new StatementRefused(`there is no column ${name}`, near ? `Do you mean ${near}? ${listHint}` : listHint);
}

/** What DuckDB says of a statement, as one sentence. */
function refusal(root: string, sql: string, error: unknown): Error {
  if (!(error instanceof Error) || error instanceof WinbackError) return error as Error;
  const { message } = error;
  const [, table] = /Table with name (\S+) does not exist/.exec(message) ?? [];
  if (table) return noTable(table);
  const [, column] = /column (?:named )?"([^"]+)"/.exec(message) ?? [];
  if (column && /not found|does not have a column/.test(message)) return noColumn(column, sql);
  if (/^Permission Error|Cannot change configuration/.test(message)) {
    return new StatementRefused('the statement reads or writes beside the tables of the lake', listHint);
  }
  const trouble = machineTrouble(root, error);
  if (trouble) return trouble;
  const [what = ''] = message.replace(/^Failed to extract statements: /, '').split('\n');
  const [, number, line] = /\nLINE (\d+): (.*)/.exec(message) ?? [];
  return new StatementRefused(
    `the statement cannot be run: ${what}`,
    line === undefined ? listHint : `See line ${number}: ${line.trim()}`,
  );
}

const comments = /--.*$|\/\*[\s\S]*?\*\//gm;

/** The one statement of a text, if it only reads. @throws StatementRefused */
async function onlyStatement(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (sql.replace(comments, '').trim() === '') throw new StatementRefused('there is no statement', 'Give a select.');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    throw new StatementRefused(
      `these are ${statements.count} statements, and one is run at a time`,
      'Give one select.',
    );
  }
  const statement = await statements.prepare(0);
  if (statement.statementType !== StatementType.SELECT) {
    const kind = StatementType[statement.statementType]?.toLowerCase().replaceAll('_', ' ');
    throw new StatementRefused(
      `a statement of kind ${kind} is not run: the lake is only read`,
      'Give a select; describe and summarize work too.',
    );
  }
  if (statement.parameterCount > 0) {
    throw new StatementRefused('the statement has parameters, and nothing can be bound to them', 'Write values out.');
  }
  return statement;
}

const exact: DuckDBValueConverter<Json> = (value, type, converter) =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value))
    ? Number(value)
    : JsonDuckDBValueConverter(value, type, converter);

/** Opens views, then locks DuckDB: from then on it can open the objects of these views and no other file. */
async function lockedConnection(
  instance: DuckDBInstance,
  { views, keys }: Awaited<ReturnType<typeof viewsOf>>,
  root: string,
): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  for (const view of views) await connection.run(view);
  const paths = keys.map((key) => `'${join(root, key).replaceAll("'", "''")}'`);
  await connection.run(`set allowed_paths = [${paths.join(', ')}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
  return connection;
}

const resultOf = (root: string, sql: string, result: DuckDBResult, close: () => void): QueryResult => ({
  columns: result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(result.columnType(i)) })),
  async *batches() {
    try {
      yield* result.yieldConvertedRows(exact);
    } catch (error) {
      throw refusal(root, sql, error);
    }
  },
  close,
});

/**
 * Runs somebody's own statement on the tables of a lake in a folder: one, that only reads, in a DuckDB that can open the
 * objects of the tables named and nothing else. Names are those of the contract: `<table>` as published, `<table>_runs`
 * with all runs.
 * @param withPersonal also the tables with contact data
 * @throws StatementRefused when it is more than one statement, does more than read, or names what is not there
 * @throws LakeAccessError when the machine is in the way
 */
export async function readOnlyQuery(
  store: ObjectStore,
  root: string,
  sql: string,
  withPersonal: boolean,
): Promise<QueryResult> {
  const views = await viewsOf(store, root, tablesNamed(sql, withPersonal));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '800MB',
    temp_directory: join(root, '.spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await lockedConnection(instance, views, root);
    const statement = await onlyStatement(connection, sql);
    return resultOf(root, sql, await statement.stream(), () => instance.closeSync());
  } catch (error) {
    instance.closeSync();
    throw refusal(root, sql, error);
  }
}
