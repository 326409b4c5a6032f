import { counted } from '../../../lambdas/wording/counts.ts';
import { type Terminal, tableLines } from '../../terminal.ts';
import type { Figures } from './figures.ts';

/** One figure of the published night and of its replay; null where a run does not have it. */
export interface Compared {
  readonly name: string;
  readonly published: number | null;
  readonly replayed: number | null;
}

type Numbers = ReadonlyMap<string, number>;

function sideBySide(published: Numbers | null, replayed: Numbers): Compared[] {
  const names = new Set([...replayed.keys(), ...(published?.keys() ?? [])]);
  return [...names].map((name) => ({
    name,
    published: published?.get(name) ?? null,
    replayed: replayed.get(name) ?? null,
  }));
}

export interface Comparison {
  readonly figures: readonly Compared[];
  readonly lists: readonly Compared[];
}

/** The figures of two runs side by side. @param published null where no night of the date is published */
export const compare = (published: Figures | null, replayed: Figures): Comparison => ({
  figures: sideBySide(published?.numbers ?? null, replayed.numbers),
  lists: sideBySide(published?.lists ?? null, replayed.lists),
});

const twoDecimals = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const shown = (value: number | null): string => {
  if (value === null) return '';
  return Number.isInteger(value) ? counted(value) : twoDecimals.format(value);
};

function difference({ published, replayed }: Compared): string {
  const by = (replayed ?? 0) - (published ?? 0);
  if (by === 0) return '';
  const text = shown(Math.abs(by));
  return `${by < 0 ? '-' : '+'}${text === '0.00' ? '<0.01' : text}`;
}

function lines(title: string, rows: readonly Compared[], isCompared: boolean): string[] {
  if (!isCompared)
    return tableLines(
      [title, 'replayed'],
      rows.map(({ name, replayed }) => [name, shown(replayed)]),
    );
  const cells = rows.map((row) => [row.name, shown(row.published), shown(row.replayed), difference(row)]);
  return tableLines([title, 'published', 'replayed', 'difference'], cells);
}

/** Both runs side by side, as a person reads them. */
export function printComparison(
  { figures, lists }: Comparison,
  published: Figures | null,
  replayed: Figures,
  terminal: Terminal,
): void {
  const isCompared = published !== null;
  for (const line of lines('figure', figures, isCompared)) terminal.line(line);
  terminal.line();
  for (const line of lines('list', lists, isCompared)) terminal.line(line);
  terminal.line();
  const before = isCompared && published.scores !== replayed.scores ? ` (published: ${published.scores})` : '';
  terminal.line(`  Scores by ${replayed.scores}${before}`);
  if (!isCompared) return;
  const differing = [...figures, ...lists].filter((row) => row.published !== row.replayed).length;
  terminal.line(
    differing === 0
      ? '  Nothing differs from what was published.'
      : `  ${counted(differing)} of ${counted(figures.length + lists.length)} figures differ.`,
  );
}
