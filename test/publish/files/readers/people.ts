import { strictCsv } from '../../../support/strict-csv.ts';
import { must, records } from './csv.ts';

/** What a spreadsheet may run when a cell begins with it. */
export const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/** Reads a list for people as a spreadsheet does. @throws Error where a cell would run, or a character would be lost */
export function readPeople(body: Uint8Array, mark: 'marked' | 'unmarked' = 'marked'): Record<string, string>[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  must(text.startsWith('\uFEFF') === (mark === 'marked'), `the file is not ${mark}`);
  const [header = [], ...rows] = strictCsv(mark === 'marked' ? text.slice(1) : text);
  for (const cell of rows.flat()) {
    must(!formulaStarts.some((start) => cell.startsWith(start)) || /^-\d+\.\d{2}$/.test(cell), `${cell} is a formula`);
  }
  return records({ header, rows });
}
