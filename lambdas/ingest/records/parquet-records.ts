import { isUtf8 } from 'node:buffer';
import { type Data, DataType, type Field, RecordBatchReader } from 'apache-arrow';
import { readParquet, readSchema } from 'parquet-wasm';
import { CorruptFile, NotAnExport, TooLarge, UndecodableText } from '../errors.ts';
import type { NumberUse } from './number-text.ts';
import { type CellReader, type CellRules, cellReader, isSingle } from './parquet-cells.ts';
import type { RawRecord, RecordHandler, RecordSplitter } from './raw-record.ts';

/** Largest Parquet file that is read; it is held in memory because its footer stands at its end. */
export const maxParquetBytes = 512 << 20;

/** Rows read at once: few at first, then more step by step, as long as a slice stays below this many bytes. */
const firstRows = 16;
const mostRows = 65_536;
const growth = 8;
const sliceBytes = 32 << 20;
/** Most bytes that rows may take for each byte of the file, checked beyond 1 GB: orders stay below 200. */
const mostExpansion = 1_000;
const expansionFloor = 1 << 30;
const arenaBytes = 1 << 18;

const magic = 'PAR1';
const encryptedMagic = 'PARE';
/** Name under which Spark leaves its version in the footer. */
const sparkMark = 'org.apache.spark.version';

