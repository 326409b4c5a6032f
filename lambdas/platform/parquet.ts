import { Table as ArrowTable, type RecordBatch, tableFromIPC, tableToIPC } from 'apache-arrow';
import {
  Compression,
  readParquet,
  transformParquetStream,
  Table as WasmTable,
  WriterPropertiesBuilder,
} from 'parquet-wasm';
import type { Columns, RowOf } from '../lake/column.ts';
import type { Table } from '../lake/table.ts';
import { batchBuilder } from './arrow.ts';
import type { ObjectStore } from './object-store.ts';

/** The bytes of a file depend on all of these; changing one changes every ingest's bytes. */
const batchRows = 4_096;
const rowGroupRows = 32_768;
const rowGroupBytes = 16 << 20;
const dictionaryBytes = 128 << 10;
const pageBytes = 256 << 10;

const writerProperties = () =>
  new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setMaxRowGroupSize(rowGroupRows)
    .setMaxRowGroupBytes(rowGroupBytes)
    .setDictionaryPageSizeLimit(dictionaryBytes)
    .setDataPageSizeLimit(pageBytes)
    .setCreatedBy('winback')
    .build();

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

const ipcOf = (batch: RecordBatch): Uint8Array => tableToIPC(new ArrowTable([batch]), 'stream');

/** Parquet bytes of a stream of Arrow batches, each an Arrow IPC stream of its own; one chunk per row group. */
async function* parquetBytes(empty: Uint8Array, batches: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = batches[Symbol.asyncIterator]();
  const first = await source.next();
  let pending: Uint8Array | null = first.done ? empty : first.value;
  const failures: unknown[] = [];
  const stream = new ReadableStream({
    async pull(controller) {
      if (!pending) return controller.close();
      try {
        const table = WasmTable.fromIPCStream(pending);
        for (const batch of table.recordBatches()) controller.enqueue(batch);
        table.free();
        const next = await source.next();
        pending = next.done ? null : next.value;
      } catch (error) {
        failures.push(error);
        controller.error(error);
      }
    },
  });
  yield* chunksOf(await transformParquetStream(stream, writerProperties()));
  // parquet-wasm ends the file where its source breaks off
  if (failures.length > 0) throw failures[0];
}

/** Takes the rows of one table and leaves one Parquet object behind. */
export interface TableWriter<C extends Columns> {
  /** Adds a row. Await what it returns, when it returns a promise: the writer then wants time to catch up. */
  append(row: RowOf<C>): Promise<void> | undefined;
  /** Ends the object. It is not there before. */
  close(): Promise<{ readonly rows: number; readonly bytes: number }>;
  /** Gives up; nothing is left behind. */
  abort(reason: Error): Promise<void>;
}

interface Waiting {
  resolve(batch: Uint8Array | null): void;
  reject(error: Error): void;
}

/** A hand-over place for one batch: `put` waits until it is taken, so that memory holds two batches at most. */
function batchChannel() {
  let waiting: Waiting | null = null;
  let offered: { batch: Uint8Array | null; taken: () => void } | null = null;
  let failure: Error | null = null;

  const put = (batch: Uint8Array | null): Promise<void> => {
    if (failure) return Promise.reject(failure);
    if (waiting) {
      waiting.resolve(batch);
      waiting = null;
      return Promise.resolve();
    }
    return new Promise((taken) => {
      offered = { batch, taken };
    });
  };
  const take = (): Promise<Uint8Array | null> => {
    if (failure) return Promise.reject(failure);
    if (offered) {
      const { batch, taken } = offered;
      offered = null;
      taken();
      return Promise.resolve(batch);
    }
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
  };
  const fail = (error: Error) => {
    failure = error;
    waiting?.reject(error);
    offered?.taken();
  };
  async function* batches() {
    for (let batch = await take(); batch; batch = await take()) yield batch;
  }
  return { put, fail, batches };
}

/**
 * Opens a writer of one Parquet object: zstd, always the same bytes for the same rows. Memory is bounded by three batches
 * and a row group.
 */
export function tableWriter<C extends Columns>(store: ObjectStore, table: Table<C>, key: string): TableWriter<C> {
  const builder = batchBuilder(table, batchRows);
  let rows = 0;
  const channel = batchChannel();
  const written = store.write(key, parquetBytes(ipcOf(builder.finish()), channel.batches()));
  written.catch((error: Error) => channel.fail(error));

  return {
    append(row) {
      const isFull = builder.append(row);
      rows++;
      return isFull ? channel.put(ipcOf(builder.finish())) : undefined;
    },
    async close() {
      if (builder.length > 0) await channel.put(ipcOf(builder.finish()));
      await channel.put(null);
      return { rows, bytes: (await written).bytes };
    },
    async abort(reason) {
      channel.fail(reason);
      await written.catch(() => undefined);
    },
  };
}

/** Writes all rows of a table as one Parquet object. */
export async function writeTable<C extends Columns>(
  store: ObjectStore,
  table: Table<C>,
  key: string,
  rows: Iterable<RowOf<C>>,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const writer = tableWriter(store, table, key);
  try {
    for (const row of rows) {
      const full = writer.append(row);
      if (full) await full;
    }
    return await writer.close();
  } catch (error) {
    await writer.abort(error as Error);
    throw error;
  }
}

/** A Parquet object, or some rows of it, as an Arrow table. */
export const readArrow = (parquet: Uint8Array, some: { offset?: number; limit?: number } = {}): ArrowTable =>
  tableFromIPC(readParquet(parquet, some).intoIPCStream());

/** Rows of a wide table that are read at a time: a million of them at once fill two gigabytes. */
export const sliceRows = 20_000;

/**
 * A Parquet object as Arrow tables of `rows` rows, the last with what remains: memory holds the object and one of them.
 * Without rows there is no table.
 */
export function* readSlices(parquet: Uint8Array, rows: number): Generator<ArrowTable> {
  for (let offset = 0; ; offset += rows) {
    const slice = readArrow(parquet, { offset, limit: rows });
    if (slice.numRows > 0) yield slice;
    if (slice.numRows < rows) return;
  }
}
