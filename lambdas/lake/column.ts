/**
 * The types that a lake column may have. Each has one spelling per engine and one JavaScript value, so that a row means
 * the same in Parquet, DuckDB, Trino and TypeScript.
 */
export type ColumnType = 'varchar' | 'boolean' | 'integer' | 'bigint' | 'double' | 'date' | 'timestamp' | 'money';

/**
 * JavaScript value of a column.
 * - `bigint` columns hold counts and day sums, which stay within 2^53 and are plain numbers here
 * - `date` is a count of days since 1970-01-01
 * - `timestamp` is UTC in microseconds since 1970-01-01T00:00:00Z
 * - `money` is an amount in ten-thousandths of the currency unit
 */
export interface ColumnValues {
  varchar: string;
  boolean: boolean;
  integer: number;
  bigint: number;
  double: number;
  date: number;
  timestamp: bigint;
  money: bigint;
}

export interface Column<T extends ColumnType = ColumnType, N extends boolean = boolean> {
  readonly type: T;
  readonly nullable: N;
  /** What a value says, for somebody who reads only this sentence. */
  readonly meaning: string;
  /** What one is counted in: days, orders, customers, percent, the reporting currency. */
  readonly unit?: string;
}

export type Columns = Readonly<Record<string, Column>>;

/** The row that a set of columns describes. */
export type RowOf<C extends Columns> = {
  -readonly [K in keyof C]: C[K]['nullable'] extends true
    ? ColumnValues[C[K]['type']] | null
    : ColumnValues[C[K]['type']];
};

/** Some of the columns of a table, as they are there: for what a statement reads of it unchanged. */
export const pick = <C extends Columns, K extends keyof C & string>(columns: C, ...names: readonly K[]): Pick<C, K> =>
  Object.fromEntries(names.map((name) => [name, columns[name]])) as Pick<C, K>;

const required =
  <T extends ColumnType>(type: T) =>
  (meaning: string, unit?: string): Column<T, false> => ({ type, nullable: false, meaning, ...(unit && { unit }) });

const optional =
  <T extends ColumnType>(type: T) =>
  (meaning: string, unit?: string): Column<T, true> => ({ type, nullable: true, meaning, ...(unit && { unit }) });

export const text = required('varchar');
export const flag = required('boolean');
export const integer = required('integer');
export const count = required('bigint');
export const real = required('double');
export const date = required('date');
export const timestamp = required('timestamp');
export const money = required('money');

export const optionalText = optional('varchar');
export const optionalFlag = optional('boolean');
export const optionalInteger = optional('integer');
export const optionalCount = optional('bigint');
export const optionalReal = optional('double');
export const optionalDate = optional('date');
export const optionalMoney = optional('money');

/** How a column type is spelled in SQL; DuckDB, Trino and Athena agree on all of them. */
export const sqlTypes: Readonly<Record<ColumnType, string>> = {
  varchar: 'varchar',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double',
  date: 'date',
  timestamp: 'timestamp',
  money: 'decimal(18,4)',
};
