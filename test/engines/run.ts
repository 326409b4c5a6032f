import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableLines } from '../../bin/terminal.ts';
import { type Comparison, compareOnBoth, doubleTolerance, wholeTables } from './compare.ts';
import { recordedNights } from './nights.ts';
import { trinoEngine } from './trino/engine.ts';
import { installedTrino, TrinoUnavailable, trinoVersion } from './trino/install.ts';
import { startTrino, type TrinoServer } from './trino/server.ts';
import { createTables } from './trino/tables.ts';

const customers = 1_500;
const schema = 'winback_test';

/** Names of all `.sql` files of the product. @throws when two have one name, as reports could not tell them apart */
function statementNames(): string[] {
  const roots = ['../../lambdas/', '../../bin/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const names = roots
    .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => basename(file, '.sql'))
    .sort();
  const twice = names.find((name, index) => name === names[index + 1]);
  if (twice) throw new Error(`two statements are named ${twice}.sql`);
  return names;
}

async function comparisons(server: TrinoServer, folder: string): Promise<Comparison[]> {
  const lake = await recordedNights(folder, customers);
  try {
    await createTables(server, schema, lake.root);
    const trino = trinoEngine(server, schema, lake.root);
    for (const { table, run } of lake.recorded.partitions) await trino.register(table, run);
    const results: Comparison[] = [];
    for (const recorded of [...wholeTables(), ...lake.recorded.statements]) {
      results.push(await compareOnBoth(recorded, lake.duckDb, trino));
    }
    const ran = new Set(results.map((result) => result.name));
    const difference = 'no step of the nights ran it';
    const missed = statementNames().filter((name) => !ran.has(name));
    return [...results, ...missed.map((name) => ({ name, rows: 0, difference }))];
  } finally {
    lake.close();
  }
}

/** Prints one line per statement and says whether all agree. */
function report(results: readonly Comparison[]): boolean {
  const names = [...new Set(results.map((result) => result.name))];
  const lines = names.map((name) => {
    const runs = results.filter((result) => result.name === name);
    return [
      name,
      String(runs.length),
      String(runs.reduce((sum, run) => sum + run.rows, 0)),
      runs.every((run) => run.difference === null) ? 'yes' : 'NO',
    ];
  });
  for (const line of tableLines(['statement', 'runs', 'rows', 'equal'], lines)) console.log(line);
  const different = results.filter((result) => result.difference !== null);
  for (const { name, difference } of different) console.log(`DIFFERENT ${name}: ${difference}`);
  const passed = results.length - different.length;
  console.log(
    `${passed} passed, ${different.length} failed: DuckDB against Trino ${trinoVersion}, row by row in order`,
  );
  console.log(`(exact; doubles within ${doubleTolerance} of the larger)`);
  return different.length === 0;
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'winback-engines-'));
  let server: TrinoServer | null = null;
  try {
    server = await startTrino(await installedTrino());
    return report(await comparisons(server, folder)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TrinoUnavailable)) throw error;
    console.log(`ENGINES NOT RUN: ${error.message}`);
    return process.env.REQUIRE_ENGINES === '1' ? 1 : 0;
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
