import type { Columns, ColumnType, RowOf } from '../../../lambdas/lake/column.ts';
import { parseIsoDate } from '../../../lambdas/lake/day.ts';
import { QueryError } from '../../../lambdas/platform/errors.ts';
import { type QueryEngine, type ResultShape, shapedSql } from '../../../lambdas/platform/query-engine.ts';
import type { Statement } from '../../../lambdas/platform/statement.ts';
import { trinoRows } from './client.ts';
import type { TrinoServer } from './server.ts';
import { registerPartition } from './tables.ts';

const microsOf = (text: string): bigint => {
  const [, seconds = '', fraction = ''] = /^([^.]+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
};

function decode(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'date') return parseIsoDate(String(value));
  if (type === 'timestamp') return microsOf(String(value));
  if (type === 'money') return BigInt(String(value).replace('.', ''));
  if (type === 'double') return Number(value);
  return value;
}

/** Reads a lake in a folder through Trino, with the rows, types and order that every query engine owes. */
export function trinoEngine(
  server: TrinoServer,
  schema: string,
  root: string,
): Pick<QueryEngine, 'stream' | 'register'> {
  async function* stream<C extends Columns>(statement: Statement, shape: ResultShape<C>): AsyncGenerator<RowOf<C>> {
    const rows = await trinoRows(server.url, schema, shapedSql(statement, shape)).catch((error: Error) => {
      throw new QueryError(statement.name, statement.sql, { cause: error });
    });
    const columns = Object.entries(shape.columns);
    for (const values of rows) {
      yield Object.fromEntries(columns.map(([name, { type }], i) => [name, decode(type, values[i])])) as RowOf<C>;
    }
  }
  return { stream, register: (table, run) => registerPartition(server, schema, root, table, run) };
}
