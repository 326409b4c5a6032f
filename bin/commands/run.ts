import { isoDate } from '../../lambdas/lake/day.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { readManifest } from '../../lambdas/publish/manifest.ts';
import { type Arguments, asOfOption, type Command, lakeOptions } from '../command.ts';
import { type GivenPath, givenPaths, ingestAll, namedExports, surveysOption } from '../ingest-files.ts';
import { checkShop } from '../known-shop.ts';
import { lakeFolder, openLocalLake, readConfig } from '../local-lake.ts';
import { runNight } from '../night.ts';
import { nightSummary, summaryLines } from '../summary.ts';
import type { Terminal } from '../terminal.ts';

/** Options that say which night is meant. */
export const nightOptions = {
  'as-of': {
    type: 'string',
    value: 'DATE',
    help: 'last day that counts (default: the newest order date, at most yesterday)',
  },
  horizon: { type: 'string', value: 'DAYS', help: 'days without a purchase after which a customer counts as lost' },
} as const satisfies Command['options'];

/** Settings with `--horizon` laid over them. @throws UsageError for anything that is no number of days */
export async function configOf(given: Arguments): Promise<Config> {
  const config = await readConfig(given);
  const text = given.text('horizon');
  if (text === undefined) return config;
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 7 || days > 730) {
    throw new UsageError(`--horizon ${text} is not a number of days from 7 to 730`, 'For example --horizon 90.');
  }
  return { ...config, horizon: { ...config.horizon, days } };
}

/** Ingests exports, runs the night and prints what it found. */
export async function ingestAndRun(
  terminal: Terminal,
  night: {
    readonly root: string;
    readonly config: Config;
    readonly paths: readonly GivenPath[];
    readonly asOf: number | null;
    /** When the exports were delivered, for those that are not of today. */
    readonly deliveredAt?: Date;
  },
): Promise<void> {
  const startedAt = performance.now();
  const files = night.paths.length > 0 ? await namedExports(night.paths, night.deliveredAt) : [];
  const lake = await openLocalLake(night.root, night.config, terminal, files.length === 0);
  try {
    await checkShop(lake);
    const receipts = await ingestAll(lake, files);
    const claimed = await claim(lake, night.asOf);
    const outputs = await runNight(lake, claimed);
    terminal.endProgress();
    const manifest = await readManifest(lake.store, outputs.publish.manifestKey);
    const seconds = (performance.now() - startedAt) / 1000;
    const summary = await nightSummary({ lake, receipts, night: claimed, outputs, manifest, seconds });
    terminal.json(summary);
    for (const line of summaryLines(summary, terminal)) terminal.line(line);
    if (night.asOf === null)
      terminal.line(`  as of ${isoDate(claimed.run.asOf)}: the newest order date, at most yesterday`);
  } finally {
    lake.close();
  }
}

export const run: Command = {
  name: 'run',
  usage: 'run --orders FILE… [--surveys FILE…] [--lake DIR] [--as-of DATE] [--horizon DAYS] [--config FILE]',
  summary: 'Ingest order exports and run the night: features, retention, scores, lists, report.',
  options: {
    orders: { type: 'string', multiple: true, value: 'FILE…', help: 'export files; without any, the lake as it is' },
    surveys: surveysOption,
    ...nightOptions,
    ...lakeOptions,
  },
  async run(given, terminal) {
    const paths = givenPaths(given);
    const config = await configOf(given);
    await ingestAndRun(terminal, { root: lakeFolder(given), config, paths, asOf: asOfOption(given) });
    return exitCodes.ok;
  },
};
