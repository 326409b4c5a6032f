import type { RecordBatch } from 'apache-arrow';
import { tables } from '../lake/contract.ts';
import type { Table } from '../lake/table.ts';
import { erasures } from '../lake/tables/erasures.ts';
import { suppressions } from '../lake/tables/surveys.ts';
import { LakeAccessError, PreconditionFailed } from '../platform/errors.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { tableWriter } from '../platform/parquet.ts';
import { batchRowsOf, openParquet, type ParquetObject } from '../platform/parquet-rows.ts';
import type { Sought } from './sought.ts';

/** What a table held of erased people. */
export interface SweptTable {
  readonly table: string;
  /** Rows that are gone, or that name nobody any more. */
  readonly rows: number;
  readonly objects: number;
}

/** Columns that hold pseudonyms of people: the contract names them so, and no others. */
export const identityColumns = (table: Table): string[] =>
  Object.keys(table.columns).filter((name) => name.endsWith('_key'));

/** An erased person stays erased, and whoever asked not to be contacted is not contacted. */
const keepKeys: readonly Table[] = [erasures, suppressions];

/** Tables that hold rows of people, with where these lie, whichever night or ingest wrote them. */
export const sweptTables: readonly Table[] = tables.filter(
  (table) => identityColumns(table).length > 0 && !keepKeys.includes(table),
);

/**
 * Whether rows of erased people stay, as rows of nobody: an order counts in the revenue of the shop whoever placed it.
 * Contact data never stay, nor do rows that are about nothing but the person.
 */
export const keepsRows = (table: Table): boolean =>
  !table.personal && identityColumns(table).every((name) => table.columns[name]?.nullable);

/** Rows of a batch that name one of these people. Looks at whole keys only where their first four bytes are those of one. */
function rowsOfSought(batch: RecordBatch, columns: readonly string[], sought: Sought): Set<number> {
  const beginnings = new Set([...sought.keys].map((key) => Buffer.from(key).readUInt32LE()));
  const rows = new Set<number>();
  for (const name of columns) {
    const column = batch.getChild(name);
    for (const { values, valueOffsets, length } of column?.data ?? []) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      for (let i = 0; i < length; i++) {
        const from = valueOffsets[i];
        if (valueOffsets[i + 1] - from < 4 || !beginnings.has(bytes.readUInt32LE(from))) continue;
        if (sought.has(column?.get(i))) rows.add(i);
      }
    }
  }
  return rows;
}

const openObject = (key: string, body: Uint8Array): Promise<ParquetObject> =>
  openParquet(body).catch((cause: Error) => {
    throw new LakeAccessError(`${key} cannot be read as Parquet`, 'Restore the object, or remove it.', { cause });
  });

/** Only the columns that an object has: one that an older version wrote may lack some. */
const asStored = (table: Table, { columns }: ParquetObject): Table => ({
  ...table,
  columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => columns.includes(name))),
});

async function rewrite(store: ObjectStore, table: Table, key: string, object: ParquetObject, sought: Sought) {
  const stored = asStored(table, object);
  const names = identityColumns(stored);
  const nobody = Object.fromEntries(names.map((name) => [name, null]));
  const writer = tableWriter(store, stored, key);
  try {
    for await (const batch of object.batches(Object.keys(stored.columns))) {
      const gone = rowsOfSought(batch, names, sought);
      let i = 0;
      for (const row of batchRowsOf(stored, batch)) {
        const isGone = gone.has(i++);
        if (isGone && !keepsRows(table)) continue;
        const full = writer.append(isGone ? ({ ...row, ...nobody } as typeof row) : row);
        if (full) await full;
      }
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error as Error);
    throw error;
  }
}

const mostTries = 5;

/**
 * Replaces one object of a table by one without these people, on condition that nobody has replaced it since it was read;
 * `isDry` only counts.
 * @returns rows that named one of them
 */
export async function sweepObject(
  store: ObjectStore,
  table: Table,
  key: string,
  sought: Sought,
  isDry: boolean,
  tries = 1,
): Promise<number> {
  const found = await store.read(key);
  if (!found) return 0;
  const object = await openObject(key, found.body);
  const names = identityColumns(table).filter((name) => object.columns.includes(name));
  let rows = 0;
  for await (const batch of object.batches(names)) rows += rowsOfSought(batch, names, sought).size;
  if (rows === 0 || isDry) return rows;
  await sought.recordMet();
  const unchanged: ObjectStore = { ...store, write: (at, body) => store.write(at, body, { ifMatch: found.etag }) };
  try {
    await rewrite(unchanged, table, key, object, sought);
    return rows;
  } catch (error) {
    if (!(error instanceof PreconditionFailed) || tries === mostTries) throw error;
    return sweepObject(store, table, key, sought, isDry, tries + 1);
  }
}
