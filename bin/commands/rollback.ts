import { isoDate } from '../../lambdas/lake/day.ts';
import { rollback as makeCurrentAgain } from '../../lambdas/night/commit.ts';
import { exitCodes } from '../../lambdas/platform/errors.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { type Command, dateWord, jsonOption, lakeOption } from '../command.ts';
import { lakeFolder } from '../local-lake.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: 'rollback DATE [--lake DIR]',
  summary: 'Make an earlier published night current again: tables and lists together.',
  options: { lake: lakeOption, json: jsonOption },
  async run(given, terminal) {
    const asOf = dateWord(given, 'winback rollback 2026-08-31');
    const night = await makeCurrentAgain(fileStore(lakeFolder(given)), asOf);
    terminal.json({ as_of: isoDate(night.as_of), run_id: night.run_id });
    terminal.line(`  The night of ${isoDate(night.as_of)} is current (run ${night.run_id}).`);
    return exitCodes.ok;
  },
};
