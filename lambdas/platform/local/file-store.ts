import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LakeAccessError, PreconditionFailed } from '../errors.ts';
import type { ObjectStore, StoredObject, WriteCondition } from '../object-store.ts';
import { systemCode, systemReason } from '../system-error.ts';
import { makeFolder } from './make-folder.ts';

const etagOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex').slice(0, 32);

const accessError = (root: string, key: string, error: unknown): Error => {
  if (systemCode(error) === undefined || error instanceof PreconditionFailed) return error as Error;
  return new LakeAccessError(
    `the lake ${root} cannot be used, at ${key || 'the folder itself'}: ${systemReason(error)}`,
    'Choose a folder that you may write with --lake, or free some space.',
    { cause: error },
  );
};

/** Writes to a hidden file beside the target, flushes it, and hands it over: readers never meet a half object. */
async function writeAside(path: string, body: Uint8Array | AsyncIterable<Uint8Array>) {
  await makeFolder(dirname(path));
  const aside = join(dirname(path), `.${randomBytes(8).toString('hex')}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(aside, 'wx');
  try {
    const chunks = body instanceof Uint8Array ? [body] : body;
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(aside, { force: true });
    throw error;
  }
  await file.close();
  return { aside, bytes, etag: hash.digest('hex').slice(0, 32) };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
};

const longestHold = 60_000;

/** A lock file that no running process holds: its owner is gone, or it is older than any hold lasts. */
async function isStale(lock: string): Promise<boolean> {
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
  const age = Date.now() - (await stat(lock).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
  return (owner > 0 && !isAlive(owner)) || age > longestHold;
}

/** Makes a lock file that names this process from its first moment on. @returns false when somebody holds it */
async function tryLock(lock: string): Promise<boolean> {
  const aside = join(dirname(lock), `.${randomBytes(8).toString('hex')}.part`);
  await writeFile(aside, String(process.pid), { flag: 'wx' });
  try {
    await link(aside, lock);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Holds `lock` while `action` runs. A stale lock is removed by one waiter at a time, so that a fresh one is never. */
async function withLock<T>(lock: string, action: () => Promise<T>): Promise<T> {
  while (!(await tryLock(lock))) {
    if (!(await isStale(lock))) await new Promise((resolve) => setTimeout(resolve, 5));
    else {
      await withLock(`${lock}.lock`, async () => {
        if (await isStale(lock)) await rm(lock, { force: true });
      });
    }
  }
  try {
    return await action();
  } finally {
    await rm(lock, { force: true });
  }
}

async function* walk(directory: string, prefix: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const place = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  for (const entry of entries.sort((a, b) => (place(a) < place(b) ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name.endsWith('.lock')) continue;
    if (entry.isDirectory()) yield* walk(join(directory, entry.name), `${prefix}${entry.name}/`);
    else yield prefix + entry.name;
  }
}

/**
 * An object store in a folder: a key is a path below it. Writes are atomic by rename, conditional creation by a hard
 * link, conditional replacement under a lock file.
 */
export function fileStore(root: string): ObjectStore {
  const pathOf = (key: string) => join(root, key);

  async function read(key: string): Promise<StoredObject | null> {
    try {
      const body = await readFile(pathOf(key));
      return { body, etag: etagOf(body) };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw accessError(root, key, error);
    }
  }

  async function replaceIfMatch(key: string, aside: string, etag: string) {
    await withLock(`${pathOf(key)}.lock`, async () => {
      const current = await read(key);
      if (current?.etag !== etag) {
        throw new PreconditionFailed(
          `${key} was replaced by another run`,
          'The other write stands; run again to build on it.',
        );
      }
      await rename(aside, pathOf(key));
    });
  }

  async function createIfAbsent(key: string, aside: string) {
    await link(aside, pathOf(key)).catch((error) => {
      if (systemCode(error) !== 'EEXIST') throw error;
      throw new PreconditionFailed(`${key} exists already`, 'The first write stands.', { cause: error });
    });
    await unlink(aside);
  }

  async function write(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, condition?: WriteCondition) {
    let aside = '';
    try {
      const written = await writeAside(pathOf(key), body);
      aside = written.aside;
      if (!condition) await rename(aside, pathOf(key));
      else if ('ifAbsent' in condition) await createIfAbsent(key, aside);
      else await replaceIfMatch(key, aside, condition.ifMatch);
      return { etag: written.etag, bytes: written.bytes };
    } catch (error) {
      if (aside) await rm(aside, { force: true });
      throw accessError(root, key, error);
    }
  }

  async function* list(prefix: string) {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    try {
      for await (const key of walk(pathOf(folder), folder)) {
        if (!key.startsWith(prefix)) continue;
        yield { key, bytes: (await stat(pathOf(key))).size };
      }
    } catch (error) {
      throw accessError(root, prefix, error);
    }
  }

  async function remove(key: string): Promise<void> {
    await rm(pathOf(key), { force: true }).catch((error) => {
      throw accessError(root, key, error);
    });
  }

  async function removeAll(prefix: string): Promise<void> {
    await rm(pathOf(prefix), { recursive: true, force: true }).catch((error) => {
      throw accessError(root, prefix, error);
    });
  }

  return { read, write, list, remove, removeAll };
}
