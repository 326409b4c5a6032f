import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import type { Column, ColumnType } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';

const arrowTypes: Readonly<Record<ColumnType, () => DataType>> = {
  varchar: () => new Utf8(),
  boolean: () => new Bool(),
  integer: () => new Int32(),
  bigint: () => new Int64(),
  double: () => new Float64(),
  date: () => new DateDay(),
  timestamp: () => new TimestampMicrosecond(null),
  money: () => new Decimal(4, 18, 128),
};

/** The Arrow schema of a table. */
export const arrowSchema = (table: Table): Schema =>
  new Schema(Object.entries(table.columns).map(([name, c]) => new Field(name, arrowTypes[c.type](), c.nullable)));

const encoder = new TextEncoder();

function utf8(values: readonly unknown[], length: number) {
  const offsets = new Int32Array(length + 1);
  let capacity = 16;
  for (let i = 0; i < length; i++) capacity += ((values[i] as string | null)?.length ?? 0) * 3;
  const data = new Uint8Array(capacity);
  let end = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i] as string | null;
    if (i > 0 && value !== null && value === values[i - 1]) {
      // columns such as source and ingest_id say the same thing row after row
      const start = offsets[i - 1] as number;
      data.copyWithin(end, start, end);
      end += end - start;
    } else if (value !== null) end += encoder.encodeInto(value, data.subarray(end)).written;
    offsets[i + 1] = end;
  }
  return { valueOffsets: offsets, data: data.slice(0, end) };
}

/** Two little-endian 64-bit words per value, the upper one carrying the sign. */
function decimal128(values: readonly unknown[], length: number): Uint32Array {
  const words = new BigInt64Array(length * 2);
  for (let i = 0; i < length; i++) {
    const value = (values[i] as bigint | null) ?? 0n;
    words[2 * i] = value;
    words[2 * i + 1] = value < 0n ? -1n : 0n;
  }
  return new Uint32Array(words.buffer);
}

function bits(length: number, isSet: (index: number) => boolean): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  for (let i = 0; i < length; i++) if (isSet(i)) bitmap[i >> 3] |= 1 << (i & 7);
  return bitmap;
}

const int64 = (values: readonly unknown[], length: number): BigInt64Array => {
  const data = new BigInt64Array(length);
  for (let i = 0; i < length; i++) data[i] = BigInt((values[i] as number | bigint | null) ?? 0);
  return data;
};

const numeric = <A extends Int32Array | Float64Array>(data: A, values: readonly unknown[]): A => {
  for (let i = 0; i < data.length; i++) data[i] = (values[i] as number | null) ?? 0;
  return data;
};

function arrowBuffers(type: ColumnType, values: readonly unknown[], length: number): Record<string, unknown> {
  switch (type) {
    case 'varchar':
      return utf8(values, length);
    case 'boolean':
      return { data: bits(length, (i) => values[i] === true) };
    case 'integer':
    case 'date':
      return { data: numeric(new Int32Array(length), values) };
    case 'double':
      return { data: numeric(new Float64Array(length), values) };
    case 'bigint':
    case 'timestamp':
      return { data: int64(values, length) };
    case 'money':
      return { data: decimal128(values, length) };
  }
}

function arrowColumn(name: string, column: Column, values: readonly unknown[], length: number) {
  let nullCount = 0;
  for (let i = 0; i < length; i++) if (values[i] === null || values[i] === undefined) nullCount++;
  if (nullCount > 0 && !column.nullable) throw new TypeError(`column ${name} may not be null`);
  return makeData({
    type: arrowTypes[column.type](),
    length,
    nullCount,
    ...(nullCount > 0 && { nullBitmap: bits(length, (i) => values[i] !== null && values[i] !== undefined) }),
    ...arrowBuffers(column.type, values, length),
  } as Parameters<typeof makeData>[0]);
}

/** One Arrow batch of a table from its values column by column; `columns[name][i]` belongs to row i. */
export function recordBatch(
  table: Table,
  columns: Readonly<Record<string, readonly unknown[]>>,
  length: number,
): RecordBatch {
  const schema = arrowSchema(table);
  const children = Object.entries(table.columns).map(([name, c]) => arrowColumn(name, c, columns[name] ?? [], length));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}
