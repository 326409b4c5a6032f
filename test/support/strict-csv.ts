/**
 * Rows of a CSV text read to the letter of RFC 4180: CRLF after every record, quotes only around whole fields and doubled
 * inside them. @throws Error at the first character that breaks a rule
 */
export function strictCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('a quoted field is not closed');
        if (text[at] !== '"') field += text[at];
        else if (text[at + 1] === '"') field += text[at++];
        else break;
      }
      at++;
    } else {
      for (; at < text.length && !',\r\n'.includes(text[at]!); at++) {
        if (text[at] === '"') throw new Error(`a quote inside a plain field at ${at}`);
        field += text[at];
      }
    }
    row.push(field);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push(row);
      row = [];
      if (row.length === 0 && rows.some((other) => other.length !== rows[0]!.length)) {
        throw new Error(`record ${rows.length} has ${rows.at(-1)!.length} fields, the header ${rows[0]!.length}`);
      }
      continue;
    } else throw new Error(`neither a comma nor a line end after the field at ${at}`);
    if (at === text.length) throw new Error('the last record has no line end');
  }
  if (row.length > 0) throw new Error('the last record has no line end');
  return rows;
}

/** The records of a strict CSV text by header, without the byte order mark. */
export function strictCsvRecords(text: string): Record<string, string>[] {
  if (!text.startsWith('\uFEFF')) throw new Error('no byte order mark');
  const [header = [], ...rows] = strictCsv(text.slice(1));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}
