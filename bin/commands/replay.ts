import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isoDate } from '../../lambdas/lake/day.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { publishedNights } from '../../lambdas/night/published.ts';
import { exitCodes, LakeAccessError } from '../../lambdas/platform/errors.ts';
import { systemReason } from '../../lambdas/platform/system-error.ts';
import { type Command, dateWord, lakeOptions } from '../command.ts';
import { forgetting } from '../forget-run.ts';
import { checkShop } from '../known-shop.ts';
import { type LocalLake, lakeFolder, openLocalLake, readConfig } from '../local-lake.ts';
import { rehearse } from '../night.ts';
import { compare, printComparison } from './replay/compare.ts';
import { type Figures, figuresOf, keptOutputs } from './replay/figures.ts';

async function publishedFigures(lake: LocalLake, asOf: number): Promise<Figures | null> {
  const { nights } = await publishedNights(lake.store);
  const night = nights.find((one) => one.as_of === asOf);
  if (!night) return null;
  const run = { asOf, runId: night.run_id };
  const kept = await keptOutputs(lake, run);
  return kept && figuresOf(lake, run, kept);
}

async function saveReport(lake: LocalLake, key: string, path: string): Promise<void> {
  const found = await lake.store.read(key);
  if (!found) throw new LakeAccessError(`the report ${key} of the replay is gone`, 'Replay the night again.');
  await writeFile(path, found.body).catch((error: unknown) => {
    throw new LakeAccessError(`${path} cannot be written: ${systemReason(error)}`, 'Name another file with --report.', {
      cause: error,
    });
  });
}

/** Computes the night of a date as a run of its own, and takes everything away again but its figures and its report. */
async function replayed(lake: LocalLake, asOf: number, reportPath: string | null): Promise<Figures> {
  const night = await claim(lake, asOf, 'replay');
  return forgetting(lake, night.run, async (context) => {
    const done = await rehearse(context, night);
    if (reportPath !== null) await saveReport(lake, done.report.reportKey, reportPath);
    return figuresOf(lake, night.run, done);
  });
}

export const replay: Command = {
  name: 'replay',
  usage: 'replay DATE [--report FILE] [--lake DIR] [--config FILE]',
  summary: 'Compute a past night anew, with the orders, settings and code of today, and compare; publishes nothing.',
  options: {
    report: { type: 'string', value: 'FILE', help: 'write the report of the replayed night to this file' },
    ...lakeOptions,
  },
  async run(given, terminal) {
    const asOf = dateWord(given, 'winback replay 2026-08-31');
    const lake = await openLocalLake(lakeFolder(given), await readConfig(given), terminal, true);
    try {
      await checkShop(lake);
      const path = given.text('report');
      const reportPath = path === undefined ? null : resolve(path);
      const before = await publishedFigures(lake, asOf);
      const now = await replayed(lake, asOf, reportPath);
      terminal.endProgress();
      const compared = compare(before, now);
      const scores = { published: before?.scores ?? null, replayed: now.scores };
      terminal.json({ as_of: isoDate(asOf), scores, ...compared, report: reportPath });
      terminal.line(
        before
          ? `  The night of ${isoDate(asOf)}, as published and as it would be today. Nothing was published.`
          : `  No night of ${isoDate(asOf)} is published; this is what it would be today. Nothing was published.`,
      );
      terminal.line();
      printComparison(compared, before, now, terminal);
      if (reportPath !== null) terminal.line(`  Report  ${reportPath}`);
      return exitCodes.ok;
    } finally {
      lake.close();
    }
  },
};
