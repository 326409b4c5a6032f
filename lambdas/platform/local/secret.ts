import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError, LakeAccessError } from '../errors.ts';
import { systemCode, systemReason } from '../system-error.ts';
import { makeFolder } from './make-folder.ts';

/** Writes a new secret where there is none yet, into a lake closed to others; one that another process wrote first stays. */
async function makeSecret(folder: string, path: string, secret: string): Promise<void> {
  const aside = join(folder, `.${randomBytes(8).toString('hex')}.part`);
  await makeFolder(dirname(folder), 0o700);
  await makeFolder(folder, 0o700);
  await writeFile(aside, secret, { flag: 'wx', mode: 0o600 });
  await link(aside, path).catch((error) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
  await rm(aside);
}

const readSecret = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });

const shortest = 16;

const lostSecret = (path: string): LakeAccessError =>
  new LakeAccessError(
    `the lake has lost its secret: ${path} is missing`,
    'Restore it from a backup, or set WINBACK_SECRET to it. A new one would make strangers of all customers.',
  );

/**
 * The secret of a lake in a folder: made once, kept in it, readable by its owner alone. A lake that has taken anything in
 * gets no second one: it would make strangers of all customers, of those whom nobody may contact too.
 * @param wanted the secret to begin a new lake with, or one to restore; left out, a random one
 * @throws ConfigError when the lake has another secret than the one wanted, or that one is too short to keep anything
 * @throws LakeAccessError when the lake has lost its secret
 */
export async function localSecret(root: string, wanted?: string): Promise<string> {
  if (wanted !== undefined && wanted.length < shortest) {
    throw new ConfigError(
      `WINBACK_SECRET has ${wanted.length} characters, and needs ${shortest} at least`,
      'Make one with: openssl rand -hex 32.',
    );
  }
  const folder = join(root, 'secret');
  const path = join(folder, 'identity-secret');
  try {
    if ((await readSecret(path)) === null) {
      if (wanted === undefined && existsSync(join(root, 'ledger'))) throw lostSecret(path);
      await makeSecret(folder, path, wanted ?? randomBytes(32).toString('hex'));
    }
    const secret = (await readSecret(path)) ?? '';
    if (wanted === undefined || wanted === secret) return secret;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new LakeAccessError(
      `the lake ${root} cannot be used, at its secret: ${systemReason(error)}`,
      'Choose a folder that you may write with --lake, or free some space.',
      { cause: error },
    );
  }
  throw new ConfigError(
    `the lake ${root} was made with another secret than WINBACK_SECRET`,
    'Unset WINBACK_SECRET, or name another lake: a secret cannot be changed without losing all customer keys.',
  );
}
