const quote = 34;
const comma = 44;
const lineEnd = 10;
const carriageReturn = 13;

/**
 * Records of the CSV that Athena leaves as a query's result: every value between quotation marks, which are doubled
 * inside; nothing at all for null, so that an empty text and null differ.
 * @throws Error for bytes of any other form
 */
export async function* resultRecords(body: AsyncIterable<Uint8Array>): AsyncGenerator<(string | null)[]> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes =
      kept.length > 0 ? Buffer.concat([kept, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    for (let end = recordEnd(bytes, at); end >= 0; end = recordEnd(bytes, at)) {
      yield fieldsOf(bytes.subarray(at, end));
      at = end + 1;
    }
    kept = Buffer.from(bytes.subarray(at));
  }
  if (kept.length > 0) yield fieldsOf(kept);
}

/** Position of the line end that closes the record that begins at `from`, or -1 where it is not there yet. */
function recordEnd(bytes: Buffer, from: number): number {
  let isQuoted = false;
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === quote) isQuoted = !isQuoted;
    else if (bytes[i] === lineEnd && !isQuoted) return i;
  }
  return -1;
}

function fieldsOf(line: Buffer): (string | null)[] {
  const record = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
  const fields: (string | null)[] = [];
  for (let at = 0; ; at++) {
    if (record[at] !== quote) fields.push(null);
    else {
      const end = closingQuote(record, at + 1);
      fields.push(record.toString('utf8', at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    }
    if (at >= record.length) return fields;
    if (record[at] !== comma) throw new Error(`a value of the result is not between quotation marks, at byte ${at}`);
  }
}

function closingQuote(record: Buffer, from: number): number {
  for (let at = record.indexOf(quote, from); at >= 0; at = record.indexOf(quote, at + 2)) {
    if (record[at + 1] !== quote) return at;
  }
  throw new Error('a value of the result is not closed');
}
