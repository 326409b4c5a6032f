import {
  Bool,
  type Data,
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
import type { Column, Columns, ColumnType, RowOf } from '../lake/column.ts';
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
const arrowSchema = (table: Table): Schema =>
  new Schema(Object.entries(table.columns).map(([name, c]) => new Field(name, arrowTypes[c.type](), c.nullable)));

/** Values of one column, put one after the other into buffers that are used again for the next batch. */
interface ValueBuffers {
  /** Puts the value of row `i`, null as anything; rows come in order. Returns the bytes of texts up to that row. */
  put(i: number, value: unknown): number;
  /** The first `length` values, in Arrow's layout. */
  buffers(length: number): Record<string, unknown>;
}

function texts(room: number): ValueBuffers {
  const offsets = new Int32Array(room + 1);
  let data = Buffer.allocUnsafeSlow(room * 8);
  let last = '';
  const makeRoom = (end: number): void => {
    const wider = Buffer.allocUnsafeSlow(Math.max(end, data.length * 2));
    wider.set(data);
    data = wider;
  };
  return {
    put(i, value) {
      const from = offsets[i]!;
      if (value === null || value === undefined) {
        offsets[i + 1] = from;
        return from;
      }
      const text = value as string;
      if (from + text.length * 3 > data.length) makeRoom(from + text.length * 3);
      // columns such as source and ingest_id say the same thing row after row
      const start = i > 0 && text === last ? offsets[i - 1]! : from;
      if (start < from && from - start >= text.length) {
        data.copyWithin(from, start, from);
        offsets[i + 1] = from + from - start;
      } else offsets[i + 1] = from + data.write(text, from);
      last = text;
      return offsets[i + 1]!;
    },
    buffers: (length) => ({
      valueOffsets: offsets.subarray(0, length + 1),
      data: data.subarray(0, offsets[length]),
    }),
  };
}

/** Two little-endian 64-bit words per value, the upper one carrying the sign. */
function decimals(room: number): ValueBuffers {
  const words = new BigInt64Array(room * 2);
  return {
    put(i, value) {
      const amount = (value as bigint | null) ?? 0n;
      words[2 * i] = amount;
      words[2 * i + 1] = amount < 0n ? -1n : 0n;
      return 0;
    },
    buffers: (length) => ({ data: new Uint32Array(words.buffer, 0, length * 4) }),
  };
}

function longs(room: number): ValueBuffers {
  const data = new BigInt64Array(room);
  return {
    put(i, value) {
      data[i] = typeof value === 'bigint' ? value : BigInt((value as number | null) ?? 0);
      return 0;
    },
    buffers: (length) => ({ data: data.subarray(0, length) }),
  };
}

function numbers(data: Int32Array | Float64Array): ValueBuffers {
  return {
    put(i, value) {
      data[i] = (value as number | null) ?? 0;
      return 0;
    },
    buffers: (length) => ({ data: data.subarray(0, length) }),
  };
}

const bytesOfBits = (length: number): number => Math.ceil(length / 64) * 8;

function bits(room: number): ValueBuffers {
  const bitmap = new Uint8Array(bytesOfBits(room));
  return {
    put(i, value) {
      if ((i & 7) === 0) bitmap[i >> 3] = 0;
      if (value === true) bitmap[i >> 3]! |= 1 << (i & 7);
      return 0;
    },
    buffers(length) {
      bitmap.fill(0, (length + 7) >> 3, bytesOfBits(length));
      return { data: bitmap.subarray(0, bytesOfBits(length)) };
    },
  };
}

const valueBuffers: Readonly<Record<ColumnType, (room: number) => ValueBuffers>> = {
  varchar: texts,
  boolean: bits,
  integer: (room) => numbers(new Int32Array(room)),
  date: (room) => numbers(new Int32Array(room)),
  double: (room) => numbers(new Float64Array(room)),
  bigint: longs,
  timestamp: longs,
  money: decimals,
};

function columnBuilder(name: string, column: Column, room: number) {
  const values = valueBuffers[column.type](room);
  const validity = bits(room);
  const type = arrowTypes[column.type]();
  let nullCount = 0;
  return {
    put(i: number, value: unknown): number {
      const isNull = value === null || value === undefined;
      if (isNull && !column.nullable) throw new TypeError(`column ${name} may not be null`);
      if (isNull) nullCount++;
      validity.put(i, !isNull);
      return values.put(i, value);
    },
    finish(length: number): Data {
      const nulls = nullCount > 0 && { nullBitmap: validity.buffers(length).data };
      const data = { type, length, nullCount, ...nulls, ...values.buffers(length) };
      nullCount = 0;
      return makeData(data as Parameters<typeof makeData>[0]);
    },
  };
}

/** Gathers rows of a table into Arrow batches. */
export interface BatchBuilder<C extends Columns> {
  /** Rows since the last batch. */
  readonly length: number;
  /** Adds a row. True when the batch is to be finished now. @throws TypeError when a column that may not be null is */
  append(row: RowOf<C>): boolean;
  /** The rows since the last batch. Its buffers are written over by the next rows: use it first. */
  finish(): RecordBatch;
}

/** Bytes of texts at which a batch is full, however few its rows. */
const batchTextBytes = 4 << 20;

/** A builder of batches of at most `room` rows; its buffers are made once and serve every batch. */
export function batchBuilder<C extends Columns>(table: Table<C>, room: number): BatchBuilder<C> {
  const schema = arrowSchema(table);
  const names: readonly (keyof C & string)[] = Object.keys(table.columns);
  const columns = names.map((name) => columnBuilder(name, table.columns[name]!, room));
  let length = 0;
  return {
    get length() {
      return length;
    },
    append(row) {
      let textBytes = 0;
      for (let c = 0; c < columns.length; c++) textBytes += columns[c]!.put(length, row[names[c]!]);
      return ++length === room || textBytes >= batchTextBytes;
    },
    finish() {
      const children = columns.map((column) => column.finish(length));
      const rows = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
      length = 0;
      return new RecordBatch(schema, rows);
    },
  };
}
