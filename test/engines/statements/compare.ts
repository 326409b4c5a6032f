import type { ResultTable } from '../../support/athena/backend.ts';

/** Doubles may differ by this share of the larger one: engines add up in different orders. All else must be equal. */
export const doubleTolerance = 1e-9;

type Value = string | null;

/** DuckDB leaves out the fraction of a full second, Trino writes it. */
const withoutZeros = (time: Value): Value => time?.replace(/\.0+$/, '') ?? null;

function isEqual(type: string, a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (type === 'timestamp') return withoutZeros(a) === withoutZeros(b);
  if (type !== 'double') return false;
  return Math.abs(Number(a) - Number(b)) <= doubleTolerance * Math.max(1, Math.abs(Number(a)), Math.abs(Number(b)));
}

const shown = (value: Value | undefined): string => JSON.stringify(value) ?? 'nothing';

/** The first difference between two results, or null. */
export function firstDifference(duckDb: ResultTable, trino: ResultTable): string | null {
  const [names, others] = [duckDb.names.join(', '), trino.names.join(', ')];
  if (names !== others) return `the columns ${names} on DuckDB, ${others} on Trino`;
  if (duckDb.rows.length !== trino.rows.length) {
    return `${duckDb.rows.length} rows on DuckDB, ${trino.rows.length} on Trino`;
  }
  for (const [index, row] of duckDb.rows.entries()) {
    for (const [column, name] of duckDb.names.entries()) {
      const [a = null, b = null] = [row[column], trino.rows[index]?.[column]];
      if (isEqual(duckDb.types[column] ?? '', a, b)) continue;
      return `row ${index + 1}, ${name}: ${shown(a)} on DuckDB, ${shown(b)} on Trino`;
    }
  }
  return null;
}
