const dayMs = 86_400_000;
const isoPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A civil day as days since 1970-01-01, written as YYYY-MM-DD. */
export const isoDate = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Days since 1970-01-01 of a year, month (1 to 12) and day, or null where the calendar has no such day. */
export function civilDay(year: number, month: number, dayOfMonth: number): number | null {
  const ms = Date.UTC(year, month - 1, dayOfMonth);
  const date = new Date(ms);
  if (year < 1000 || date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1) return null;
  return date.getUTCDate() === dayOfMonth ? ms / dayMs : null;
}

/** Days since 1970-01-01 of a YYYY-MM-DD text, or null where it is none. */
export function parseIsoDate(text: string): number | null {
  const match = isoPattern.exec(text);
  return match ? civilDay(Number(match[1]), Number(match[2]), Number(match[3])) : null;
}

/** First day of the month that a day lies in. */
export function monthStart(day: number): number {
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / dayMs;
}

/** First day of the month that lies `months` after the month of a day. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / dayMs;
}
