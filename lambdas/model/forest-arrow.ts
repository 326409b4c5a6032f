import { RecordBatch, Schema, Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import type { Forest } from './forest.ts';

/** Bytes that should hold a forest hold something else. */
export class ForestFileError extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

const formatVersion = '1';

/**
 * The forest as an Arrow IPC file: one row per node, the columns of `Forest`; kind, feature names and tree starts are in
 * the schema's metadata. The same forest gives the same bytes.
 */
export function forestToArrow(forest: Forest): Uint8Array {
  const { feature, threshold, left, right, value, count } = forest;
  const table = tableFromArrays({ feature, threshold, left, right, value, count });
  const metadata = new Map([
    ['forest', formatVersion],
    ['kind', forest.kind],
    ['names', JSON.stringify(forest.names)],
    ['treeStart', JSON.stringify([...forest.treeStart])],
  ]);
  const schema = new Schema(table.schema.fields, metadata);
  return tableToIPC(
    new Table(
      schema,
      table.batches.map((batch) => new RecordBatch(schema, batch.data)),
    ),
    'file',
  );
}

function bad(why: string, cause?: unknown): ForestFileError {
  return new ForestFileError(`this is not a forest file: ${why}`, 'Train again, or restore the model.', { cause });
}

function readTable(bytes: Uint8Array): Table {
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw bad(`Arrow cannot read it (${cause})`, cause);
  }
}

function parsed(table: Table, key: string): unknown {
  const text = table.schema.metadata.get(key);
  if (text === undefined) throw bad(`its metadata have no ${key}`);
  return JSON.parse(text);
}

function stringsOf(table: Table, key: string): string[] {
  const list = parsed(table, key);
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw bad(`${key} is not a list of texts`);
}

function startsOf(table: Table): Int32Array {
  const list = parsed(table, 'treeStart');
  const whole = Array.isArray(list) && list.every((item) => Number.isInteger(item));
  const starts = Int32Array.from(whole ? list : []);
  const ascending = starts.every((start, t) => (t === 0 ? start === 0 : start > starts[t - 1]!));
  if (starts.length >= 2 && ascending && starts.at(-1) === table.numRows) return starts;
  throw bad('its trees do not fill its nodes');
}

function column<T extends Int16Array | Int32Array | Float64Array>(table: Table, name: string, into: T): T {
  const values: unknown = table.getChild(name)?.toArray();
  const right = ArrayBuffer.isView(values) && values.constructor === into.constructor;
  if (!right) throw bad(`it has no column ${name} of the right type`);
  into.set(values as T);
  return into;
}

function checkLinks(forest: Forest): void {
  for (let tree = 0; tree < forest.trees; tree++) {
    const end = forest.treeStart[tree + 1]!;
    for (let node = forest.treeStart[tree]!; node < end; node++) {
      const feature = forest.feature[node]!;
      if (feature === -1) continue;
      const known = feature >= 0 && feature < forest.names.length;
      const down = [forest.left[node]!, forest.right[node]!].every((child) => child > node && child < end);
      if (!known || !down) throw bad(`node ${node} leads nowhere`);
    }
  }
}

/**
 * The forest that `forestToArrow` wrote, every array equal to the original.
 * @throws ForestFileError when the bytes are not such a file.
 */
export function forestFromArrow(bytes: Uint8Array): Forest {
  const table = readTable(bytes);
  const { metadata } = table.schema;
  if (metadata.get('forest') !== formatVersion) throw bad(`its format is ${metadata.get('forest') ?? 'unknown'}`);
  const kind = metadata.get('kind');
  if (kind !== 'classification' && kind !== 'regression') throw bad(`its kind is ${kind}`);
  const treeStart = startsOf(table);
  const nodes = table.numRows;
  const forest: Forest = {
    kind,
    names: stringsOf(table, 'names'),
    trees: treeStart.length - 1,
    treeStart,
    feature: column(table, 'feature', new Int16Array(nodes)),
    threshold: column(table, 'threshold', new Float64Array(nodes)),
    left: column(table, 'left', new Int32Array(nodes)),
    right: column(table, 'right', new Int32Array(nodes)),
    value: column(table, 'value', new Float64Array(nodes)),
    count: column(table, 'count', new Int32Array(nodes)),
  };
  checkLinks(forest);
  return forest;
}
