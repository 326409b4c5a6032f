import { join } from 'node:path';
import { tableLines } from '../../../bin/terminal.ts';
import { isoDate } from '../../../lambdas/lake/day.ts';
import { campaignMembers } from '../../../lambdas/lake/tables/campaigns.ts';
import type { AthenaBackend } from '../../support/athena/backend.ts';
import { duckDbBackend } from '../../support/athena/duckdb.ts';
import { awsLake } from '../../support/aws-lake.ts';
import { hashesUnder } from '../../support/files.ts';
import { deployNight } from '../../support/states/night.ts';
import { type Findings, unheard, unlikeFiles } from '../part.ts';
import { deliver, type LocalNights, runCommand, type Shop } from '../shop.ts';
import { trinoBackend } from '../trino/backend.ts';
import { installedTrino, trinoVersion } from '../trino/install.ts';
import { startTrino } from '../trino/server.ts';
import { askedOfDuckDb } from './asked-of-duckdb.ts';
import { doubleTolerance } from './compare.ts';
import { type ComparingBackend, type Comparison, comparingBackend } from './comparing-backend.ts';
import { isStatementOf, statementFiles } from './files.ts';
import { localBackend, unlikeTables } from './lakes.ts';

const schema = 'winback_test';

/** Runs the commands that ask for tables, on the lake in a folder; each statement file below bin/ needs a call here. */
async function runCommands(shop: Shop, root: string, local: AthenaBackend): Promise<void> {
  const listed = `select customer_key from ${campaignMembers.name} where arm <> 'excluded' order by customer_key limit 3`;
  const { rows } = await local.select(listed);
  for (const [customer] of rows) await runCommand(shop, root, 'explain', [customer ?? '']);
  await runCommand(shop, root, 'erase', [rows[0]?.[0] ?? ''], ['dry-run']);
  const suppressed = shop.files.filter((file) => file.kind === 'suppressions').map((file) => file.path);
  await runCommand(shop, root, 'suppress', suppressed);
}

/** The queries among what DuckDB was asked: those within a `copy` too, but not what only DuckDB understands. */
const queriesOf = (asked: readonly string[]): string[] =>
  asked.map((sql) => /^copy \(([\s\S]*)\) to '/.exec(sql)?.[1] ?? sql).filter((sql) => /^(select|with)\b/.test(sql));

/** A line for each statement file that was run, and a fault for each that nothing ran. */
function byFile(comparisons: readonly Comparison[]): { lines: string[][]; faults: string[] } {
  const lines: string[][] = [];
  const faults: string[] = [];
  for (const file of statementFiles('lambdas', 'bin', 'infra')) {
    const runs = comparisons.filter(({ sql }) => isStatementOf(file, sql));
    const rows = String(runs.reduce((sum, run) => sum + run.rows, 0));
    const isEqual = runs.length > 0 && runs.every((run) => run.difference === null);
    lines.push([file.path, String(runs.length), rows, isEqual ? 'yes' : 'NO']);
    if (runs.length === 0) {
      faults.push(
        `${file.path}: no night and no command ran it; let runCommands in over-trino.ts call the command that does`,
      );
    }
  }
  return { lines, faults };
}

function differences(comparisons: readonly Comparison[]): string[] {
  const files = statementFiles('lambdas', 'bin', 'infra');
  return comparisons
    .filter(({ difference }) => difference !== null)
    .map(({ sql, difference }) => {
      const what = files.find((file) => isStatementOf(file, sql))?.path ?? sql.slice(0, 200);
      return `DuckDB and Trino differ in ${what}: ${difference}`;
    });
}

/** What the nights, the commands and the saved queries came to. */
interface Compared {
  readonly comparisons: readonly Comparison[];
  readonly faults: string[];
  readonly tableRows: number;
}

async function comparedNights(
  folder: string,
  shop: Shop,
  nights: LocalNights,
  openTrino: typeof duckDbBackend,
): Promise<Compared> {
  const root = join(folder, 'over-trino');
  let backend: ComparingBackend | undefined;
  const lake = await awsLake(root, {
    openBackend: async (buckets, names) => {
      const pathOf = (uri: string): string => join(buckets, uri.replace('s3://', ''));
      backend = comparingBackend(await openTrino(buckets, names), await duckDbBackend(buckets, names), pathOf);
      return backend;
    },
  });
  const night = await deployNight(folder, lake, shop.config);
  const local = await localBackend(nights.root);
  const faults: string[] = [];
  try {
    if (!backend) throw new Error('the lake opened no engine');
    const { comparisons, select } = backend;
    await deliver(shop, lake.s3.buckets);
    for (const asOf of shop.nights) {
      const { status, error, cause } = await unheard(() => night.start({ as_of: isoDate(asOf) }));
      if (status === 'SUCCEEDED') continue;
      return { comparisons, faults: [`the night of ${isoDate(asOf)} failed: ${error}: ${cause}`], tableRows: 0 };
    }
    const unlike = unlikeFiles(nights.published, await hashesUnder(join(root, 'buckets', 'personal', 'published')));
    faults.push(...unlike.map((path) => `published/${path} over Trino is not that of the night in a folder`));
    const tables = await unlikeTables(backend, local);
    faults.push(...tables.faults);
    for (const sql of queriesOf(await askedOfDuckDb(() => runCommands(shop, nights.root, local)))) await select(sql);
    for (const { text } of statementFiles('infra')) await select(text.trim());
    return { comparisons, faults, tableRows: tables.rows };
  } finally {
    await local.close();
    await night.close();
    await lake.close();
  }
}

/**
 * Runs the nights through the bundled functions, the AWS clients, Athena's protocol and Trino. Every statement is answered
 * by DuckDB too; what is published and what tables hold must be that of the nights in a folder.
 * @throws Unavailable where Trino cannot be had
 */
export async function nightsOverTrino(folder: string, shop: Shop, local: LocalNights): Promise<Findings> {
  const server = await startTrino(await installedTrino());
  try {
    const openTrino = (root: string, buckets: { lake: string; personal: string }) =>
      trinoBackend(server, schema, root, buckets);
    const { comparisons, faults, tableRows } = await comparedNights(folder, shop, local, openTrino);
    const files = byFile(comparisons);
    for (const line of tableLines(['statement', 'runs', 'rows', 'equal'], files.lines)) console.log(line);
    const rows = comparisons.reduce((sum, comparison) => sum + comparison.rows, 0);
    const looked = [
      `Trino ${trinoVersion}: ${shop.nights.length} nights, ${local.published.size} published files and ${tableRows} rows of tables as in a folder`,
      `${files.lines.length} statement files in ${comparisons.length} runs with ${rows} rows as on DuckDB (doubles within ${doubleTolerance})`,
    ].join('; ');
    return { looked, faults: [...differences(comparisons), ...files.faults, ...faults] };
  } finally {
    await server.stop();
  }
}
