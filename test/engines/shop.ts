import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Arguments } from '../../bin/command.ts';
import { loadCommand } from '../../bin/commands/all.ts';
import { writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { type GivenPath, ingestAll, namedExports } from '../../bin/ingest-files.ts';
import { openLocalLake, readConfigFile } from '../../bin/local-lake.ts';
import { runNight } from '../../bin/night.ts';
import type { Terminal } from '../../bin/terminal.ts';
import { isoDate, parseIsoDate } from '../../lambdas/lake/day.ts';
import { type FileKind, landingFolders } from '../../lambdas/lake/file-kinds.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import { hashesUnder } from '../support/files.ts';
import type { Buckets } from '../support/s3/buckets.ts';
import { secret } from '../support/states/night.ts';

const customers = 1_500;

/** A simulated shop with what it delivers and the nights that are run of it. */
export interface Shop {
  readonly files: readonly GivenPath[];
  readonly configFile: string;
  readonly config: Config;
  /** Last days of two nights a month apart, so that statements about the night before have one. */
  readonly nights: readonly [number, number];
}

/**
 * Simulates a shop. The horizon is short, so that what the first night foretold has come true or not by the second; the
 * forest is small: it takes no part in what is compared.
 */
export async function simulatedShop(folder: string): Promise<Shop> {
  const { exportFiles, configFile: own, asOf } = await writeDemoShop(join(folder, 'shop'), { customers });
  const settings = await readConfigFile(own);
  const horizon = { ...settings.horizon, days: 28 };
  const config = { ...settings, horizon, model: { ...settings.model, trees: 20, min_buyers: 100 } };
  const configFile = join(folder, 'winback.json');
  await writeFile(configFile, JSON.stringify(config));
  const last = parseIsoDate(asOf) as number;
  const orders = exportFiles.map((path): GivenPath => ({ path, kind: 'orders' }));
  return { files: [...orders, ...(await told(folder, last))], configFile, config, nights: [last - 30, last] };
}

/** Answers of a survey and people to leave alone, by the demo shop's customer numbers. */
async function told(folder: string, last: number): Promise<GivenPath[]> {
  const customer = (n: number) => `C-${10_001 + 4 * n}`;
  const answers = Array.from(
    { length: 60 },
    (_, n) => `${customer(n)},${isoDate(last - (n % 50))},${n % 11},theme ${n % 3}`,
  );
  const suppressed = Array.from({ length: 40 }, (_, n) => customer(3 * n));
  const surveys = join(folder, 'answers.csv');
  const suppressions = join(folder, 'unsubscribed-2026-09-01.csv');
  await writeFile(surveys, ['customer_id,date,nps,theme', ...answers].join('\n'));
  await writeFile(suppressions, ['customer_id', ...suppressed].join('\n'));
  return [
    { path: surveys, kind: 'surveys' },
    { path: suppressions, kind: 'suppressions' },
  ];
}

/** Folder of landing for files of a kind. */
const folderOf = (kind: FileKind): string =>
  Object.entries(landingFolders).find(([, known]) => known === kind)?.[0] ?? 'exports';

/** Delivers the shop's exports into the landing bucket, all in one moment as in a folder: runs read in that order. */
export async function deliver(shop: Shop, buckets: Buckets): Promise<void> {
  const modified = new Date();
  for (const { path, kind } of shop.files) {
    const body = await readFile(path);
    buckets.write('landing', `${folderOf(kind)}/${basename(path)}`, { body, headers: {}, modified });
  }
}

/** Says nothing and shows no progress. */
const silent: Terminal = {
  isJson: false,
  isVerbose: false,
  line: () => undefined,
  json: () => undefined,
  style: (_, text) => text,
  progress: () => undefined,
  endProgress: () => undefined,
};

/** The shop's nights as the command line runs them, in a folder. */
export interface LocalNights {
  readonly root: string;
  /** Hashes of what was published, by path. */
  readonly published: ReadonlyMap<string, string>;
}

/** Runs the shop's nights in a folder. */
export async function localNights(shop: Shop, root: string): Promise<LocalNights> {
  process.env.WINBACK_SECRET = secret;
  const lake = await openLocalLake(root, shop.config, silent, false);
  try {
    await ingestAll(lake, await namedExports(shop.files));
    for (const asOf of shop.nights) await runNight(lake, await claim(lake, asOf));
  } finally {
    lake.close();
  }
  return { root, published: await hashesUnder(join(root, 'published')) };
}

/** Runs a command on a lake in a folder. */
export async function runCommand(
  shop: Shop,
  lake: string,
  name: string,
  words: readonly string[],
  flags: readonly string[] = [],
): Promise<void> {
  const command = await loadCommand(name);
  if (!command) throw new Error(`there is no command ${name}`);
  const options = new Map([
    ['lake', lake],
    ['config', shop.configFile],
  ]);
  const given: Arguments = {
    words,
    wordsAfter: (option) => (option === null ? words : []),
    text: (option) => options.get(option),
    texts: (option) => [options.get(option) ?? []].flat(),
    has: (option) => options.has(option) || flags.includes(option),
  };
  await command.run(given, silent);
}
