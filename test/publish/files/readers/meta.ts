import { emptyHash, isHash, must, uploadFile } from './csv.ts';

const template = 'email,email,email,phone,phone,phone,madid,fn,ln,zip,ct,st,country,dob,doby,gen,age,uid';
const unhashed = new Set(['madid', 'uid', 'value']);

export interface MetaRow {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly cells: Readonly<Record<string, string>>;
}

/** Reads a hashed customer list by the columns of Meta's template. @throws Error naming the rule that is broken */
export function readMeta(body: Uint8Array, kind: 'value' | 'standard'): MetaRow[] {
  const { header, rows } = uploadFile(body);
  must(header.join() === template + (kind === 'value' ? ',value' : ''), `the header is that of the ${kind} template`);
  return rows.map((row) => {
    for (const [i, cell] of row.entries()) {
      const name = header[i]!;
      must(unhashed.has(name) || cell === '' || isHash(cell), `${name}: ${cell} is no SHA-256 in lower-case hex`);
      must(cell !== emptyHash, `${name} is the hash of nothing`);
    }
    const named = (name: string) => row.filter((cell, i) => header[i] === name && cell !== '');
    const [emails, phones] = [named('email'), named('phone')];
    must(emails.length + phones.length > 0, 'a row has an e-mail or a phone number');
    const cells = Object.fromEntries(header.map((name, i) => [name, row[i]!]));
    must(kind === 'standard' || /^\d+\.\d{2}$/.test(cells.value!), `${cells.value} is no value`);
    return { emails, phones, cells };
  });
}
