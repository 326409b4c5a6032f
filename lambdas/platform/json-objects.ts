import type { Columns, RowOf } from '../lake/column.ts';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import type { Table } from '../lake/table.ts';
import { LakeAccessError } from './errors.ts';
import type { ObjectStore, WriteCondition } from './object-store.ts';

type Json = string | number | boolean | null;

const encode = (type: string, value: unknown): Json =>
  type === 'date' && typeof value === 'number' ? isoDate(value) : (value as Json);

const decode = (type: string, value: Json): unknown =>
  type === 'date' && typeof value === 'string' ? parseIsoDate(value) : value;

/** Rows of a table in JSON format: one object per line, members in column order, days as YYYY-MM-DD. */
export function encodeJsonRows<C extends Columns>(table: Table<C>, rows: readonly RowOf<C>[]): Uint8Array {
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, encode(column.type, row[name])])),
    ),
  );
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
}

/** @throws LakeAccessError for text that no write of ours left there */
function parseJson<T>(name: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new LakeAccessError(`the lake's object ${name} is damaged`, 'Restore it from a copy, or begin a new lake.', {
      cause: error,
    });
  }
}

/** The inverse of encodeJsonRows. */
export function decodeJsonRows<C extends Columns>(table: Table<C>, body: Uint8Array): RowOf<C>[] {
  const lines = new TextDecoder().decode(body).split('\n').filter(Boolean);
  return lines.map((line) => {
    const parsed = parseJson<Record<string, Json>>(table.name, line);
    return Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => [name, decode(column.type, parsed[name] ?? null)]),
    ) as RowOf<C>;
  });
}

/** A small JSON document, or null where there is none. */
export async function readJson<T>(store: Pick<ObjectStore, 'read'>, key: string): Promise<T | null> {
  const found = await store.read(key);
  return found && parseJson<T>(key, new TextDecoder().decode(found.body));
}

/** Writes a small JSON document with a final newline. */
export const writeJson = (store: ObjectStore, key: string, value: unknown, condition?: WriteCondition) =>
  store.write(key, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`), condition);
