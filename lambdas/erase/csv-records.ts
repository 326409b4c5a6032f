/** A record of a CSV text: as it stands there, with its line end, and its cells. */
export interface CsvRecord {
  readonly text: string;
  readonly cells: readonly string[];
}

const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Records of a CSV text as in RFC 4180, without the byte order mark before it in the cells. */
export function* csvRecords(csv: string): Generator<CsvRecord> {
  let at = csv.startsWith('\uFEFF') ? 1 : 0;
  for (let from = 0; at < csv.length; from = at) {
    const cells: string[] = [];
    for (let isEnd = false; !isEnd; ) {
      cell.lastIndex = at;
      const found = cell.exec(csv);
      if (!found) throw new SyntaxError(`no CSV at character ${at}`);
      cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
      at = cell.lastIndex;
      isEnd = found[3] !== ',';
    }
    yield { text: csv.slice(from, at), cells };
  }
}
