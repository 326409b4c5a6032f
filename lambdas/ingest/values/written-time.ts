import { civilDay } from '../../lake/day.ts';
import type { RejectReason } from '../reasons.ts';
import { tidyText } from './field.ts';
import { monthNumber, weekdays, zoneOffsets } from './time-words.ts';

/** Which of two numbers before a year is the day. */
export type DateOrder = 'day_first' | 'month_first';

/**
 * A time as a text states it: seconds since 1970-01-01T00:00:00 on the wall clock, or in UTC plus `offset` (seconds east
 * of UTC) where that is a number; NaN says that the text names no zone.
 */
export interface WrittenTime {
  readonly seconds: number;
  readonly micros: number;
  readonly offset: number;
}

/** What a form found: the day, null where the calendar has none such, and what follows it. */
interface FoundDate {
  readonly day: number | null;
  readonly rest: string;
}

const DAY = 86_400;
/** Excel's serial day of 1970-01-01. */
const serialEpoch = 25_569;

const epoch = /^(\d{10})(\d{3}|\d{6}|\d{9})?(?:\.(\d+))?$/;
const serial = /^(\d{5})(?:[.,](\d{1,15}))?$/;
const millisObject = /^\\?\/date\((\d{13})(?:[+-]\d{4})?\)\\?\/$/;

const yearFirst = /^(\d{4})(\. ?|[-/ ])(\d{1,2})\2(\d{1,2})(?!\d)\.?/;
const ideographs = /^(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]/;
const compact = /^(\d{4})(\d{2})(\d{2})(?=$|t|[ _]\d{1,2}:|\d{4}(?:\d{2})?$)/;
const week = /^(\d{4})-?w(\d{2})-?([1-7])(?!\d)/;
const ordinal = /^(\d{4})-(\d{3})(?!\d)/;
const yearLast = /^(\d{1,2})(\. ?|[-/])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])\.?/;

const dayNameYear =
  /^(?:([a-z]+(?:-feira)?)\.?,? )?(\d{1,2})(?:st|nd|rd|th|er|o)?\.?(?: ?[-/] ?| (?:of |de )?|)([a-z]{3,12})\.?(?:,? (?:de |del )?|[-/]|)(\d{4}|\d{2}(?!:))(?!\d)/;
const nameDayYear = /^(?:([a-z]+)\.?,? )?([a-z]{3,12})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?(?:,? |,|-)(\d{4})(?!\d)/;
const nameDayClockYear =
  /^(?:([a-z]{3}),? )?([a-z]{3,9}) (\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?(?: (?:[a-z]{3,4}|[+-]\d{4}))?) (\d{4})$/;
const yearNameDay = /^(\d{4})(?:\. ?|[- /])([a-z]{3,12})(?:\. ?|[- /])(\d{1,2})(?!\d)\.?(?:,? ([a-z]+)(?=$|,))?/;

const clock =
  /^(?:[t,_:]? ?(?:at |um |om |a |alle |a las |o )?)(\d{1,2})([:.h])(\d{2})(?:([:.])(\d{2})(?:[.,](\d*))?)?(?: ?uhr)?(?: ?([ap])\.? ?m\b\.?)?(?: ?(.*))?$/;
const hourOfHalf = /^,? (\d{1,2}) ?([ap])\.? ?m\b\.?$/;
const hourOnly = /^t(\d{2})(z|[+-]\d{2}:?\d{2})$/;
const packedClock = /^t?(\d{2})(\d{2})(?:(\d{2})(?:[.,](\d+))?)?(?![\d:])(.*)$/;
const zoneTail = /^(?:([a-z]+)|(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?)( \([^)]*\)|\[[^\]]*\])?$/;
const zoneInBrackets = /^\(([a-z]+)\)$/;

/** Years of two digits lie from 1970 to 2069. */
const fullYear = (text: string): number => {
  const year = Number(text);
  return text.length === 4 ? year : year < 70 ? 2000 + year : 1900 + year;
};

