import type { Columns } from '../../lambdas/lake/column.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import { partitionColumns, storedName } from '../../lambdas/lake/table.ts';
import type { QueryEngine, ResultShape } from '../../lambdas/platform/query-engine.ts';
import type { RecordedStatement } from './record.ts';

/** Doubles may differ by this share of the larger one: engines add up in different orders. All else must be equal. */
export const doubleTolerance = 1e-9;

/** What came of running one statement on both engines; no difference when they agree. */
export interface Comparison {
  readonly name: string;
  readonly rows: number;
  readonly difference: string | null;
}

type Row = Readonly<Record<string, unknown>>;
type Reader = Pick<QueryEngine, 'stream'>;

function isEqual(type: string, a: unknown, b: unknown): boolean {
  if (type !== 'double' || typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= doubleTolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

const shown = (value: unknown): string => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));

/** The first difference between two results, or null. */
export function firstDifference(columns: Columns, duckDb: readonly Row[], trino: readonly Row[]): string | null {
  if (duckDb.length !== trino.length) return `${duckDb.length} rows on DuckDB, ${trino.length} on Trino`;
  for (const [index, row] of duckDb.entries()) {
    for (const [name, { type }] of Object.entries(columns)) {
      const [a, b] = [row[name], trino[index]?.[name]];
      if (!isEqual(type, a, b)) return `row ${index + 1}, ${name}: ${shown(a)} on DuckDB, ${shown(b)} on Trino`;
    }
  }
  return null;
}

/** Every table as stored and every view of what is published, as statements of their own. */
export function wholeTables(): RecordedStatement[] {
  return tables.flatMap((table) => {
    const isRun = table.kind === 'run';
    const shape: ResultShape = {
      columns: { ...table.columns, ...(isRun && partitionColumns) },
      key: isRun ? [...Object.keys(partitionColumns), ...table.key] : table.key,
    };
    const names = isRun ? [storedName(table), table.name] : [table.name];
    return names.map((name) => ({ statement: { name: `table ${name}`, sql: `select * from ${name}` }, shape }));
  });
}

async function allRows(engine: Reader, { statement, shape }: RecordedStatement): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of engine.stream(statement, shape)) rows.push(row);
  return rows;
}

/** Runs a statement on both engines. */
export async function compareOnBoth(recorded: RecordedStatement, duckDb: Reader, trino: Reader): Promise<Comparison> {
  const expected = await allRows(duckDb, recorded);
  const { name } = recorded.statement;
  try {
    const actual = await allRows(trino, recorded);
    return { name, rows: expected.length, difference: firstDifference(recorded.shape.columns, expected, actual) };
  } catch (error) {
    return { name, rows: expected.length, difference: (error as Error).message };
  }
}
