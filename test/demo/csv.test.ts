import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, moneyText } from '../../bin/demo/csv.ts';
import { parseCsv } from './read-csv.ts';

describe('csv', () => {
  it('quotes only what needs it', () => {
    expect(csvLine(['plain', 'a, b', 'a "b"', ' blank', '', 'ő “x”'])).toBe('plain,"a, b","a ""b"""," blank",,ő “x”\n');
  });

  it('reads back as written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '茶') });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 1 })), (records) => {
        expect(parseCsv(records.map(csvLine).join(''))).toEqual(records);
      }),
    );
  });

  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [50, '0.50'],
    [1_250, '12.50'],
    [123_456_789, '1234567.89'],
  ])('writes %d cents as %s', (cents, text) => expect(moneyText(cents)).toBe(text));
});
