import { RecordBatch, Schema, Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { binOf } from './binning.ts';
import { distinctThresholds } from './compile-forest.ts';
import type { Forest } from './forest.ts';

/** Bytes that should hold a forest hold something else. */
export class ForestFileError extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** Raised when the file changes its shape. */
export const formatVersion = '2';

/** Number of each split's threshold in the list of its feature; 0 for leaves. */
function thresholdNumbers({ feature, threshold }: Forest, lists: readonly Float64Array[]): Uint16Array | Int32Array {
  const size = feature.length;
  const numbers = lists.every((list) => list.length <= 2 ** 16) ? new Uint16Array(size) : new Int32Array(size);
  for (let node = 0; node < size; node++) {
    if (feature[node] !== -1) numbers[node] = binOf(threshold[node]!, lists[feature[node]!]!) - 1;
  }
  return numbers;
}

/**
 * The forest as an Arrow IPC file: one row per node in preorder, from which its links follow, with feature, number of the
 * threshold, value and count; kind, feature names, number of trees and each feature's thresholds are in the schema's
 * metadata. The same forest gives the same bytes.
 */
export function forestToArrow(forest: Forest): Uint8Array {
  const { feature, value, count } = forest;
  const thresholds = distinctThresholds(forest);
  const table = tableFromArrays({ feature, threshold: thresholdNumbers(forest, thresholds), value, count });
  const metadata = new Map([
    ['forest', formatVersion],
    ['kind', forest.kind],
    ['names', JSON.stringify(forest.names)],
    ['trees', String(forest.trees)],
    ['thresholds', JSON.stringify(thresholds.map((list) => [...list]))],
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
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw bad(`its ${key} cannot be read`, cause);
  }
}

function stringsOf(table: Table, key: string): string[] {
  const list = parsed(table, key);
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw bad(`${key} is not a list of texts`);
}

function thresholdsOf(table: Table, features: number): Float64Array[] {
  const lists = parsed(table, 'thresholds');
  const isNumbers = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isFinite);
  if (Array.isArray(lists) && lists.length === features && lists.every(isNumbers)) {
    return lists.map((list) => Float64Array.from(list));
  }
  throw bad('its thresholds are not a list of numbers per feature');
}

function column<T extends Int16Array | Uint16Array | Int32Array | Float64Array>(
  table: Table,
  name: string,
  types: readonly (new (length: number) => T)[],
): T {
  const values: unknown = table.getChild(name)?.toArray();
  const type = types.find((known) => values instanceof known);
  if (type === undefined) throw bad(`it has no column ${name} of the right type`);
  const copy = new type(table.numRows);
  copy.set(values as T);
  return copy;
}

function thresholdValues(
  feature: Int16Array,
  numbers: Uint16Array | Int32Array,
  lists: readonly Float64Array[],
): Float64Array {
  const threshold = new Float64Array(feature.length);
  for (let node = 0; node < feature.length; node++) {
    const f = feature[node]!;
    if (f === -1) continue;
    const value = lists[f]?.[numbers[node]!];
    if (value === undefined) throw bad(`node ${node} splits by what is not there`);
    threshold[node] = value;
  }
  return threshold;
}

/** Links and tree starts that follow from preorder: after a leaf comes the right child of the last split without one. */
function linksOf(feature: Int16Array, trees: number): Pick<Forest, 'left' | 'right' | 'treeStart'> {
  const left = new Int32Array(feature.length).fill(-1);
  const right = new Int32Array(feature.length).fill(-1);
  const starts = [0];
  const open: number[] = [];
  for (let node = 0; node < feature.length; node++) {
    if (feature[node] !== -1) {
      left[node] = node + 1;
      open.push(node);
      continue;
    }
    const split = open.pop();
    if (split === undefined) starts.push(node + 1);
    else right[split] = node + 1;
  }
  if (open.length > 0 || starts.length !== trees + 1 || trees < 1) throw bad('its trees do not fill its nodes');
  return { left, right, treeStart: Int32Array.from(starts) };
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
  const names = stringsOf(table, 'names');
  const trees = Number(metadata.get('trees'));
  const feature = column(table, 'feature', [Int16Array]);
  const numbers = column<Uint16Array | Int32Array>(table, 'threshold', [Uint16Array, Int32Array]);
  return {
    kind,
    names,
    trees,
    feature,
    threshold: thresholdValues(feature, numbers, thresholdsOf(table, names.length)),
    value: column(table, 'value', [Float64Array]),
    count: column(table, 'count', [Int32Array]),
    ...linksOf(feature, trees),
  };
}
