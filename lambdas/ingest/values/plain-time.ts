import type { DateOrder, OrderEvidence } from './written-time.ts';

/**
 * The last time that was read. `seconds` counts from 1970-01-01T00:00:00 on the wall clock, or in UTC when `offset`
 * (seconds east of UTC) is a number; NaN says that the text names no zone.
 */
export const parsedTime = { seconds: 0, micros: 0, offset: Number.NaN };

const DAY = 86_400;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const exists = (year: number, month: number, day: number): boolean =>
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  (day <= monthDays[month - 1]! || (month === 2 && day === 29 && isLeap(year))) &&
  year >= 1000;

/** Days since 1970-01-01 of a day that exists, by arithmetic alone; see Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Number in two digits at a position, or -1. */
const two = (bytes: Uint8Array, at: number): number =>
  isDigit(bytes[at]) && isDigit(bytes[at + 1]) ? (bytes[at]! - 48) * 10 + bytes[at + 1]! - 48 : -1;

const oneOrTwo = (bytes: Uint8Array, at: number, digits: number): number => {
  if (digits === 2) return two(bytes, at);
  return isDigit(bytes[at]) ? bytes[at]! - 48 : -1;
};

/** ±HH:MM or ±HHMM that ends the range; false where it is anything else. */
function readOffset(bytes: Uint8Array, at: number, end: number): boolean {
  const hasColon = bytes[at + 3] === 58;
  if (end - at !== (hasColon ? 6 : 5)) return false;
  const hours = two(bytes, at + 1);
  const minutes = two(bytes, at + (hasColon ? 4 : 3));
  if (hours < 0 || hours > 13 || minutes < 0 || minutes > 59) return false;
  parsedTime.offset = (bytes[at] === 45 ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

/** Hour of a half day that ends the range, from AM or PM after an optional blank at a position; -1 where there is none. */
function halfDayHour(bytes: Uint8Array, at: number, end: number, hour: number): number {
  const i = bytes[at] === 32 ? at + 1 : at;
  const half = bytes[i]! | 32;
  if (end - i !== 2 || (bytes[i + 1]! | 32) !== 109 || (half !== 97 && half !== 112) || hour < 1 || hour > 12)
    return -1;
  return (hour % 12) + (half === 112 ? 12 : 0);
}

/** Fractions of a second from the point at a position, added to `parsedTime`; position after them. */
function readFraction(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  for (let unit = 100_000; i < end && isDigit(bytes[i]); i++, unit /= 10) {
    if (unit >= 1) parsedTime.micros += (bytes[i]! - 48) * unit;
  }
  return i;
}

/** HH:MM[:SS[.ffffff]] with AM or PM, Z or an offset, from `at` to the end of the range, added to `parsedTime`. */
function readClock(bytes: Uint8Array, at: number, end: number): boolean {
  const digits = isDigit(bytes[at + 1]) ? 2 : 1;
  const hour = oneOrTwo(bytes, at, digits);
  let i = at + digits;
  const minute = two(bytes, i + 1);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || bytes[i] !== 58 || i + 3 > end) return false;
  i += 3;
  let second = 0;
  if (i < end && bytes[i] === 58) {
    second = two(bytes, i + 1);
    if (second < 0 || second > 59 || i + 3 > end) return false;
    i += 3;
    if (i + 1 < end && bytes[i] === 46 && isDigit(bytes[i + 1])) i = readFraction(bytes, i, end);
  }
  parsedTime.seconds += minute * 60 + second;
  const half = i < end ? halfDayHour(bytes, i, end, hour) : -1;
  parsedTime.seconds += (half >= 0 ? half : hour) * 3600;
  if (i === end || half >= 0) return true;
  if (bytes[i] === 90 && i + 1 === end) {
    parsedTime.offset = 0;
    return true;
  }
  if (bytes[i] === 32) i++;
  return (bytes[i] === 43 || bytes[i] === 45) && readOffset(bytes, i, end);
}

function startAt(year: number, month: number, day: number): void {
  parsedTime.seconds = daysFromCivil(year, month, day) * DAY;
  parsedTime.micros = 0;
  parsedTime.offset = Number.NaN;
}

/**
 * Reads YYYY-MM-DD with an optional clock after a blank or T into `parsedTime`; false where the bytes are anything else or
 * no such time.
 */
export function readIso(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  if (two(bytes, start) < 0 || two(bytes, start + 2) < 0 || !exists(year, month, day)) return false;
  startAt(year, month, day);
  if (end - start === 10) return true;
  return (bytes[start + 10] === 32 || bytes[start + 10] === 84) && readClock(bytes, start + 11, end);
}

/** The numbers of a date with its year last, in four digits: 5/1/2024. */
const written = { first: 0, second: 0, year: 0, mark: 0, end: 0 };

function splitYearLast(bytes: Uint8Array, start: number, end: number): boolean {
  const firstDigits = isDigit(bytes[start + 1]) ? 2 : 1;
  const mark = bytes[start + firstDigits];
  if (mark !== 47 && mark !== 46 && mark !== 45) return false;
  const second = start + firstDigits + 1;
  const secondDigits = isDigit(bytes[second + 1]) ? 2 : 1;
  const year = second + secondDigits + 1;
  if (bytes[year - 1] !== mark || year + 4 > end) return false;
  written.mark = mark;
  written.first = oneOrTwo(bytes, start, firstDigits);
  written.second = oneOrTwo(bytes, second, secondDigits);
  const century = two(bytes, year);
  const rest = two(bytes, year + 2);
  written.year = century * 100 + rest;
  written.end = year + 4;
  return written.first >= 0 && written.second >= 0 && century >= 10 && rest >= 0;
}

/** Reads 25/12/2024 or 12/25/2024, with points always the first, and an optional clock into `parsedTime`; else false. */
export function readYearLast(bytes: Uint8Array, start: number, end: number, order: DateOrder | null): boolean {
  if (!splitYearLast(bytes, start, end)) return false;
  const { first, second, year, mark } = written;
  const dayFirst = order === null ? mark === 46 || first === second : order === 'day_first';
  if (order === null && !dayFirst) return false;
  const day = dayFirst ? first : second;
  const month = dayFirst ? second : first;
  if (!exists(year, month, day)) return false;
  startAt(year, month, day);
  return written.end === end || (bytes[written.end] === 32 && readClock(bytes, written.end + 1, end));
}

/** What a date with its year last, in four digits, says about the order of day and month; null for every other text. */
export function yearLastOrder(bytes: Uint8Array, start: number, end: number): OrderEvidence | null {
  if (!splitYearLast(bytes, start, end)) return null;
  const isWhole = written.end === end || (bytes[written.end] === 32 && readClock(bytes, written.end + 1, end));
  if (!isWhole) return null;
  const { first, second, year, mark } = written;
  const dayFirst = exists(year, second, first);
  const monthFirst = exists(year, first, second);
  if (dayFirst && monthFirst) return mark === 46 || first === second ? 'none' : 'ambiguous';
  return dayFirst ? 'day_first' : monthFirst ? 'month_first' : 'none';
}

/** Reads seconds or milliseconds since 1970, in ten or thirteen digits, into `parsedTime`; else false. */
export function readEpoch(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 10 && length !== 13) return false;
  let value = 0;
  for (let i = start; i < end; i++) {
    if (!isDigit(bytes[i])) return false;
    value = value * 10 + bytes[i]! - 48;
  }
  parsedTime.seconds = length === 10 ? value : Math.floor(value / 1000);
  parsedTime.micros = length === 10 ? 0 : (value % 1000) * 1000;
  parsedTime.offset = 0;
  return true;
}
