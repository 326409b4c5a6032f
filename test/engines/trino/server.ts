import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type TrinoInstallation, trinoVersion } from './install.ts';

/** The name under which Athena knows its catalog, so that one view text serves both. */
export const catalogName = 'awsdatacatalog';

/** A running Trino. */
export interface TrinoServer {
  readonly url: string;
  /** Folder in which the catalog keeps its tables, one folder per schema and table. */
  readonly metastore: string;
  stop(): Promise<void>;
}

const patienceMs = 300_000;

const properties = (entries: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

async function configure(home: string, port: number, plugins: string): Promise<string> {
  const catalogs = join(home, 'catalogs');
  const metastore = join(home, 'metastore');
  await mkdir(catalogs);
  await mkdir(metastore);
  await writeFile(
    join(home, 'config.properties'),
    properties({
      coordinator: true,
      'node-scheduler.include-coordinator': true,
      'node.environment': 'test',
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
      'http-server.http.port': port,
      'discovery.uri': `http://127.0.0.1:${port}`,
      'plugin.dir': plugins,
      'catalog.config-dir': catalogs,
    }),
  );
  await writeFile(
    join(catalogs, `${catalogName}.properties`),
    properties({
      'connector.name': 'hive',
      'hive.metastore': 'file',
      'hive.metastore.catalog.dir': `file://${metastore}`,
      'hive.parquet.use-column-names': true,
      'hive.allow-register-partition-procedure': true,
      'hive.allow-drop-table': true,
    }),
  );
  return metastore;
}

const isStarted = async (url: string): Promise<boolean> => {
  const info = await fetch(`${url}/v1/info`)
    .then((response) => (response.ok ? (response.json() as Promise<{ starting: boolean }>) : null))
    .catch(() => null);
  return info?.starting === false;
};

/**
 * Starts Trino with a Hive catalog over a file metastore, in a folder of its own, and waits until it takes queries.
 * Parquet columns are found by name and timestamps have milliseconds, as on Athena.
 */
export async function startTrino(installation: TrinoInstallation): Promise<TrinoServer> {
  const home = await mkdtemp(join(tmpdir(), 'winback-trino-'));
  const port = await freePort();
  const metastore = await configure(home, port, installation.plugins);
  const log = createWriteStream(join(home, 'server.log'));
  const java = spawn(
    'java',
    [
      '-Xmx2G',
      `-Dconfig=${join(home, 'config.properties')}`,
      '-cp',
      installation.classPath,
      'StartTrino',
      trinoVersion,
    ],
    { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  java.stdout.pipe(log);
  java.stderr.pipe(log);
  const url = `http://127.0.0.1:${port}`;
  const hasEnded = () => java.exitCode !== null || java.signalCode !== null;
  const kill = () => java.kill('SIGKILL');
  const interrupted = () => process.exit(130);
  process.once('exit', kill).once('SIGINT', interrupted).once('SIGTERM', interrupted);

  async function stop(): Promise<void> {
    process.off('exit', kill).off('SIGINT', interrupted).off('SIGTERM', interrupted);
    if (!hasEnded()) {
      java.kill('SIGKILL');
      await once(java, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  }

  for (const startedAt = performance.now(); !(await isStarted(url)); await sleep(500)) {
    if (!hasEnded() && performance.now() - startedAt < patienceMs) continue;
    const said = (await readFile(join(home, 'server.log'), 'utf8')).split('\n');
    const errors = said.filter((line) => /\tERROR\t|^Caused by|^\d+\) /.test(line)).slice(-10);
    await stop();
    throw new Error(`Trino did not start:\n${(errors.length > 0 ? errors : said.slice(-10)).join('\n')}`);
  }
  return { url, metastore, stop };
}
