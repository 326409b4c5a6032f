type Numbers = Int8Array | Uint8Array | Int16Array | Int32Array | BigInt64Array;

/** Columns of numbers that grow together: what a million rows cost is their width in bytes, and nothing else. */
export type NumberColumns = Record<string, Numbers>;

function widened(column: Numbers, length: number): Numbers {
  if (column instanceof BigInt64Array) {
    const wider = new BigInt64Array(length);
    wider.set(column);
    return wider;
  }
  const kinds = { Int8Array, Uint8Array, Int16Array, Int32Array };
  const Kind = kinds[column[Symbol.toStringTag]];
  const wider = new Kind(length);
  wider.set(column);
  return wider;
}

/** Makes room for `index` in every column. */
export function ensureRoom(columns: NumberColumns, index: number): void {
  for (const name in columns) {
    const column = columns[name]!;
    if (index < column.length) return;
    columns[name] = widened(column, Math.max(index + 1, Math.ceil(column.length * 1.6)));
  }
}

/** Items grouped by a number each: positions in `order`, in their own order, from `starts[k]` to `starts[k + 1]`. */
export interface Groups {
  readonly starts: Int32Array;
  readonly order: Int32Array;
}

/** Groups `count` items by a number from 0 below `groups` each; items with a negative number are in no group. */
export function groupBy(keys: Int32Array, count: number, groups: number): Groups {
  const ends = new Int32Array(groups + 2);
  let grouped = 0;
  for (let i = 0; i < count; i++) {
    if (keys[i]! < 0) continue;
    ends[keys[i]! + 2]!++;
    grouped++;
  }
  for (let k = 2; k <= groups; k++) ends[k]! += ends[k - 1]!;
  const order = new Int32Array(grouped);
  for (let i = 0; i < count; i++) if (keys[i]! >= 0) order[ends[keys[i]! + 1]!++] = i;
  return { starts: ends.subarray(0, groups + 1), order };
}
