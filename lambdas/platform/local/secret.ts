import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LakeAccessError } from '../errors.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** Writes a new secret where there is none yet; one that another process wrote first stays. */
async function makeSecret(folder: string, path: string): Promise<void> {
  const aside = join(folder, `.${randomBytes(8).toString('hex')}.part`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(aside, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  await link(aside, path).catch((error) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await rm(aside);
}

/**
 * The secret of a lake in a folder: made once, kept in it, readable by its owner alone. Who loses it gets new customer
 * keys for all customers.
 */
export async function localSecret(root: string): Promise<string> {
  const folder = join(root, 'secret');
  const path = join(folder, 'identity-secret');
  try {
    const found = await readFile(path, 'utf8').catch((error) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (found) return found;
    await makeSecret(folder, path);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new LakeAccessError(
      `the lake ${root} cannot be used: ${codeOf(error)} on its secret`,
      'Choose a folder that you may write with --lake, or free some space.',
      { cause: error },
    );
  }
}
