import { civilDay } from '../lake/day.ts';
import { noTime } from './book/row.ts';
import type { FileContents } from './read/read-file.ts';
import type { Zone } from './values/zone.ts';

const DAY = 86_400;
const dateInName = /(?<!\d)((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)/g;

/** Last second, in UTC, of the last day that a file's name states; null where it states none. */
function timeInName(name: string, zone: Zone): number | null {
  const days = [...name.matchAll(dateInName)]
    .map(([, year, , month, day]) => civilDay(Number(year), Number(month), Number(day)))
    .filter((day) => day !== null);
  const last = days.at(-1);
  return last === undefined ? null : zone.toUtc((last + 1) * DAY) - 1;
}

/**
 * The time at which a file was exported, in UTC seconds, as far as it is known without its rows: the configured one, else
 * the latest that a name of it states. Bytes delivered under several names have one time, whichever name came first.
 */
export function statedTime(names: readonly string[], exportedAt: string | undefined, zone: Zone): number | null {
  if (exportedAt !== undefined) return Math.floor(Date.parse(exportedAt) / 1000);
  const times = names.map((name) => timeInName(name, zone)).filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(...times);
}

/** When a file of people told what its records do not date: the stated time, but nothing is told after its delivery. */
export const toldTime = (stated: number | null, deliveredAt: Date): number =>
  Math.min(stated ?? Number.POSITIVE_INFINITY, Math.floor(deliveredAt.getTime() / 1000));

/** When a file's versions of its orders were true, in UTC seconds: the stated time, else the newest among its orders. */
export function fileTime(stated: number | null, { book }: FileContents): number {
  if (stated !== null) return stated;
  let newest = noTime;
  for (let i = 0; i < book.size; i++) {
    if (book.columns.rows[i]! > 0 && book.columns.orderedAt[i]! > newest) newest = book.columns.orderedAt[i]!;
  }
  return newest === noTime ? 0 : Number(newest / 1_000_000n);
}
