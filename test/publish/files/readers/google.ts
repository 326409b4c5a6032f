import { emptyHash, isHash, must, uploadFile } from './csv.ts';

const known = ['Email', 'Phone', 'First Name', 'Last Name', 'Country', 'Zip'];
const address = ['First Name', 'Last Name', 'Country', 'Zip'];
const hashedColumns = new Set(['Email', 'Phone', 'First Name', 'Last Name']);

/** Reads a hashed Customer Match file by Google's rules. @throws Error naming the rule that is broken */
export function readGoogle(body: Uint8Array): Record<string, string>[] {
  const { header, rows } = uploadFile(body);
  for (const name of header) must(known.includes(name), `${name} is no header of Customer Match`);
  const parts = address.filter((name) => header.includes(name));
  must(parts.length === 0 || parts.length === 4, 'matching by address needs all four columns');
  return rows.map((row) => {
    for (const [i, cell] of row.entries()) {
      must(!hashedColumns.has(header[i]!) || cell === '' || isHash(cell), `${header[i]}: ${cell} is no SHA-256`);
      must(cell !== emptyHash, `${header[i]} is the hash of nothing`);
    }
    must(
      row.some((cell) => cell !== ''),
      'a row names nobody',
    );
    return Object.fromEntries(header.map((name, i) => [name, row[i]!]));
  });
}
