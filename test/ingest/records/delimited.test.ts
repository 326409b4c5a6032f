import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDelimitedSplitter, type Dialect } from '../../../lambdas/ingest/records/delimited.ts';
import { fieldText } from '../../../lambdas/ingest/records/raw-record.ts';

function split(text: string, chunkBytes: number, dialect: Dialect = { delimiter: ',', quoteEscape: 'doubled' }) {
  const records: string[][] = [];
  const splitter = createDelimitedSplitter(dialect, (record, fault) => {
    const fields = Array.from({ length: record.fields }, (_, i) => fieldText(record, i));
    records.push(fault ? [`! ${fault}`, ...fields] : fields);
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes));
  splitter.end();
  return records;
}

const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '9', '\\'), maxLength: 6 });
const record = fc.array(field, { minLength: 2, maxLength: 5 });

describe('createDelimitedSplitter', () => {
  test('what is written as RFC 4180 says is read back, wherever the chunks end', () => {
    const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (records, lineEnd, chunkBytes, isEnded) => {
          const text = records.map((fields) => fields.map(quoted).join(',')).join(lineEnd) + (isEnded ? lineEnd : '');
          expect(split(text, chunkBytes)).toEqual(records);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  test('a broken quotation costs its own line and no other', () => {
    for (const chunkBytes of [1, 3, 100]) {
      expect(split('a,"b\nc,d\ne,"f"g\nh,i\n', chunkBytes)).toEqual([
        ['! bad_quoting', 'a,"b'],
        ['c', 'd'],
        ['! bad_quoting', 'e,"f"g'],
        ['h', 'i'],
      ]);
    }
  });

  test('a field of ten megabytes and a record of 20,000 columns are records like others', () => {
    const long = 'x'.repeat(10_000_000);
    const wide = Array.from({ length: 20_000 }, (_, i) => `c${i}`);
    const records = split(`a,"${long}"\n${wide.join(',')}\nb,c`, 1 << 16);
    expect(records.map((fields) => fields.length)).toEqual([2, 20_000, 2]);
    expect(records[0]![1]).toHaveLength(long.length);
  });
});
