import { rejectReasons } from '../../lambdas/ingest/reasons.ts';
import type { Receipt } from '../../lambdas/ingest/write/receipt.ts';
import { count, type RowOf, text } from '../../lambdas/lake/column.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { liveIngests } from '../../lambdas/platform/live-ingests.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type Parameter, sqlFile } from '../../lambdas/platform/statement.ts';
import { counted, plural } from '../../lambdas/wording/counts.ts';
import { type Command, lakeOptions } from '../command.ts';
import { ingestAll, namedExports } from '../ingest-files.ts';
import { checkShop } from '../known-shop.ts';
import { type LocalLake, lakeFolder, openLocalLake, readConfig } from '../local-lake.ts';
import { fileSummary, ingestLines } from '../summary.ts';
import type { Terminal } from '../terminal.ts';

const suppressionsToldSql = sqlFile(import.meta.url, 'suppressions-told.sql');
const rejectsToldSql = sqlFile(import.meta.url, 'rejects-told.sql');

const told = {
  columns: { people: count(''), suppressed_before: count(''), buyers: count('') },
  key: ['people'],
};
const rejects = {
  columns: { reason: text(''), column_name: text(''), records: count('') },
  key: ['reason', 'column_name'],
};

type Told = RowOf<typeof told.columns>;
type Rejects = RowOf<typeof rejects.columns>;

/** Ingests as a parameter of a statement; a name that none has stands for none. */
const ingestIds = (receipts: readonly Receipt[]): Parameter => ({
  rows: [{ ingest_id: 'none' }, ...receipts].map(({ ingest_id }) => [{ token: ingest_id }]),
});

async function whatWasTold(lake: LocalLake, now: readonly Receipt[], before: readonly Receipt[]) {
  const toldNow = ingestIds(now);
  const [counts = { people: 0, suppressed_before: 0, buyers: 0 }] = await rowsOf(
    lake.engine,
    suppressionsToldSql({ told_now: toldNow, told_before: ingestIds(before) }),
    told,
  );
  return { counts, rejected: await rowsOf(lake.engine, rejectsToldSql({ told_now: toldNow }), rejects) };
}

function peopleLines({ people, suppressed_before: before, buyers }: Told, isLift: boolean): string[] {
  const customers = `${counted(buyers)} of them ${buyers === 1 ? 'is' : 'are'} known from orders`;
  return isLift
    ? [
        `  ${plural(people, 'person', 'people')}: ${counted(before)} suppressed until now, ${counted(people - before)} not; ${customers}`,
        '  The next run may list them again, unless consent or a later suppression says no.',
      ]
    : [
        `  ${plural(people, 'person', 'people')}: ${counted(people - before)} newly suppressed, ${counted(before)} suppressed before; ${customers}`,
        '  The next run leaves them out of every list.',
      ];
}

function rejectLines(rejected: readonly Rejects[], isLift: boolean): string[] {
  if (rejected.length === 0) return [];
  const lines = rejected.map(({ reason, column_name, records }) => {
    const meaning = Object.entries(rejectReasons).find(([code]) => code === reason)?.[1] ?? '';
    return `    ${counted(records)} × ${reason}${column_name === '' ? '' : ` in ${column_name}`}: ${meaning}`;
  });
  return [`  Rejected, and so ${isLift ? 'suppressed as before' : 'not suppressed'}:`, ...lines];
}

function print(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) terminal.line(line);
}

export const suppress: Command = {
  name: 'suppress',
  usage: 'suppress FILE… [--lift] [--lake DIR] [--config FILE]',
  summary: 'Take people off all lists for good: files of e-mail addresses, phone or customer numbers.',
  options: {
    lift: { type: 'boolean', help: 'the other way round: these people may be contacted again' },
    ...lakeOptions,
  },
  async run(given, terminal) {
    if (given.words.length === 0) {
      throw new UsageError('no file is named', 'For example: winback suppress unsubscribed.csv.');
    }
    const isLift = given.has('lift');
    const kind = isLift ? 'lifts' : 'suppressions';
    const files = await namedExports(given.words.map((path) => ({ path, kind })));
    const lake = await openLocalLake(lakeFolder(given), await readConfig(given), terminal, false);
    try {
      await checkShop(lake);
      const before = await liveIngests(lake.store);
      const receipts = await ingestAll(lake, files);
      const { counts, rejected } = await whatWasTold(lake, receipts, before);
      terminal.endProgress();
      terminal.json({ lake: lake.root, lifted: isLift, ...counts, rejected, files: receipts.map(fileSummary) });
      print(terminal, [...ingestLines(receipts), ...rejectLines(rejected, isLift), ...peopleLines(counts, isLift)]);
      return exitCodes.ok;
    } finally {
      lake.close();
    }
  },
};
