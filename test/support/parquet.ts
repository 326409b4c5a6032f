import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { readParquet, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';

/** A Parquet object of the first rows of another, or with a note in its footer that makes it longer. */
export function rewritten(
  body: Uint8Array,
  { rows = Number.POSITIVE_INFINITY, note = '' }: { readonly rows?: number; readonly note?: string },
): Uint8Array {
  const arrow = tableFromIPC(readParquet(body).intoIPCStream());
  const kept = Table.fromIPCStream(tableToIPC(arrow.slice(0, Math.min(rows, arrow.numRows)), 'stream'));
  const properties = new WriterPropertiesBuilder().setKeyValueMetadata(new Map([['note', note]])).build();
  return writeParquet(kept, properties);
}
