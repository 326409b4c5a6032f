import type { Table as ArrowTable } from 'apache-arrow';

/**
 * Rows of customer_features or customer_snapshots column by column: integers as they are, dates as days since
 * 1970-01-01, money in ten-thousandths. `numbers(name)` replaces nulls by the given value.
 */
export interface FeatureRows {
  readonly rows: number;
  readonly customerKeys: readonly string[];
  numbers(name: string, ifNull?: number): Float64Array;
  texts(name: string): readonly (string | null)[];
}

/** A Parquet file of features lacks a column that the model reads. */
export class FeatureColumnMissing extends Error {}

/** Each decimal is two little-endian 64-bit words; amounts of up to 2^53 ten-thousandths fit the lower one. */
const lowWord = (words: BigInt64Array, index: number): number => Number(words[2 * index]);

function chunkNumbers(
  values: ArrayLike<number> | BigInt64Array | Uint32Array,
  isDecimal: boolean,
): (i: number) => number {
  if (isDecimal && values instanceof Uint32Array) {
    const words = new BigInt64Array(values.buffer, values.byteOffset, values.byteLength / 8);
    return (i) => lowWord(words, i);
  }
  return values instanceof BigInt64Array ? (i) => Number(values[i]) : (i) => Number(values[i]);
}

function numberColumn(table: ArrowTable, name: string, ifNull: number): Float64Array {
  const column = table.getChild(name);
  if (!column) throw new FeatureColumnMissing(`the features have no column ${name}`);
  const isDecimal = String(column.type).startsWith('Decimal');
  const result = new Float64Array(table.numRows);
  let at = 0;
  for (const data of column.data) {
    const valueAt = chunkNumbers(data.values as Uint32Array, isDecimal);
    for (let i = 0; i < data.length; i++) {
      result[at++] = data.nullCount > 0 && !data.getValid(i) ? ifNull : valueAt(i);
    }
  }
  return result;
}

/** Reads rows out of an Arrow table with the contract's columns. */
export function featureRows(table: ArrowTable): FeatureRows {
  const texts = (name: string) => Array.from(table.getChild(name) ?? [], (value) => value as string | null);
  return {
    rows: table.numRows,
    customerKeys: texts('customer_key').map((key) => key ?? ''),
    numbers: (name, ifNull = 0) => numberColumn(table, name, ifNull),
    texts,
  };
}

/** The rows of several files, one after another. */
export function concatRows(parts: readonly FeatureRows[]): FeatureRows {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    rows,
    customerKeys: parts.flatMap((part) => part.customerKeys),
    numbers(name, ifNull) {
      const all = new Float64Array(rows);
      let at = 0;
      for (const part of parts) {
        all.set(part.numbers(name, ifNull), at);
        at += part.rows;
      }
      return all;
    },
    texts: (name) => parts.flatMap((part) => part.texts(name)),
  };
}

/** Only the given rows, in the given order. */
export function pickRows(from: FeatureRows, picked: ArrayLike<number>): FeatureRows {
  const rows = Uint32Array.from(picked);
  const pick = <T>(all: readonly T[]): T[] => Array.from(rows, (row) => all[row] as T);
  return {
    rows: rows.length,
    customerKeys: pick(from.customerKeys),
    numbers(name, ifNull) {
      const all = from.numbers(name, ifNull);
      const found = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) found[i] = all[rows[i] as number] as number;
      return found;
    },
    texts: (name) => pick(from.texts(name)),
  };
}

/**
 * The rows in order of a column of dates, where one is named, and of their keys: an engine that writes files with many
 * writers puts rows into them in no certain order, and what is learnt from rows depends on it.
 */
export function inKeyOrder(from: FeatureRows, dateColumn?: string): FeatureRows {
  const dates = dateColumn === undefined ? new Float64Array(from.rows) : from.numbers(dateColumn);
  const keys = from.customerKeys;
  const order = Uint32Array.from(keys.keys()).sort(
    (a, b) => (dates[a] as number) - (dates[b] as number) || ((keys[a] as string) < (keys[b] as string) ? -1 : 1),
  );
  return pickRows(from, order);
}

/** The same rows, with columns of numbers read once: for rows that are read over and over. */
export function remembered(from: FeatureRows): FeatureRows {
  const known = new Map<string, Float64Array>();
  return {
    ...from,
    numbers(name, ifNull = 0) {
      const key = `${name} ${ifNull}`;
      const column = known.get(key) ?? from.numbers(name, ifNull);
      known.set(key, column);
      return column;
    },
  };
}
