import { ConfigError } from '../../platform/errors.ts';

/** A time zone with its history of offsets. Seconds are since 1970-01-01T00:00:00, of UTC or of the zone's wall clock. */
export interface Zone {
  readonly name: string;
  /**
   * UTC seconds of a wall-clock time. A time that a change of the clock skips is moved on by the length of the gap; of a
   * time that occurs twice the first is meant (RFC 5545, section 3.3.5).
   */
  toUtc(wallSeconds: number): number;
  /** Day in the zone, since 1970-01-01, of an instant in UTC seconds. */
  dayOf(utcSeconds: number): number;
}

const DAY = 86_400;
const WEEK = 7 * DAY;

interface Span {
  from: number;
  to: number;
  offset: number;
}

function offsetReader(name: string): (utcSeconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utcSeconds) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcSeconds * 1000)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - utcSeconds;
  };
}

/**
 * The zone of an IANA name.
 * @throws ConfigError when there is no such zone
 */
export function openZone(name: string): Zone {
  let readOffset: (utcSeconds: number) => number;
  try {
    readOffset = offsetReader(name);
  } catch (cause) {
    throw new ConfigError(`there is no time zone "${name}"`, 'Use an IANA name such as Europe/Budapest.', { cause });
  }
  const spansByYear = new Map<number, Span[]>();

  const changeBetween = (from: number, to: number, before: number): number => {
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (readOffset(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  };

  const spansOf = (year: number): Span[] => {
    const known = spansByYear.get(year);
    if (known) return known;
    const end = Date.UTC(year + 1, 0, 1) / 1000;
    let from = Date.UTC(year, 0, 1) / 1000;
    let offset = readOffset(from);
    const spans: Span[] = [];
    for (let at = from; at < end; at += WEEK) {
      const next = Math.min(at + WEEK, end);
      const nextOffset = readOffset(next);
      if (nextOffset === offset) continue;
      const change = changeBetween(at, next, offset);
      spans.push({ from, to: change, offset });
      from = change;
      offset = nextOffset;
    }
    spans.push({ from, to: end, offset });
    spansByYear.set(year, spans);
    return spans;
  };

  let last: Span = { from: 0, to: 0, offset: 0 };
  const spanAt = (utcSeconds: number): Span => {
    if (utcSeconds >= last.from && utcSeconds < last.to) return last;
    const spans = spansOf(new Date(utcSeconds * 1000).getUTCFullYear());
    last = spans.find((span) => utcSeconds < span.to) ?? spans[spans.length - 1]!;
    return last;
  };

  return {
    name,
    toUtc(wallSeconds) {
      if (wallSeconds - DAY >= last.from && wallSeconds + DAY < last.to) return wallSeconds - last.offset;
      const before = spanAt(wallSeconds - DAY).offset;
      const after = spanAt(wallSeconds + DAY).offset;
      if (before === after || spanAt(wallSeconds - before).offset === before) return wallSeconds - before;
      return spanAt(wallSeconds - after).offset === after ? wallSeconds - after : wallSeconds - before;
    },
    dayOf: (utcSeconds) => Math.floor((utcSeconds + spanAt(utcSeconds).offset) / DAY),
  };
}
