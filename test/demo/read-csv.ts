import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type CsvRecord = Readonly<Record<string, string>>;

/** Records of a CSV file with a header, by RFC 4180; reads `.gz` too. Throws when a record has too many or few fields. */
export function readCsv(path: string): CsvRecord[] {
  const bytes = readFileSync(path);
  const [header = [], ...rows] = parseCsv((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  return rows.map((row, index) => {
    if (row.length !== header.length) throw new Error(`${path}: record ${index + 1} has ${row.length} fields`);
    return Object.fromEntries(header.map((name, column) => [name, row[column]!]));
  });
}

/** Fields of each record of a CSV text whose records end in a newline. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/gy)) {
    fields.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(fields);
    fields = [];
  }
  return records;
}

/** The values by key, in the order in which each came. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
