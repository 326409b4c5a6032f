import { type Columns, type RowOf, sqlTypes } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';
import type { Run, RunName } from '../lake/zones.ts';
import type { Statement } from './statement.ts';

/** The columns a result is read as, and those that put it in order. */
export interface ResultShape<C extends Columns = Columns> {
  readonly columns: C;
  /** Names a row uniquely: results come in this order, whatever the engine. */
  readonly key: readonly string[];
}

/** A statement's rows cast to the types of a shape and put in order of its key: what every adapter runs. */
export function shapedSql(statement: Statement, { columns, key }: ResultShape): string {
  const casts = Object.entries(columns).map(([name, { type }]) => `cast(${name} as ${sqlTypes[type]}) as ${name}`);
  return `select ${casts.join(', ')} from (\n${statement.sql}\n) as result order by ${key.join(', ')}`;
}

/** A partition as written: its objects and their rows. */
export interface Partition {
  readonly rows: number;
  readonly files: readonly { readonly key: string; readonly rows: number }[];
}

export interface Scanned {
  readonly bytes: number;
  readonly billedBytes: number;
}

/**
 * The SQL engine over the lake's tables. Statements read `<table>` for ingested tables and for what is published, and
 * `<table>_runs` with `as_of` and `run_id` for what this run has written.
 */
export interface QueryEngine {
  /**
   * Rows of a statement, cast to the shape's types and sorted by its key.
   * @throws QueryError when the engine refuses or fails the statement
   */
  stream<C extends Columns>(statement: Statement, shape: ResultShape<C>): AsyncIterable<RowOf<C>>;
  /**
   * Writes a statement's rows as this run's partition of a run table, cast to the contract's types and sorted by its
   * key, and registers it. The partition is there whole or not at all; one that is registered already stays.
   */
  materialise(statement: Statement, table: Table, run: Run): Promise<Partition>;
  /** Registers a partition whose objects have been written under its run prefix; one that is registered already stays. */
  register(table: Table, run: Run): Promise<void>;
  /** Takes partitions of runs out of a table, whichever attempt registered them; their objects stay. */
  forget(table: Table, runs: readonly RunName[]): Promise<void>;
  /** Bytes that all statements so far have read, and those of them that are paid for; left out where nobody tells. */
  scanned?(): Scanned;
}

/** All rows of a small result. */
export async function rowsOf<C extends Columns>(
  engine: QueryEngine,
  statement: Statement,
  shape: ResultShape<C>,
): Promise<RowOf<C>[]> {
  const rows: RowOf<C>[] = [];
  for await (const row of engine.stream(statement, shape)) rows.push(row);
  return rows;
}
