import { civilDay } from '../../lake/day.ts';
import type { RejectReason } from '../reasons.ts';
import { cleanText, textOf } from './field.ts';

/** Which of two numbers before a year is the day. */
export type DateOrder = 'day_first' | 'month_first';

/**
 * The last time that `parseTime` read. `seconds` counts from 1970-01-01T00:00:00 on the wall clock, or in UTC when
 * `offset` (seconds east of UTC) is a number; NaN says that the text names no zone.
 */
export const parsedTime = { seconds: 0, micros: 0, offset: Number.NaN };

const DAY = 86_400;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const fullMonths = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days since 1970-01-01 of a day that exists, by arithmetic alone; see Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const two = (bytes: Uint8Array, at: number): number => {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
};

/** YYYY-MM-DD with an optional HH:MM[:SS[Z]] after a blank or T; false where the bytes are anything else or no such time. */
function plainIso(bytes: Uint8Array, start: number, end: number): boolean {
  const isUtc = end - start === 20 && bytes[end - 1] === 90;
  const length = isUtc ? 19 : end - start;
  if (length !== 10 && length !== 16 && length !== 19) return false;
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
  const century = two(bytes, start);
  const yearOfCentury = two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  if (century < 10 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) return false;
  const year = century * 100 + yearOfCentury;
  if (day > monthDays[month - 1]! && !(month === 2 && day === 29 && isLeap(year))) return false;
  let seconds = daysFromCivil(year, month, day) * DAY;
  if (length > 10) {
    if ((bytes[start + 10] !== 32 && bytes[start + 10] !== 84) || bytes[start + 13] !== 58) return false;
    const hour = two(bytes, start + 11);
    const minute = two(bytes, start + 14);
    const second = length === 19 ? two(bytes, start + 17) : 0;
    if (length === 19 && bytes[start + 16] !== 58) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
    seconds += hour * 3600 + minute * 60 + second;
  }
  parsedTime.seconds = seconds;
  parsedTime.micros = 0;
  parsedTime.offset = isUtc ? 0 : Number.NaN;
  return true;
}

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d])/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?=$|Z|[+-]\d{2}:?\d{2}$)/;
const dayNameMonth = /^(?:[a-z]{3,9},? +)?(\d{1,2})(?:st|nd|rd|th)?[- ]+([a-z]{3,9})\.?,?[- ]+(\d{4}|\d{2})(?!\d)/i;
const monthNameDay =
  /^(?:[a-z]{6,9},? +|(?:mon|tue|wed|thu|fri|sat|sun),? +)?([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?!\d)/i;
const yearNameDay = /^(\d{4})-([a-z]{3})-(\d{1,2})(?!\d)/i;
const clock =
  /^(?:[T,]? *(?:at )?)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(am|pm|a\.m\.|p\.m\.)? ?(z|utc|gmt|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?$/i;
const epoch = /^(\d{10})(\d{3}|\d{6})?(?:\.(\d{1,6}))?$/;
const serial = /^(\d{5})(?:\.(\d{1,15}))?$/;
const zoneTail = /^(?:z|[+-]\d{2}:?\d{2})$/i;

const monthNumber = (name: string): number => {
  const lower = name.toLowerCase();
  const full = fullMonths.indexOf(lower);
  const short = months.indexOf(lower === 'sept' ? 'sep' : lower);
  return 1 + Math.max(full, short);
};

/** Years of two digits lie from 1970 to 2069. */
const fullYear = (text: string): number => {
  const year = Number(text);
  return text.length === 4 ? year : year < 70 ? 2000 + year : 1900 + year;
};

function offsetOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return Number.NaN;
  const match = /([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!match) return 0;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > 14 || minutes > 59 || (hours === 14 && minutes > 0)) return null;
  return (match[1] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function finish(day: number | null, rest: string): RejectReason | null {
  if (day === null) return 'impossible_time';
  parsedTime.seconds = day * DAY;
  parsedTime.micros = 0;
  parsedTime.offset = Number.NaN;
  if (rest === '') return null;
  const match = clock.exec(rest);
  if (!match) return 'bad_time';
  let hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? 0);
  const half = match[5]?.[0]?.toLowerCase();
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return 'impossible_time';
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  const offset = offsetOf(match[6]);
  if (hour > 23 || minute > 59 || second > 59 || offset === null) return 'impossible_time';
  parsedTime.seconds += hour * 3600 + minute * 60 + second;
  parsedTime.micros = Number((match[4] ?? '').padEnd(6, '0').slice(0, 6));
  parsedTime.offset = offset;
  return null;
}

function compactTime(match: RegExpExecArray, text: string): RejectReason | null {
  const [, year, month, day, hour, minute, second] = match;
  const tail = text.slice(match[0].length);
  if (tail !== '' && !zoneTail.test(tail)) return 'bad_time';
  const civil = civilDay(Number(year), Number(month), Number(day));
  return finish(civil, hour === undefined ? '' : `${hour}:${minute}:${second ?? '00'}${tail}`);
}

function numericTime(text: string): RejectReason | null {
  const packed = compact.exec(text);
  if (packed && packed[0].length !== 10) return compactTime(packed, text);
  const since = epoch.exec(text);
  if (since) {
    parsedTime.seconds = Number(since[1]);
    parsedTime.micros = Number((since[2] ?? since[3] ?? '').padEnd(6, '0'));
    parsedTime.offset = 0;
    return null;
  }
  const excel = serial.exec(text);
  if (!excel) return 'bad_time';
  parsedTime.seconds = (Number(excel[1]) - 25_569) * DAY + Math.round(Number(`0.${excel[2] ?? 0}`) * DAY);
  parsedTime.micros = 0;
  parsedTime.offset = Number.NaN;
  return null;
}

function writtenTime(text: string, order: DateOrder | null): RejectReason | null {
  if (/^\d+(?:\.\d+)?$/.test(text) || compact.test(text)) return numericTime(text);
  let match = yearFirst.exec(text);
  if (match) return finish(civilDay(Number(match[1]), Number(match[3]), Number(match[4])), text.slice(match[0].length));
  match = yearLast.exec(text);
  if (match) {
    const [all, first, mark, second, year] = match;
    if (order === null && mark !== '.' && first !== second) return 'bad_time';
    const dayFirst = order === null ? mark === '.' : order === 'day_first';
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return finish(civilDay(fullYear(year!), Number(month), Number(day)), text.slice(all.length));
  }
  match = yearNameDay.exec(text);
  if (match) return named(match[1]!, match[2]!, match[3]!, text.slice(match[0].length));
  match = dayNameMonth.exec(text);
  if (match) return named(match[3]!, match[2]!, match[1]!, text.slice(match[0].length));
  match = monthNameDay.exec(text);
  if (match) return named(match[3]!, match[1]!, match[2]!, text.slice(match[0].length));
  return 'bad_time';
}

function named(year: string, month: string, day: string, rest: string): RejectReason | null {
  const number = monthNumber(month);
  return number === 0 ? 'bad_time' : finish(civilDay(fullYear(year), number, Number(day)), rest);
}

/**
 * Reads a time into `parsedTime`, or says why it is none: ISO 8601 with or without offset, numbers with the year last in
 * the order given (03.04.2024 with points is day first), English month names, YYYYMMDD, seconds, milliseconds or
 * microseconds since 1970, and Excel's serial days. A date alone is its midnight. Times that do not exist are
 * `impossible_time`, never the next day.
 */
export function parseTime(bytes: Uint8Array, start: number, end: number, order: DateOrder | null): RejectReason | null {
  if (plainIso(bytes, start, end)) return null;
  const text = cleanText(textOf(bytes, start, end));
  return text.length > 64 ? 'bad_time' : writtenTime(text, order);
}

/** What one time says about the order of day and month. */
export type OrderEvidence = 'none' | 'ambiguous' | DateOrder;

/** Reads the evidence of one time: 31/01/2024 proves day first, 01/31/2024 month first, 03/04/2024 nothing. */
export function orderEvidence(bytes: Uint8Array, start: number, end: number): OrderEvidence {
  if (end - start > 64 || end - start < 6 || (bytes[start + 4] === 45 && bytes[start + 7] === 45)) return 'none';
  const match = yearLast.exec(cleanText(textOf(bytes, start, end)));
  if (!match) return 'none';
  const [, first, mark, second, year] = match;
  const dayFirst = civilDay(fullYear(year!), Number(second), Number(first)) !== null;
  const monthFirst = civilDay(fullYear(year!), Number(first), Number(second)) !== null;
  if (dayFirst && monthFirst) return mark === '.' || first === second ? 'none' : 'ambiguous';
  return dayFirst ? 'day_first' : monthFirst ? 'month_first' : 'none';
}
