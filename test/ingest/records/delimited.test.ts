import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createDelimitedSplitter,
  type Dialect,
  maxRecordBytes,
  type Table,
} from '../../../lambdas/ingest/records/delimited.ts';
import { fieldText, type RawRecord } from '../../../lambdas/ingest/records/raw-record.ts';

const doubled: Dialect = { delimiter: ',', quoteEscape: 'doubled' };

function splitLines(text: string, chunkBytes: number, dialect = doubled, table?: Table) {
  const records: { line: number; fields: string[] }[] = [];
  const take = (record: RawRecord, fault: string | null): void => {
    const fields = Array.from({ length: record.fields }, (_, i) => fieldText(record, i));
    records.push({ line: record.line, fields: fault ? [`! ${fault}`, ...fields] : fields });
  };
  const splitter = createDelimitedSplitter(dialect, take, table);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes));
  splitter.end();
  return records;
}

const split = (text: string, chunkBytes: number, dialect?: Dialect, table?: Table): string[][] =>
  splitLines(text, chunkBytes, dialect, table).map(({ fields }) => fields);

const chunkSizes = [1, 2, 3, 5, 7, 100];

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

  test('a record knows the line of the file in which it begins', () => {
    for (const chunkBytes of chunkSizes) {
      const lines = (text: string) => splitLines(text, chunkBytes).map(({ line }) => line);
      expect(lines('a,b\n\nc,d\r\ne,f\rg,h')).toEqual([1, 3, 4, 5]);
      expect(lines('a,"b\nb\r\nb\rb"\nc,d\n')).toEqual([1, 5]);
      expect(lines('a,b\r\n"x"y,b\r\nc,d\n"open,e\nf,g')).toEqual([1, 2, 3, 4, 5]);
    }
  });

  test('a record is tried with the other way of escaping before it is given up', () => {
    const backslash: Dialect = { delimiter: ',', quoteEscape: 'backslash' };
    const text = 'a,"19\\" rack, black",c\nd,"20"" rack, white",f\ng,"C:\\dir\\",i\n';
    const records = [
      ['a', '19" rack, black', 'c'],
      ['d', '20" rack, white', 'f'],
    ];
    for (const chunkBytes of chunkSizes) {
      const table = { width: 3, skip: 0 };
      expect(split(text, chunkBytes, doubled, table)).toEqual([...records, ['g', 'C:\\dir\\', 'i']]);
      expect(split(text, chunkBytes, backslash, table).slice(0, 2)).toEqual(records);
    }
  });

  test('blanks between a quotation mark and the delimiter are no part of the field', () => {
    for (const chunkBytes of chunkSizes) {
      expect(split('"a" , "b, c","d"\t\n e, "f" g,h\n', chunkBytes)).toEqual([
        ['a', 'b, c', 'd'],
        [' e', ' "f" g', 'h'],
      ]);
    }
  });

  test('two stray quotation marks do not swallow the records between them', () => {
    const text = 'a,b,"c\nd,e,f\ng,h\ni,j,k"\nl,m,n\n';
    for (const chunkBytes of chunkSizes) {
      expect(split(text, chunkBytes, doubled, { width: 3, skip: 0 })).toEqual([
        ['! bad_quoting', 'a,b,"c'],
        ['d', 'e', 'f'],
        ['g', 'h'],
        ['i', 'j', 'k"'],
        ['l', 'm', 'n'],
      ]);
      expect(split('a,b,"c\nd,e\nf"\ng,h,i\n', chunkBytes, doubled, { width: 3, skip: 0 })).toEqual([
        ['a', 'b', 'c\nd,e\nf'],
        ['g', 'h', 'i'],
      ]);
    }
  });

  test('a quotation mark that is never closed costs one line of a text of any length', () => {
    const row = `${'x'.repeat(1000)},y\n`;
    const rows = Math.ceil((maxRecordBytes * 1.3) / row.length);
    const records = splitLines(`a,"b\n${row.repeat(rows)}`, 1 << 16);
    expect(records.length).toBe(rows + 1);
    expect(records[0]).toEqual({ line: 1, fields: ['! bad_quoting', 'a,"b'] });
    expect(records.at(-1)!.line).toBe(rows + 1);
  });

  test('a line that never ends is refused with the name of the file and its number', () => {
    const splitter = createDelimitedSplitter(doubled, () => undefined, { width: 0, skip: 0, name: 'orders.csv' });
    const chunk = Buffer.alloc(1 << 20, 'x');
    splitter.push(Buffer.from('a,b\n'));
    expect(() => {
      for (let bytes = 0; bytes <= 2 * maxRecordBytes; bytes += chunk.length) splitter.push(chunk);
    }).toThrow('orders.csv has a record, beginning in line 2,');
  });
});
