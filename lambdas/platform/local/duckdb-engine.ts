import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Columns, ColumnType, RowOf } from '../../lake/column.ts';
import type { Table } from '../../lake/table.ts';
import { type Run, runPrefix } from '../../lake/zones.ts';
import { LakeAccessError, QueryError, WinbackError } from '../errors.ts';
import type { ObjectStore } from '../object-store.ts';
import { type Partition, type QueryEngine, type ResultShape, shapedSql } from '../query-engine.ts';
import type { Statement } from '../statement.ts';
import { makeFolder } from './make-folder.ts';
import { forgetPartitions, registerPartition, viewsFor } from './views.ts';

/** Changing it changes the bytes of every unloaded table. */
const rowGroupRows = 122_880;

function decode(type: ColumnType, value: DuckDBValue): unknown {
  if (value === null) return null;
  if (type === 'bigint' && typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBTimestampValue) return value.micros;
  return value;
}

/** Errors of files, disk or memory, as the operating system and DuckDB put them; all others are defects of a statement. */
const isTroubleOfTheMachine = (error: Error): boolean =>
  'code' in error ||
  /^(IO Error|Out of Memory Error)|No magic bytes|parquet file|No space left|TProtocolException/i.test(error.message);

/** What is wrong with the machine, where that is what an error of DuckDB tells; null for a defect of a statement. */
export function machineTrouble(root: string, error: Error): LakeAccessError | null {
  if (!isTroubleOfTheMachine(error)) return null;
  const [what] = error.message.split('\n');
  return new LakeAccessError(
    `the lake ${root} cannot be used: ${what}`,
    'Free some space or memory, or restore the file named.',
    { cause: error },
  );
}

export interface DuckDbEngine extends QueryEngine {
  close(): void;
}

export interface DuckDbOptions {
  /** Folder of the lake: keys of the object store are paths below it. */
  readonly root: string;
  readonly threads?: number;
}

/** The query engine of a lake in a folder. Statements begin one after the other; rows are fetched as they are asked for. */
export async function duckDbEngine(store: ObjectStore, options: DuckDbOptions): Promise<DuckDbEngine> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '800MB',
    ...(options.threads && { threads: String(options.threads) }),
    temp_directory: join(options.root, '.spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection: DuckDBConnection = await instance.connect();
  let last: Promise<unknown> = Promise.resolve();

  /** Runs when all earlier work is done, so that views and the statement that reads them stay together. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  async function prepare(statement: Statement, on: DuckDBConnection): Promise<void> {
    for (const view of await viewsFor(store, options.root, statement.sql)) await on.run(view);
  }

  const failed = (statement: Statement) => (error: unknown) => {
    if (error instanceof WinbackError) throw error;
    const cause = error as Error;
    throw machineTrouble(options.root, cause) ?? new QueryError(statement.name, statement.sql, { cause });
  };

  async function* stream<C extends Columns>(statement: Statement, shape: ResultShape<C>): AsyncGenerator<RowOf<C>> {
    const names = Object.keys(shape.columns);
    const types = Object.values(shape.columns).map((column) => column.type);
    // a connection of its own: other statements run while the rows are fetched
    const reading = await instance.connect();
    try {
      const result = await inTurn(async () => {
        await prepare(statement, reading);
        return reading.stream(shapedSql(statement, shape));
      });
      for await (const rows of result.yieldRows()) {
        for (const values of rows) {
          yield Object.fromEntries(
            names.map((name, i) => [name, decode(types[i] ?? 'varchar', values[i] ?? null)]),
          ) as RowOf<C>;
        }
      }
    } catch (error) {
      failed(statement)(error);
    } finally {
      reading.closeSync();
    }
  }

  async function materialise(statement: Statement, table: Table, run: Run): Promise<Partition> {
    const key = `${runPrefix(table, run)}part-00000.parquet`;
    const path = join(options.root, key);
    const copied = await inTurn(async () => {
      await makeFolder(join(options.root, runPrefix(table, run)));
      await prepare(statement, connection);
      return connection.runAndReadAll(
        `copy (${shapedSql(statement, table)}) to '${path.replaceAll("'", "''")}' ` +
          `(format parquet, compression zstd, row_group_size ${rowGroupRows})`,
      );
    }).catch(failed(statement));
    const rows = Number(copied?.getRows()[0]?.[0] ?? 0);
    await registerPartition(store, table, run);
    return { rows, files: [{ key, rows }] };
  }

  return {
    stream,
    materialise,
    register: (table, run) => registerPartition(store, table, run),
    forget: (table, runs) => forgetPartitions(store, table, runs),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
