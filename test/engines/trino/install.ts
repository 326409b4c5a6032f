import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The Trino under test. It runs on Java 17, and all its parts are separate artifacts of Maven Central, which the
 * server's own archive of 1 GB is not needed for.
 */
export const trinoVersion = '411';

/** Java that this Trino starts on: later ones have no security manager, which its Hadoop libraries ask for. */
const javaVersions = { from: 17, to: 22 };

/** Trino cannot be had on this machine: no Java, no Maven, or no artifacts. */
export class TrinoUnavailable extends Error {}

/** Folders of an installed Trino. */
export interface TrinoInstallation {
  readonly classPath: string;
  readonly plugins: string;
}

const javaFile = (name: string): string => fileURLToPath(new URL(`./java/${name}.java`, import.meta.url));

const project = (artifact: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>winback</groupId>
  <artifactId>${artifact}-with-dependencies</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>io.trino</groupId>
        <artifactId>trino-root</artifactId>
        <version>${trinoVersion}</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>io.trino</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${trinoVersion}</version>
    </dependency>
  </dependencies>
</project>
`;

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1);

async function command(name: string, args: readonly string[]): Promise<string> {
  const options = { timeout: 1_800_000, maxBuffer: 64 << 20 };
  const { stdout, stderr } = await run(name, [...args], options).catch((error) => {
    if (error.code === 'ENOENT') throw new TrinoUnavailable(`${name} is not installed`);
    const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`;
    const why = said.split('\n').find((line) => line.includes('[ERROR]')) ?? lastLine(said) ?? error.message;
    throw new TrinoUnavailable(`${name} failed: ${why.replace('[ERROR] ', '').slice(0, 400)}`);
  });
  return stdout + stderr;
}

async function requireJava(): Promise<void> {
  const said = await command('javac', ['-version']);
  const version = Number(/javac (\d+)/.exec(said)?.[1]);
  if (version >= javaVersions.from && version <= javaVersions.to) return;
  const wanted = `${javaVersions.from} to ${javaVersions.to}`;
  throw new TrinoUnavailable(`Trino ${trinoVersion} needs a JDK ${wanted}, here is ${said.trim()}`);
}

async function copyArtifact(artifact: string, into: string): Promise<void> {
  const pom = join(into, 'pom.xml');
  await mkdir(into, { recursive: true });
  await writeFile(pom, project(artifact));
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
  await command('mvn', ['-B', '-ntp', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${into}`]);
  await rm(pom);
}

async function installInto(folder: string): Promise<void> {
  const lib = join(folder, 'lib');
  const hive = join(folder, 'plugin', 'hive');
  await copyArtifact('trino-main', lib);
  await copyArtifact('trino-hive', hive);
  await command('javac', ['-d', join(folder, 'classes'), '-cp', `${lib}/*`, javaFile('StartTrino')]);
  const services = join(hive, 'classes', 'META-INF', 'services');
  await mkdir(services, { recursive: true });
  await writeFile(join(services, 'io.trino.spi.Plugin'), 'HivePlugin\n');
  await command('javac', ['-d', join(hive, 'classes'), '-cp', `${lib}/*:${hive}/*`, javaFile('HivePlugin')]);
}

/** Names what an installation is made from: other sources make another one. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const source of [fileURLToPath(import.meta.url), javaFile('StartTrino'), javaFile('HivePlugin')]) {
    hash.update(readFileSync(source));
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * Finds Trino in the user's cache, or fetches it through Maven first (about 400 MB). It is put together aside and moved
 * into place whole, so that an interrupted download is simply begun again.
 * @throws TrinoUnavailable with the reason
 */
export async function installedTrino(): Promise<TrinoInstallation> {
  await requireJava();
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'winback', `trino-${trinoVersion}-${sourcesHash()}`);
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true });
    const aside = await mkdtemp(`${folder}-partial-`);
    try {
      await installInto(aside);
      await rename(aside, folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
  return { classPath: `${join(folder, 'classes')}:${join(folder, 'lib')}/*`, plugins: join(folder, 'plugin') };
}
