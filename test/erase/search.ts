import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArrow } from '../../lambdas/platform/parquet.ts';

/** Everything that is readable in an object: its bytes, and of Parquet the texts of all cells. */
function textsOf(body: Buffer): string[] {
  const raw = body.toString('latin1');
  if (body.subarray(0, 4).toString('latin1') !== 'PAR1') return [raw];
  const table = readArrow(body);
  const cells = table.schema.fields.flatMap(({ name, type }) =>
    String(type) === 'Utf8' ? Array.from(table.getChild(name) ?? [], (cell) => String(cell)) : [],
  );
  return [raw, Buffer.from(cells.join('\n')).toString('latin1')];
}

/** Files under a folder, hidden ones too, in which one of the words is found, in any case: by word, in order. */
export async function filesWith(root: string, words: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(words.map((word) => [word, []]));
  const entries = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const texts = textsOf(await readFile(path)).map((text) => text.toLowerCase());
    for (const word of words) {
      const bytes = Buffer.from(word).toString('latin1').toLowerCase();
      if (texts.some((text) => text.includes(bytes))) found.get(word)?.push(path.slice(root.length + 1));
    }
  }
  return found;
}
