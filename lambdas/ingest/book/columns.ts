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

/** Stable order of `count` items by a small non-negative number each: positions in `order`, grouped from `starts[k]`. */
export function groupBy(
  keys: Int32Array,
  count: number,
  groups: number,
): { readonly starts: Int32Array; readonly order: Int32Array } {
  const starts = new Int32Array(groups + 1);
  for (let i = 0; i < count; i++) starts[keys[i]! + 1]!++;
  for (let k = 0; k < groups; k++) starts[k + 1]! += starts[k]!;
  const next = starts.slice();
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[next[keys[i]!]!++] = i;
  return { starts, order };
}
