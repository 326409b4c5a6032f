import { createReadStream, existsSync } from 'node:fs';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { IngestPorts } from '../lambdas/ingest/ingest.ts';
import type { ExportFile } from '../lambdas/ingest/source/export-file.ts';
import { type Config, parseConfig } from '../lambdas/platform/config/config.ts';
import type { IdentifyingContext } from '../lambdas/platform/context.ts';
import { ConfigError, FileAccessError, LakeAccessError, NothingToDo } from '../lambdas/platform/errors.ts';
import { identityKeys } from '../lambdas/platform/identity-keys.ts';
import { fileStore } from '../lambdas/platform/local/file-store.ts';
import { localSecret } from '../lambdas/platform/local/secret.ts';
import { jsonLog, silentLog } from '../lambdas/platform/log.ts';
import { systemReason } from '../lambdas/platform/system-error.ts';
import type { Arguments } from './command.ts';
import type { Terminal } from './terminal.ts';

const defaultLake = 'winback-lake';
const defaultConfig = 'winback.json';

/** The folder that `--lake` names. */
export const lakeFolder = (given: Arguments): string => resolve(given.text('lake') ?? defaultLake);

/** Settings of a file, with defaults filled in. */
export async function readConfigFile(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error) => {
    const message = `the settings file ${path} cannot be read: ${systemReason(error)}`;
    throw new FileAccessError(message, 'Check --config.', { cause: error });
  });
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${(error as Error).message}`, 'Mend the file.', { cause: error });
  }
  return parseConfig(settings, path);
}

/** Settings from `--config`, else from `winback.json` in the working folder, else all defaults. */
export async function readConfig(given: Arguments): Promise<Config> {
  const path = given.text('config') ?? (existsSync(defaultConfig) ? defaultConfig : null);
  return path === null ? parseConfig({}, 'the defaults') : readConfigFile(path);
}

/** An export in the filesystem. @throws FileAccessError when it is not there, is no file, or may not be read */
export async function exportFile(path: string, deliveredAt: Date): Promise<ExportFile> {
  const found = await access(path, constants.R_OK)
    .then(() => stat(path))
    .catch((error) => {
      throw new FileAccessError(`${path}: ${systemReason(error)}`, 'Check the path.', { cause: error });
    });
  if (!found.isFile()) throw new FileAccessError(`${path} is not a file`, 'Name the export file itself.');
  return {
    name: basename(path),
    bytes: found.size,
    deliveredAt,
    open: () => createReadStream(path, { highWaterMark: 1 << 20 }),
  };
}

/**
 * Makes sure that a path may be a lake.
 * @throws LakeAccessError when it is a file; NothingToDo when it must be a lake, and none is there
 */
async function checkFolder(root: string, mustExist: boolean): Promise<void> {
  const found = await stat(root).catch(() => null);
  if (found && !found.isDirectory())
    throw new LakeAccessError(`the lake ${root} is a file`, 'Name a folder with --lake.');
  if (mustExist && !existsSync(join(root, 'secret')) && !existsSync(join(root, 'ledger'))) {
    throw new NothingToDo(
      `there is no lake in ${root}`,
      'Run winback run --orders FILE… first, or name it with --lake.',
    );
  }
}

/** The lake that `--lake` names, as those see it who only read objects. @throws NothingToDo when there is none */
export async function existingLake(given: Arguments): Promise<Pick<LocalObjects, 'root' | 'store'>> {
  const root = lakeFolder(given);
  await checkFolder(root, true);
  return { root, store: fileStore(root) };
}

/** A lake in a folder as ingest sees it: its objects, without an engine to query them. */
export interface LocalObjects extends IngestPorts {
  readonly root: string;
}

/**
 * Opens the objects of a lake in a folder.
 * @param mustExist refuse a folder that no run has written yet, instead of making one
 */
export async function openLocalObjects(
  root: string,
  config: Config,
  terminal: Terminal,
  mustExist: boolean,
): Promise<LocalObjects> {
  await checkFolder(root, mustExist);
  const store = fileStore(root);
  const secret = await localSecret(root, process.env.WINBACK_SECRET);
  return {
    root,
    store,
    config,
    keys: identityKeys(secret),
    log: terminal.isVerbose
      ? jsonLog(
          (line) => process.stderr.write(line),
          () => new Date(),
        )
      : silentLog,
    clock: () => new Date(),
    progress: (share, what) => terminal.progress(`${String(Math.floor(share * 100)).padStart(3)}%  ${what}`),
  };
}

export interface LocalLake extends IdentifyingContext {
  readonly root: string;
  close(): void;
}

/**
 * The composition root of the command line: a lake in a folder, with DuckDB, which is loaded here and nowhere before.
 * @param mustExist refuse a folder that no run has written yet, instead of making one
 */
export async function openLocalLake(
  root: string,
  config: Config,
  terminal: Terminal,
  mustExist: boolean,
): Promise<LocalLake> {
  const objects = await openLocalObjects(root, config, terminal, mustExist);
  const { duckDbEngine } = await import('../lambdas/platform/local/duckdb-engine.ts');
  const engine = await duckDbEngine(objects.store, { root });
  return { ...objects, engine, close: engine.close };
}
