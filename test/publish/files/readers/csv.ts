import { strictCsv } from '../../../support/strict-csv.ts';

/** A platform's file as its own rules read it: header and rows of cells. */
export interface ReadFile {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(rule);
}

/** UTF-8 without a byte order mark, strict CSV, a header. */
export function uploadFile(body: Uint8Array): ReadFile {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  must(!text.startsWith('\uFEFF'), 'an upload begins with its header, not with a byte order mark');
  const [header, ...rows] = strictCsv(text);
  must(header !== undefined && header.length > 0, 'there is no header');
  return { header: header!, rows };
}

/** Rows as records; only for files whose header has no name twice. */
export function records({ header, rows }: ReadFile): Record<string, string>[] {
  must(new Set(header).size === header.length, 'a header stands twice');
  must(
    header.every((name) => name.trim() !== '' && name === name.trim()),
    'a header is blank or has blanks around it',
  );
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]!])));
}

export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** SHA-256 of the empty text: it would match every customer without a value with every other. */
export const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