const signAt = (bytes: Uint8Array, at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');

/** True when a file begins as Parquet does. */
export const isParquet = (head: Uint8Array): boolean => [magic, encryptedMagic].includes(signAt(head, 0));

/** Which columns of the header are read, and how. */
export interface ParquetColumns {
  /** What the numbers of a column are read as; null where no field is read from it. */
  use(column: number): NumberUse | null;
}

/** Columns of a Parquet file. */
export interface ParquetHeader {
  /** Columns of single values; members of structures are named like `customer.email`. */
  readonly columns: readonly string[];
  /** Columns of lists, maps and other values that are no single text, number or time. */
  readonly composites: readonly string[];
}

/** A column of single values and where it lies among the children of a batch. */
interface Leaf {
  readonly name: string;
  readonly path: readonly number[];
}

function leavesOf(fields: readonly Field[], prefix: string, path: readonly number[], composites: string[]): Leaf[] {
  return fields.flatMap((field, i) => {
    const name = prefix === '' ? field.name : `${prefix}.${field.name}`;
    const at = [...path, i];
    const type: DataType = field.type;
    if (isSingle(type)) return [{ name, path: at }];
    composites.push(name);
    return DataType.isStruct(type) ? leavesOf(type.children, name, at, composites) : [];
  });
}

/** Says what a failure of the Parquet reader, in the footer or in the rows, means for the file. */
function refuse(name: string, part: 'footer' | 'rows', cause: unknown): never {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (part === 'rows' && /non.?utf-?8|invalid utf-?8/i.test(text)) {
    throw new UndecodableText(`${name} has text columns with bytes that are not UTF-8`, 'Export it as UTF-8.', {
      cause,
    });
  }
  if (/encrypt/i.test(text)) throw new NotAnExport(`${name} is encrypted`, 'Deliver it without encryption.', { cause });
  if (/disabled feature|not (yet )?(supported|implemented)|unsupported|nyi/i.test(text)) {
    throw new NotAnExport(
      `${name} is a Parquet file of a kind that is not read here`,
      'Write it with Snappy, gzip or zstd compression, or export CSV.',
      { cause },
    );
  }
  throw new CorruptFile(`${name} is a damaged Parquet file`, 'Write and deliver it again.', { cause });
}

function guarded<T>(name: string, part: 'footer' | 'rows', read: () => T): T {
  try {
    return read();
  } catch (cause) {
    return refuse(name, part, cause);
  }
}

function checkEnds(name: string, file: Uint8Array): void {
  const last = file.length < 12 ? '' : signAt(file, file.length - 4);
  if (signAt(file, 0) === encryptedMagic || last === encryptedMagic) {
    throw new NotAnExport(`${name} is encrypted`, 'Deliver it without encryption.');
  }
  if (last !== magic) {
    throw new CorruptFile(`${name} ends before its footer`, 'Deliver it again: the transfer was probably cut off.');
  }
}

function schemaOf(name: string, file: Uint8Array): { leaves: Leaf[]; composites: string[] } {
  if (file.length > maxParquetBytes) {
    throw new TooLarge(
      `${name} is a Parquet file of more than ${maxParquetBytes >> 20} MB`,
      'Split the export by date and deliver the parts.',
    );
  }
  checkEnds(name, file);
  return guarded(name, 'footer', () => {
    const schema = readSchema(file);
    const { fields } = RecordBatchReader.from(schema.intoIPCStream()).open().schema;
    const composites: string[] = [];
    return { leaves: leavesOf(fields, '', [], composites), composites };
  });
}

/**
 * The columns of a Parquet file.
 * @throws CorruptFile when it is cut off or damaged, NotAnExport when it is encrypted, TooLarge
 */
export function parquetHeader(name: string, file: Uint8Array): ParquetHeader {
  const { leaves, composites } = schemaOf(name, file);
  return { columns: leaves.map((leaf) => leaf.name), composites };
}

/** Reader of a leaf, which is null where one of the structures around it is. */
function leafReader(batch: Data, { path }: Leaf, rules: CellRules): CellReader {
  let data = batch;
  const around: Data[] = [];
  for (const child of path) {
    if (data !== batch && data.nullCount > 0) around.push(data);
    data = data.children[child]!;
  }
  const read = cellReader(data, rules);
  return around.length === 0 ? read : (row) => (around.every((parent) => parent.getValid(row)) ? read(row) : null);
}

/** Hands out records whose bytes are written once and never again, as those who keep ranges of them expect. */
function createRecordWriter(columns: number, onRecord: RecordHandler) {
  const record: RawRecord = {
    bytes: Buffer.allocUnsafeSlow(arenaBytes),
    start: new Int32Array(columns),
    end: new Int32Array(columns),
    fields: columns,
    line: 0,
  };
  let arena = Buffer.from(record.bytes.buffer);
  let used = 0;
  let begin = 0;

  const makeRoom = (count: number): void => {
    if (used + count <= arena.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(arenaBytes, (used - begin + count) * 2));
    wider.set(arena.subarray(begin, used));
    for (let i = 0; i < columns; i++) {
      record.start[i]! -= begin;
      record.end[i]! -= begin;
    }
    arena = wider;
    used -= begin;
    begin = 0;
  };

  return {
    begin(): void {
      begin = used;
      record.start.fill(used);
      record.end.fill(used);
    },
    set(column: number, cell: string | Uint8Array): void {
      makeRoom(cell.length);
      record.start[column] = used;
      if (typeof cell === 'string') arena.write(cell, used, 'latin1');
      else arena.set(cell, used);
      used += cell.length;
      record.end[column] = used;
    },
    end(isText: boolean): void {
      record.bytes = arena;
      onRecord(record, isText ? null : 'undecodable_bytes');
    },
  };
}

/** Rows of a table in slices whose size in memory is bounded; parquet-wasm's own stream does not survive damaged files. */
function* batchesOf(name: string, file: Uint8Array): Generator<Data> {
  let rows = firstRows;
  let total = 0;
  for (let offset = 0; ; ) {
    const slice = guarded(name, 'rows', () => {
      const table = readParquet(file, { limit: rows, offset, batchSize: rows });
      const batches = table.recordBatches().map((batch) => batch.intoIPCStream());
      table.free();
      return batches;
    });
    let read = 0;
    let bytes = 0;
    for (const ipc of slice) {
      bytes += ipc.length;
      for (const batch of guarded(name, 'rows', () => [...RecordBatchReader.from(ipc)])) {
        read += batch.numRows;
        yield batch.data;
      }
    }
    offset += read;
    if (read < rows) return;
    total += bytes;
    if (total > expansionFloor && total > file.length * mostExpansion) {
      throw new TooLarge(
        `${name} unpacks to more than ${mostExpansion} times its size, which no export does`,
        'Deliver it as CSV if it is genuine.',
      );
    }
    rows = Math.max(1, Math.min(mostRows, rows * growth, Math.floor((sliceBytes * rows) / bytes)));
  }
}

/**
 * Splits a Parquet file into records, one per row, whose fields are the texts of the columns that are read. Numbers and
 * times are exact or in a form that is rejected later, so that whatever comes after is the same as for text.
 */
export function createParquetSplitter(name: string, columns: ParquetColumns, onRecord: RecordHandler): RecordSplitter {
  const chunks: Uint8Array[] = [];

  const readAll = (file: Uint8Array): void => {
    const { leaves } = schemaOf(name, file);
    const zonelessNanosAreUtc = Buffer.from(file.buffer, file.byteOffset, file.length).lastIndexOf(sparkMark) >= 0;
    const used = leaves.flatMap((leaf, column) => {
      const use = columns.use(column);
      return use === null ? [] : [{ leaf, column, rules: { use, zonelessNanosAreUtc } }];
    });
    const writer = createRecordWriter(leaves.length, onRecord);
    for (const batch of batchesOf(name, file)) {
      const readers = used.map(({ leaf, column, rules }) => ({ column, read: leafReader(batch, leaf, rules) }));
      for (let row = 0; row < batch.length; row++) {
        let isText = true;
        writer.begin();
        for (const { column, read } of readers) {
          const cell = read(row);
          if (cell === null) continue;
          if (typeof cell !== 'string' && !isUtf8(cell)) isText = false;
          writer.set(column, cell);
        }
        writer.end(isText);
      }
    }
  };

  return {
    push(chunk) {
      chunks.push(chunk);
    },
    end: () => readAll(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks.splice(0))),
  };
}
