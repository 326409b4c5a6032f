import { once } from 'node:events';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import type { FileKind } from '../../lambdas/lake/file-kinds.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { counted, plural } from '../../lambdas/wording/counts.ts';
import { type Arguments, type Command, configOption, jsonOption } from '../command.ts';
import { jsonWithLists } from '../json-lists.ts';
import { exportFile, readConfig } from '../local-lake.ts';
import { acceptedText } from '../summary.ts';
import { type Terminal, tableLines } from '../terminal.ts';

const shownRejects = 20;

function printSeen({ seen }: CheckReport, terminal: Terminal): void {
  if (!seen) return;
  const delimiter = seen.delimiter === '\t' ? 'tab' : seen.delimiter;
  terminal.line(`  layout      ${seen.layout}`);
  terminal.line(`  encoding    ${seen.encoding}${seen.container === 'plain' ? '' : `, ${seen.container}`}`);
  if (delimiter) terminal.line(`  delimiter   ${delimiter}`);
  if (seen.date_order) terminal.line(`  dates       ${seen.date_order.replace('_', ' ')}`);
  terminal.line(`  decimals    ${seen.decimal_separator}`);
  for (const [field, header] of Object.entries(seen.columns)) terminal.line(`  ${field.padEnd(18)} ← ${header}`);
}

function printRejects(report: CheckReport, terminal: Terminal): void {
  const rejects = [...report.rejects()];
  if (rejects.length === 0) return;
  const rows = rejects
    .slice(0, shownRejects)
    .map((reject) => [
      String(reject.record_no),
      String(reject.line_no ?? ''),
      reject.column ?? '',
      reject.reason,
      reject.meaning,
    ]);
  terminal.line();
  for (const line of tableLines(['record', 'line', 'column', 'reason', 'what it means'], rows)) terminal.line(line);
  const more = rejects.length - rows.length;
  if (more > 0) terminal.line(`  … and ${counted(more)} more; --json lists all`);
}

function print(report: CheckReport, terminal: Terminal): void {
  terminal.line(terminal.style('bold', report.file));
  printSeen(report, terminal);
  terminal.line();
  if (report.refusal) {
    terminal.line(`  ${terminal.style('red', 'refused')}: ${report.refusal.message}`);
    terminal.line(`  ${report.refusal.next}`);
    printRejects(report, terminal);
    return;
  }
  const { read, accepted, folded, duplicate, rejected } = report.counts;
  terminal.line(
    `  ${plural(read, 'record')} read = ${acceptedText(report.kind, accepted)} accepted + ${plural(folded, 'further line')} folded in + ${plural(duplicate, 'repeat')} + ${counted(rejected)} rejected`,
  );
  if (report.first_order_date !== null) {
    terminal.line(`  orders of ${report.first_order_date} to ${report.last_order_date}`);
  }
  for (const { message } of report.warnings) terminal.line(`  ${terminal.style('yellow', 'warning')}: ${message}`);
  printRejects(report, terminal);
}

async function printJson({ orders, people, rejects, records, ...head }: CheckReport): Promise<void> {
  for (const text of jsonWithLists(head, {
    orders: orders(),
    people: people(),
    rejects: rejects(),
    records: records(),
  })) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
}

/** What the options say the file is. @throws UsageError where they say several things */
function kindGiven(given: Arguments): FileKind {
  const kinds: readonly FileKind[] = (['surveys', 'suppressions'] as const).filter((name) => given.has(name));
  const [kind = 'orders', ...others] = given.has('lift') ? [...kinds, 'lifts' as const] : kinds;
  if (others.length > 0)
    throw new UsageError('a file is of one kind', 'Give one of --surveys, --suppressions, --lift.');
  return kind;
}

export const check: Command = {
  name: 'check',
  usage: 'check FILE [--surveys | --suppressions | --lift] [--config FILE]',
  summary: 'Show how an export would be read, record by record, without writing anything.',
  options: {
    surveys: { type: 'boolean', help: 'the file holds answers of a survey' },
    suppressions: { type: 'boolean', help: 'the file names people who may not be contacted' },
    lift: { type: 'boolean', help: 'the file names people who may be contacted again' },
    config: configOption,
    json: jsonOption,
  },
  async run(given, terminal) {
    const [path, ...others] = given.words;
    if (!path || others.length > 0)
      throw new UsageError('check takes one file', 'For example: winback check orders.csv.');
    const file = await exportFile(path, new Date());
    const report = await checkFile(file, await readConfig(given), localLimits, kindGiven(given));
    if (terminal.isJson) await printJson(report);
    else print(report, terminal);
    return report.verdict === 'refused' ? exitCodes.input : exitCodes.ok;
  },
};
