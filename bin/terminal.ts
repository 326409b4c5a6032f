import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command speaks: results on standard output, progress on standard error. */
export interface Terminal {
  readonly isJson: boolean;
  /** Also write a structured log to standard error. */
  readonly isVerbose: boolean;
  /** One line of the result; nothing in JSON mode. */
  line(text?: string): void;
  /** The result as JSON; nothing otherwise. */
  json(value: unknown): void;
  style(style: Style, text: string): string;
  /** What is being done now, replaced by the next call; a plain line where standard error is no terminal. */
  progress(text: string): void;
  endProgress(): void;
}

/** The styles that `style` writes (bold, dim, and their colours, each with its end); all other codes come from elsewhere. */
const own = /^\u001b\[(?:[12]|22|3[1367]|39)m$/;
const unseen = /\u001b\[\d{1,3}m|[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text from a file or its name, made safe to show: line breaks, terminal codes and direction marks are written out. */
export const visible = (text: string): string =>
  text.replace(unseen, (found) =>
    own.test(found) ? found : `\\u{${found.charCodeAt(0).toString(16).padStart(4, '0')}}${found.slice(1)}`,
  );

const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

export function openTerminal(isJson: boolean, isVerbose: boolean): Terminal {
  const isLive = process.stderr.isTTY === true && !isJson && !isVerbose;
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  let shown = '';
  return {
    isJson,
    isVerbose,
    line: (text = '') => {
      if (!isJson) process.stdout.write(`${visible(text)}\n`);
    },
    json: (value) => {
      if (isJson) process.stdout.write(`${JSON.stringify(value, replacer, 2)}\n`);
    },
    style: (style, text) => (isColoured ? styleText(style, text) : text),
    progress: (text) => {
      if (!isLive || text === shown) return;
      shown = visible(text).slice(0, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(`\r\u001b[2K${shown}`);
    },
    endProgress: () => {
      if (isLive && shown) process.stderr.write('\r\u001b[2K');
      shown = '';
    },
  };
}

const isNumeric = (cell: string): boolean => /^[-+]?[\d,.]+( ?[%A-Z]*)?$/.test(cell);

/** Columns set under each other: figures to the right, words to the left. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const toRight = header.map((_, i) => {
    const told = rows.map((row) => row[i] ?? '').filter((cell) => cell !== '');
    return told.length > 0 && told.every(isNumeric);
  });
  const pad = (cell: string, i: number) => (toRight[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0));
  return [header, ...rows].map((row) => `  ${row.map(pad).join('   ').trimEnd()}`);
}