/** Offset in seconds that the text after a clock names; NaN where there is none, null where it names no offset that exists. */
function offsetOf(text: string): number | null {
  if (text === '') return Number.NaN;
  const match = zoneTail.exec(zoneInBrackets.exec(text)?.[1] ?? text);
  if (!match) return null;
  if (match[1] !== undefined) return (match[5]?.startsWith('[') ? undefined : zoneOffsets.get(match[1])) ?? null;
  const hours = Number(match[3]);
  const minutes = Number(match[4] ?? 0);
  if (hours > 14 || minutes > 59 || (hours === 14 && minutes > 0)) return null;
  return (match[2] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

const microsOf = (fraction = ''): number => Number(fraction.slice(0, 6).padEnd(6, '0'));

function atClock(day: number, parts: readonly (string | undefined)[], zone: string): WrittenTime | RejectReason {
  const [hours, minutes, seconds = '0', fraction, half] = parts;
  let hour = Number(hours);
  const minute = Number(minutes);
  const second = Number(seconds);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return 'impossible_time';
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && microsOf(fraction) === 0;
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 59) return 'impossible_time';
  const offset = offsetOf(zone);
  if (offset === null) return /^[+-]/.test(zone) ? 'impossible_time' : 'bad_time';
  return { seconds: day * DAY + hour * 3600 + minute * 60 + second, micros: microsOf(fraction), offset };
}

/** The clock and the zone that follow a date. */
function withClock(day: number, rest: string): WrittenTime | RejectReason {
  if (rest === '') return { seconds: day * DAY, micros: 0, offset: Number.NaN };
  const match = clock.exec(rest);
  if (match) {
    const [, hour, sign, minute, nextSign, second, fraction, half, zone = ''] = match;
    if (nextSign !== undefined && nextSign !== sign) return 'bad_time';
    return atClock(day, [hour, minute, second, fraction, half], zone);
  }
  const half = hourOfHalf.exec(rest);
  if (half) return atClock(day, [half[1], '0', '0', '', half[2]], '');
  const hour = hourOnly.exec(rest);
  if (hour) return atClock(day, [hour[1], '0'], hour[2]!);
  const packed = packedClock.exec(rest);
  return packed ? atClock(day, [packed[1], packed[2], packed[3], packed[4]], packed[5]!) : 'bad_time';
}

/** Day of an ISO 8601 week: week 1 is the one with the year's first Thursday. */
function weekDay(year: number, weekNumber: number, day: number): number | null {
  const january4 = civilDay(year, 1, 4);
  if (january4 === null || weekNumber < 1) return null;
  const mondayOf = (reference: number): number => reference - ((reference + 3) % 7);
  const found = mondayOf(january4) + (weekNumber - 1) * 7 + day - 1;
  return weekNumber > 52 && mondayOf(found) >= mondayOf(civilDay(year + 1, 1, 4)!) ? null : found;
}

function ordinalDay(year: number, day: number): number | null {
  const first = civilDay(year, 1, 1);
  const next = civilDay(year + 1, 1, 1);
  return first === null || next === null || day < 1 || day > next - first ? null : first + day - 1;
}

/** Dates of digits alone. */
function numericDate(text: string, order: DateOrder | null): FoundDate | null {
  const ymd = yearFirst.exec(text) ?? ideographs.exec(text);
  if (ymd) {
    const [month, day] = ymd.slice(-2);
    return { day: civilDay(Number(ymd[1]), Number(month), Number(day)), rest: text.slice(ymd[0].length) };
  }
  let match = compact.exec(text);
  if (match)
    return { day: civilDay(Number(match[1]), Number(match[2]), Number(match[3])), rest: text.slice(match[0].length) };
  match = week.exec(text);
  if (match)
    return { day: weekDay(Number(match[1]), Number(match[2]), Number(match[3])), rest: text.slice(match[0].length) };
  match = ordinal.exec(text);
  if (match) return { day: ordinalDay(Number(match[1]), Number(match[2])), rest: text.slice(match[0].length) };
  match = yearLast.exec(text);
  if (!match) return null;
  const [all, first, mark, second, year] = match;
  const isPointed = mark!.startsWith('.') && year!.length === 4;
  if (order === null && !isPointed && Number(first) !== Number(second)) return null;
  const dayFirst = order === null ? true : order === 'day_first';
  const [day, month] = dayFirst ? [first, second] : [second, first];
  return { day: civilDay(fullYear(year!), Number(month), Number(day)), rest: text.slice(all.length) };
}

/** Dates with the name of a month; `text` is in lower case without accents. */
function namedDate(text: string): FoundDate | null {
  const found = (weekday: string | undefined, [year, name, day]: readonly string[], rest: string): FoundDate | null => {
    const month = monthNumber(name!);
    if (month === 0 || (weekday !== undefined && !weekdays.has(weekday))) return null;
    return { day: civilDay(fullYear(year!), month, Number(day)), rest };
  };
  let match = dayNameYear.exec(text);
  if (match) return found(match[1], [match[4]!, match[3]!, match[2]!], text.slice(match[0].length));
  match = nameDayClockYear.exec(text);
  if (match) return found(match[1], [match[5]!, match[2]!, match[3]!], ` ${match[4]}`);
  match = nameDayYear.exec(text);
  if (match) return found(match[1], [match[4]!, match[2]!, match[3]!], text.slice(match[0].length));
  match = yearNameDay.exec(text);
  return match && found(match[4], [match[1]!, match[2]!, match[3]!], text.slice(match[0].length));
}

/** Seconds since 1970 and Excel's serial days; null where the text is neither. */
function countedTime(text: string): WrittenTime | null {
  const digits = millisObject.exec(text)?.[1] ?? text;
  const since = epoch.exec(digits);
  if (since) {
    const micros = since[2] === undefined ? microsOf(since[3]) : microsOf(since[2]);
    return { seconds: Number(since[1]), micros, offset: 0 };
  }
  const excel = serial.exec(text);
  if (!excel) return null;
  const seconds = (Number(excel[1]) - serialEpoch) * DAY + Math.round(Number(`0.${excel[2] ?? 0}`) * DAY);
  return { seconds, micros: 0, offset: Number.NaN };
}

/**
 * Reads a time in one of the forms that people and programs write, or says why it is none: ISO 8601 with its week and
 * ordinal dates, numbers with the year last in the order given (03.04.2024 with points is day first), month names in the
 * languages of `time-words.ts`, what JavaScript, e-mail and Unix print, YYYYMMDD, seconds to nanoseconds since 1970, and
 * Excel's serial days.
 */
export function readWrittenTime(given: string, order: DateOrder | null): WrittenTime | RejectReason {
  const text = tidyText(given).toLowerCase();
  const counted = countedTime(text);
  if (counted) return counted;
  const plain = /^\d{8}\.0+$/.test(text) ? text.slice(0, 8) : text;
  const date = numericDate(plain, order) ?? namedDate(plain.normalize('NFD').replace(/\p{M}/gu, ''));
  if (date === null) return 'bad_time';
  return date.day === null ? 'impossible_time' : withClock(date.day, date.rest);
}

/** What one time says about the order of day and month. */
export type OrderEvidence = 'none' | 'ambiguous' | DateOrder;

/**
 * Reads the evidence of a time: 31/01/2024 proves day first, 01/31/2024 month first, 03/04/2024 nothing. Years of two
 * digits prove less, because 24/01/05 may begin with its year: only 30 and 31 in front, or more than 12 in the middle.
 * @param isYearLast whether it is known that dates do not begin with their year
 */
export function writtenOrder(given: string, isYearLast = false): OrderEvidence {
  const match = yearLast.exec(tidyText(given));
  if (!match) return 'none';
  const [, first, mark, second, year] = match;
  const dayFirst = typeof readWrittenTime(given, 'day_first') === 'object';
  const monthFirst = typeof readWrittenTime(given, 'month_first') === 'object';
  if (year!.length === 2) {
    const mayBeginWithYear = !isYearLast && Number(first) < 30 && Number(second) <= 12;
    if (dayFirst && (monthFirst || mayBeginWithYear)) return 'ambiguous';
  } else if (dayFirst && monthFirst)
    return mark!.startsWith('.') || Number(first) === Number(second) ? 'none' : 'ambiguous';
  return dayFirst ? 'day_first' : monthFirst ? 'month_first' : 'none';
}
