/**
 * A moment on the shop's wall clock (Europe/Budapest): local date and time read as if they were UTC, in whole seconds
 * since 1970-01-01. The simulation runs on this clock; only the exports turn it into instants.
 */
export type ShopSeconds = number;

export const secondsPerHour = 3_600;
export const secondsPerDay = 86_400;
const millisecondsPerDay = 86_400_000;

/** Days from 1970-01-01 to an ISO date (`2026-09-30`); NaN when it is not a date of the calendar. */
export function dayOfDate(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN;
  const day = Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay;
  return Number.isNaN(day) || dateOfDay(day) !== date ? Number.NaN : day;
}

/** ISO date of a day number; a fraction of a day is ignored. */
export function dateOfDay(day: number): string {
  return new Date(Math.floor(day) * millisecondsPerDay).toISOString().slice(0, 10);
}

/** Month of a day number, 1 to 12. */
export function monthOfDay(day: number): number {
  return new Date(day * millisecondsPerDay).getUTCMonth() + 1;
}

/** Day of the month of a day number, 1 to 31. */
export function dayOfMonth(day: number): number {
  return new Date(day * millisecondsPerDay).getUTCDate();
}

/** Day of the week, 0 for Monday to 6 for Sunday. 1970-01-01 was a Thursday. */
export function weekdayOfDay(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** ISO 8601 with the shop's offset: `2026-03-01T10:15:32+01:00`. */
export function timeWithOffset(moment: ShopSeconds): string {
  return `${isoSeconds(moment)}+0${offsetHours(moment)}:00`;
}

/** ISO 8601 in UTC: `2026-03-01T09:15:32Z`. */
export function timeInUtc(moment: ShopSeconds): string {
  return `${isoSeconds(moment - offsetHours(moment) * secondsPerHour)}Z`;
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19);
}

const summerTimes = new Map<number, { start: ShopSeconds; end: ShopSeconds }>();

/**
 * Hours ahead of UTC by the rule of the European Union (directive 2000/84/EC): summer time from 02:00 of the last Sunday
 * in March until 03:00 of the last Sunday in October. The hour that happens twice is taken as summer time.
 */
function offsetHours(moment: ShopSeconds): 1 | 2 {
  const year = new Date(moment * 1_000).getUTCFullYear();
  let summer = summerTimes.get(year);
  if (summer === undefined) {
    summer = {
      start: lastSunday(year, 3) * secondsPerDay + 2 * secondsPerHour,
      end: lastSunday(year, 10) * secondsPerDay + 3 * secondsPerHour,
    };
    summerTimes.set(year, summer);
  }
  return moment >= summer.start && moment < summer.end ? 2 : 1;
}

function lastSunday(year: number, month: 3 | 10): number {
  const lastDay = Date.UTC(year, month - 1, 31) / millisecondsPerDay;
  return lastDay - ((weekdayOfDay(lastDay) + 1) % 7);
}
