import { DataType, type RecordBatch, TimeUnit, tableFromIPC, type Vector } from 'apache-arrow';
import { ParquetFile, type RecordBatch as WasmBatch } from 'parquet-wasm';
import type { Column, Columns, ColumnType, RowOf } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';
import { LakeAccessError } from './errors.ts';

const batchRows = 8_192;

/** A Parquet object that is read in batches, some columns or all, as often as wanted. */
export interface ParquetObject {
  /** Names of its columns. */
  readonly columns: readonly string[];
  batches(columns?: readonly string[]): AsyncGenerator<RecordBatch>;
}

/** Opens a Parquet object. Besides its bytes, memory holds a row group and a batch at a time. */
export async function openParquet(body: Uint8Array): Promise<ParquetObject> {
  const file = await ParquetFile.fromFile(new Blob([body as Uint8Array<ArrayBuffer>]));
  const columns = tableFromIPC(file.schema().intoIPCStream()).schema.fields.map(({ name }) => name);

  async function* batches(wanted: readonly string[] = columns): AsyncGenerator<RecordBatch> {
    const stream: ReadableStream<WasmBatch> = await file.stream({ columns: [...wanted], batchSize: batchRows });
    for await (const batch of stream) yield* tableFromIPC(batch.intoIPCStream()).batches;
  }
  return { columns, batches };
}

/** Powers of ten that bring a timestamp of an Arrow unit to microseconds. */
const microsPer: Readonly<Record<TimeUnit, (value: bigint) => bigint>> = {
  [TimeUnit.SECOND]: (value) => value * 1_000_000n,
  [TimeUnit.MILLISECOND]: (value) => value * 1_000n,
  [TimeUnit.MICROSECOND]: (value) => value,
  [TimeUnit.NANOSECOND]: (value) => value / 1_000n,
};

type ValueAt = (i: number) => unknown;

const readers: Readonly<Record<ColumnType, (column: Vector) => ValueAt | null>> = {
  varchar: (column) => (DataType.isUtf8(column.type) ? (i) => column.get(i) : null),
  boolean: (column) => (DataType.isBool(column.type) ? (i) => column.get(i) : null),
  integer: (column) => (DataType.isInt(column.type) ? (i) => Number(column.get(i)) : null),
  bigint: (column) => (DataType.isInt(column.type) ? (i) => Number(column.get(i)) : null),
  double: (column) => (DataType.isFloat(column.type) ? (i) => column.get(i) : null),
  date(column) {
    const values: Int32Array = column.data[0]?.values;
    return DataType.isDate(column.type) && values instanceof Int32Array ? (i) => values[i] : null;
  },
  timestamp(column) {
    if (!DataType.isTimestamp(column.type)) return null;
    const toMicros = microsPer[column.type.unit];
    const values: BigInt64Array = column.data[0]?.values;
    return (i) => toMicros(values[i]!);
  },
  money(column) {
    if (!DataType.isDecimal(column.type) || column.type.scale !== 4) return null;
    const words: Uint32Array = column.data[0]?.values;
    const longs = new BigInt64Array(words.buffer, words.byteOffset, words.byteLength / 8);
    return (i) => longs[2 * i];
  },
};

function readerOf(table: Table, name: string, column: Column, batch: RecordBatch): ValueAt {
  const values = batch.getChild(name);
  const valueAt = values && readers[column.type](values);
  if (values && valueAt) return (i) => (values.isValid(i) ? valueAt(i) : null);
  throw new LakeAccessError(
    `an object of ${table.name} has ${values ? `${values.type} as ${name}, not ${column.type}` : `no column ${name}`}`,
    'It was not written by this version: restore it, or run the night again.',
  );
}

/**
 * Rows of a batch of a table's columns, as the contract has them.
 * @throws LakeAccessError for a column that is missing or of another type
 */
export function* batchRowsOf<C extends Columns>(table: Table<C>, batch: RecordBatch): Generator<RowOf<C>> {
  const columns = Object.entries(table.columns).map(
    ([name, column]) => [name, readerOf(table, name, column, batch)] as const,
  );
  for (let i = 0; i < batch.numRows; i++) {
    yield Object.fromEntries(columns.map(([name, valueAt]) => [name, valueAt(i)])) as RowOf<C>;
  }
}
