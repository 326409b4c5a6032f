import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashOfFiles } from '../cache.ts';
import { command, Unavailable } from '../unavailable.ts';

/**
 * The Trino under test. It runs on Java 17, and all its parts are separate artifacts of Maven Central, which the
 * server's own archive of 1 GB is not needed for.
 */
export const trinoVersion = '411';

/** Java that this Trino starts on: later ones have no security manager, which its Hadoop libraries ask for. */
const javaVersions = { from: 17, to: 22 };

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

async function requireJava(): Promise<void> {
  const said = await command('javac', ['-version']);
  const version = Number(/javac (\d+)/.exec(said)?.[1]);
  if (version >= javaVersions.from && version <= javaVersions.to) return;
  const wanted = `${javaVersions.from} to ${javaVersions.to}`;
  throw new Unavailable(`Trino ${trinoVersion} needs a JDK ${wanted}, here is ${said.trim()}`);
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

/**
 * Finds Trino in the user's cache, or fetches it through Maven first (about 400 MB).
 * @throws Unavailable with the reason
 */
export async function installedTrino(): Promise<TrinoInstallation> {
  await requireJava();
  const sources = hashOfFiles([fileURLToPath(import.meta.url), javaFile('StartTrino'), javaFile('HivePlugin')]);
  const folder = await cached(`trino-${trinoVersion}-${sources}`, installInto);
  return { classPath: `${join(folder, 'classes')}:${join(folder, 'lib')}/*`, plugins: join(folder, 'plugin') };
}
