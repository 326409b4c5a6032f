import { copyFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isoDate } from '../../lambdas/lake/day.ts';
import { reportKey } from '../../lambdas/lake/zones.ts';
import { notPublished, type PublishedRun, publishedNights } from '../../lambdas/night/published.ts';
import { exitCodes, LakeAccessError, NothingToDo, UsageError } from '../../lambdas/platform/errors.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { systemReason } from '../../lambdas/platform/system-error.ts';
import { asOfOption, type Command, jsonOption, lakeOption } from '../command.ts';
import { existingLake } from '../local-lake.ts';

const madeAnew = (date: string): string =>
  `winback replay ${date} --report FILE makes one anew from the orders in the lake.`;

/** The published night of a date; the current one where none is asked for. */
async function nightAsked(store: ObjectStore, asOf: number | null): Promise<PublishedRun> {
  const { nights } = await publishedNights(store);
  const night = nights.find((one) => (asOf === null ? one.is_current : one.as_of === asOf));
  if (night) return night;
  if (asOf === null || nights.length === 0) {
    throw new NothingToDo('no night has been published in this lake', 'Run winback run --orders FILE… first.');
  }
  const { message, next } = await notPublished(store, nights, asOf);
  throw new UsageError(message, `${next} ${madeAnew(isoDate(asOf))}`);
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: unknown) => {
    throw new LakeAccessError(`${to} cannot be written: ${systemReason(error)}`, 'Name another file with --out.', {
      cause: error,
    });
  });
}

export const report: Command = {
  name: 'report',
  usage: 'report [--as-of DATE] [--out FILE] [--lake DIR]',
  summary: 'Say where the report of a published night is, or copy it.',
  options: {
    'as-of': { type: 'string', value: 'DATE', help: 'the night of that date (default: the current one)' },
    out: { type: 'string', value: 'FILE', help: 'copy the report to this file' },
    lake: lakeOption,
    json: jsonOption,
  },
  async run(given, terminal) {
    const asOf = asOfOption(given);
    const { root, store } = await existingLake(given);
    const night = await nightAsked(store, asOf);
    const date = isoDate(night.as_of);
    const path = join(root, reportKey({ asOf: night.as_of, runId: night.run_id }));
    if (!(await stat(path).catch(() => null))) {
      throw new LakeAccessError(`the report of ${date} is not there any more: ${path}`, madeAnew(date));
    }
    const out = given.text('out');
    const copied = out === undefined ? null : resolve(out);
    if (copied !== null) await copy(path, copied);
    terminal.json({ as_of: date, run_id: night.run_id, is_current: night.is_current, report: path, copied });
    terminal.line(`  The report of the ${night.is_current ? 'current night' : 'night of'} ${date}: ${copied ?? path}`);
    return exitCodes.ok;
  },
};
