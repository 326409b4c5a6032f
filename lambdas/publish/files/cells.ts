/** What spreadsheets take for a formula when a cell begins with it, full-width forms too (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A text from outside that a spreadsheet shows and never runs. For files that people open; an upload would not match. */
export const withoutFormula = (value: string | null): string =>
  value === null ? '' : formulaStart.test(value) ? `'${value}` : value;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** One record of a CSV file as in RFC 4180, with its line end. */
export const csvRecord = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

/** An amount with two decimals, rounded half away from zero. */
export function amountText(tenThousandths: bigint): string {
  const sign = tenThousandths < 0n ? '-' : '';
  const cents = ((tenThousandths < 0n ? -tenThousandths : tenThousandths) + 50n) / 100n;
  return `${sign}${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The longest beginning of a text that has at most so many bytes in UTF-8 and ends after a whole character. */
export function clipped(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  let end = 0;
  let bytes = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > mostBytes) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
