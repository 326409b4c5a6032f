import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const partOfObject = /^\.[0-9a-f]{16}\.part$/;
/** No write takes this long: what is older was left by a process that died. */
const longestWriteMs = 3_600_000;

/** Paths of unfinished objects that processes left which died while they wrote to the lake in a folder. */
export async function leftovers(root: string, now: Date): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !partOfObject.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => null);
    if (found && now.getTime() - found.mtimeMs > longestWriteMs) paths.push(path);
  }
  return paths;
}

/** Removes these. */
export async function removeLeftovers(root: string, now: Date): Promise<void> {
  for (const path of await leftovers(root, now)) await rm(path, { force: true });
}
