import { type Erased, erase as eraseEverywhere } from '../../lambdas/erase/erase.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { removeLeftovers } from '../../lambdas/platform/local/leftovers.ts';
import { counted, plural } from '../../lambdas/wording/counts.ts';
import { type Command, lakeOptions } from '../command.ts';
import { lakeFolder, openLocalLake, readConfig } from '../local-lake.ts';
import { type Terminal, tableLines } from '../terminal.ts';

function print({ keys, tables, files }: Erased, isDry: boolean, terminal: Terminal): void {
  const who = `a person known by ${plural(keys.length, 'key')}`;
  if (tables.length + files.length === 0) {
    terminal.line(
      isDry ? `  Nothing is kept of ${who}.` : `  Nothing was left of ${who}; nothing is kept of later exports.`,
    );
    return;
  }
  terminal.line(isDry ? `  Would erase ${who}; nothing is changed yet.` : `  Erased ${who}.`);
  const rows = tables.map(({ table, rows, objects }) => [table, counted(rows), counted(objects)]);
  if (rows.length > 0) for (const line of tableLines(['table', 'rows', 'objects'], rows)) terminal.line(line);
  for (const { file, records } of files) {
    terminal.line(`  ${file}: ${records === null ? 'withdrawn' : plural(records, 'record')}`);
  }
  if (!isDry) {
    terminal.line(
      '  Exports outside the lake still hold the person: winback keeps nothing of them when they are taken in again.',
    );
    terminal.line('  Run the night again for lists and figures without the person.');
  }
}

export const erase: Command = {
  name: 'erase',
  usage: 'erase CUSTOMER [--dry-run] [--lake DIR] [--config FILE]',
  summary: "Forget a person, everywhere: CUSTOMER is the shop's customer id, an e-mail, a phone number or a key.",
  options: {
    'dry-run': { type: 'boolean', help: 'only print what would go' },
    force: { type: 'boolean', help: 'also a person unknown to the lake, or one with more keys than a person has' },
    ...lakeOptions,
  },
  async run(given, terminal) {
    const [person, ...others] = given.words;
    if (!person || others.length > 0) {
      throw new UsageError('exactly one customer is to be named', 'For example: winback erase 13085 --dry-run.');
    }
    const isDry = given.has('dry-run');
    const lake = await openLocalLake(lakeFolder(given), await readConfig(given), terminal, true);
    try {
      const erased = await eraseEverywhere(lake, { person, isDry, isForced: given.has('force') });
      if (!isDry) await removeLeftovers(lake.root, new Date());
      terminal.endProgress();
      terminal.json({ dry_run: isDry, ...erased });
      print(erased, isDry, terminal);
      return exitCodes.ok;
    } finally {
      lake.close();
    }
  },
};
