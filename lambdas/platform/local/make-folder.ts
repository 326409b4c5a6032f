import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../system-error.ts';

/**
 * Makes a folder and those above it; one that is there already is fine. Unlike the recursive `mkdir` of Node.js 20 it ends
 * where a file system has the folder above and still answers ENOENT, as `/proc` does.
 * @throws Error of `node:fs` with its code
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode }).catch((again) => {
      if (systemCode(again) !== 'EEXIST') throw again;
    });
  }
}
