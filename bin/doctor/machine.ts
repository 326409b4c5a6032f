import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { type Found, fail, ok, warn } from './finding.ts';

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en-GB')} MB`;

/** The oldest Node.js that winback runs on, as its package states it. */
function oldestNode(): readonly number[] {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { engines } = JSON.parse(text) as { readonly engines: { readonly node: string } };
  return (engines.node.match(/\d+/g) ?? []).map(Number);
}

/** Whether this Node.js is new enough. */
export function nodeVersion(running = process.versions.node, oldest = oldestNode()): Found {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [needsMajor = 0, needsMinor = 0] = oldest;
  const isEnough = major > needsMajor || (major === needsMajor && minor >= needsMinor);
  if (isEnough) return ok(`Node.js ${running}`);
  return fail(`Node.js ${running} is older than ${needsMajor}.${needsMinor}`, 'Install a newer Node.js.');
}

/** Whether files can be made in a folder: one is made and removed again. */
export async function writable(folder: string, next: string): Promise<Found> {
  const path = join(folder, `.${randomBytes(8).toString('hex')}.part`);
  try {
    await writeFile(path, 'winback doctor', { flag: 'wx' });
    return ok(`${folder} can be written`);
  } catch (error) {
    return fail(`${folder} cannot be written: ${(error as NodeJS.ErrnoException).code}`, next);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** The folder for what does not fit in memory, which large exports need. */
export const temporaryFolder = (): Promise<Found> => writable(tmpdir(), 'Let TMPDIR name a folder that you may write.');

/** Bytes in use and free where a lake lies. */
export interface Space {
  readonly free: number;
  /** Of the whole lake. */
  readonly lake: number;
  /** Of what the current night computed: the next one will need about as much. */
  readonly night: number;
}

/** Whether the next nights find room: at least for ten like the current one. */
export function room({ free, lake, night }: Space): Found {
  const found = `${megabytes(free)} free; the lake has ${megabytes(lake)}, the current night ${megabytes(night)} of it`;
  const next = 'Free some space, or lower night.keep_days so that older nights are removed.';
  if (free < 2 * night) return fail(found, next);
  return free < 10 * night ? warn(found, next) : ok(found);
}

/** Bytes that may be written on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Whether the query engine loads and computes. */
export async function queryEngine(): Promise<Found> {
  const again = 'Run npm ci on this machine: the package is built for each system.';
  try {
    const { readOnlyQuery } = await import('../../lambdas/platform/local/read-only-query.ts');
    const result = await readOnlyQuery(fileStore(tmpdir()), tmpdir(), 'select 6 * 7, version()', false);
    try {
      for await (const [row] of result.batches()) if (row?.[0] === 42) return ok(`DuckDB ${row[1]} loads`);
    } finally {
      result.close();
    }
    return fail('DuckDB loads and does not compute', again);
  } catch (error) {
    const [what] = (error as Error).message.split('\n');
    return fail(`DuckDB does not load: ${what}`, again);
  }
}
