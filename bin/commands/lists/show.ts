import { basename } from 'node:path';
import { type ExitCode, exitCodes } from '../../../lambdas/platform/errors.ts';
import type { Manifest } from '../../../lambdas/publish/manifest.ts';
import { counted, plural } from '../../../lambdas/wording/counts.ts';
import { type Terminal, tableLines } from '../../terminal.ts';
import { money, powerText, reasonsText, sumOf } from './figures.ts';
import { checkListName, erasedNotice, filesOf, type Published, publishedBytes, withdrawnOf } from './published.ts';

const shownRows = 20;

function factsOf(manifest: Manifest, name: string): { readonly entry: object; readonly lines: string[] } {
  const list = manifest.lists.find(({ campaign }) => campaign === name);
  if (!list) {
    const entry = manifest.exclusions.find(({ audience }) => audience === name)!;
    return {
      entry,
      lines: [entry.definition, `${plural(entry.rows, 'person', 'people')}: ${reasonsText(entry.because)}`],
    };
  }
  const excluded = sumOf(list.excluded) > 0 ? `: ${reasonsText(list.excluded)}` : '';
  const left = sumOf(list.left) > 0 ? ` (${reasonsText(list.left)})` : '';
  return {
    entry: list,
    lines: [
      `${list.name}: ${list.definition}`,
      `Offer: ${list.offer}`,
      `${plural(list.rows, 'person', 'people')}, ${counted(list.new_members)} of them new; ${counted(sumOf(list.left))} left on this night${left}`,
      `Control ${counted(list.control)}; excluded ${counted(sumOf(list.excluded))}${excluded}`,
      `Value at risk ${money(list.value_at_risk, manifest)}, expected profit ${money(list.expected_profit, manifest)}`,
      powerText(list),
    ],
  };
}

function fileRows(manifest: Manifest, name: string): string[][] {
  const { left_out } = [...manifest.lists, ...manifest.exclusions].find((each) =>
    'campaign' in each ? each.campaign === name : each.audience === name,
  )!;
  return filesOf(manifest, name).map((file) => [
    basename(file.key),
    counted(file.rows),
    counted(file.bytes),
    // of a format, not of a file
    file.part === 1 && file.consent !== 'unknown' ? reasonsText(left_out[file.format]) : '',
  ]);
}

/** One list: what it is, who is not on it, its files, and the first people on it. */
export async function show(published: Published, name: string, terminal: Terminal): Promise<ExitCode> {
  const { manifest } = published;
  checkListName(manifest, name);
  const { entry, lines } = factsOf(manifest, name);
  const [people] = filesOf(manifest, name, 'people');
  const csv = people ? new TextDecoder().decode(await publishedBytes(published, people)) : '';
  const withdrawn = withdrawnOf(manifest, [name]);
  terminal.json({ ...entry, files: filesOf(manifest, name), withdrawn, csv });
  erasedNotice(withdrawn, terminal);
  for (const line of lines) terminal.line(`  ${line}`);
  for (const line of tableLines(['file', 'people', 'bytes', 'left out'], fileRows(manifest, name))) terminal.line(line);
  terminal.line();
  const rows = csv.split('\r\n').filter(Boolean);
  for (const row of rows.slice(0, shownRows + 1)) terminal.line(row);
  if (rows.length > shownRows + 1)
    terminal.line(`… ${plural(rows.length - shownRows - 1, 'further row')}: winback lists pull --out DIR`);
  return exitCodes.ok;
}
