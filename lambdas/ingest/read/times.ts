import { noDay, noTime } from '../book/row.ts';
import { ianaZone } from '../layouts/zone-names.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { cleanText, saysNothing, textOf, trimmed } from '../values/field.ts';
import { parsedTime } from '../values/plain-time.ts';
import { parseTime } from '../values/timestamp.ts';
import { openZone, type Zone } from '../values/zone.ts';
import { hasField } from './texts.ts';

const ancient = BigInt(Date.UTC(1995, 0, 1)) * 1000n;
/** Zeros as programs write them into a column of times that is not set. */
const unset = /^(?:0+|(?:0001-01-01|1899-12-30|1900-01-0[01]|1970-01-01)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?)$/;
const dayMicros = 86_400_000_000n;

/** True for what programs write where there is no time: NULL, NaT, 0000-00-00. */
const isNoTime = (text: string): boolean => saysNothing(text) || /^0{4}-00-00/.test(text);

/** Creates the readers of one file's times. A time that equals the one before it is not read again. */
export function createTimeReader(
  { plan, dateOrder }: Pick<Survey, 'plan' | 'dateOrder'>,
  rules: { readonly zone: Zone; readonly deliveredAt: Date },
) {
  const newest = BigInt(rules.deliveredAt.getTime()) * 1000n + dayMicros;
  const last = { bytes: new Uint8Array(32), length: -1, value: noTime };

  const settled = (zone: Zone): bigint | RejectReason => {
    const { seconds, micros, offset } = parsedTime;
    const wall = plan.layout.clock === 'utc' ? seconds : zone.toUtc(seconds);
    const value = BigInt(Number.isNaN(offset) ? wall : seconds - offset) * 1_000_000n + BigInt(micros);
    if (value > newest) return 'future_time';
    return value < ancient ? 'ancient_time' : value;
  };

  /** Time of a column as UTC microseconds; noTime where blank. */
  const time = (record: RawRecord, column: number): bigint | RejectReason => {
    if (!hasField(record, column)) return noTime;
    const { start, end } = trimmed;
    const { bytes } = record;
    const length = end - start;
    if (length === last.length) {
      let i = 0;
      while (i < length && bytes[start + i] === last.bytes[i]) i++;
      if (i === length) return last.value;
    }
    const problem = parseTime(bytes, start, end, dateOrder);
    if (problem !== null) return isNoTime(textOf(bytes, start, end)) ? noTime : problem;
    const value = settled(rules.zone);
    if (typeof value === 'string') return value;
    if (length > last.bytes.length) return value;
    for (let i = 0; i < length; i++) last.bytes[i] = bytes[start + i]!;
    last.length = length;
    last.value = value;
    return value;
  };

  /** The same for a column that most orders leave open: noTime also for 1970-01-01 and other zeros. */
  const optionalTime = (record: RawRecord, column: number): bigint | RejectReason => {
    const value = time(record, column);
    if (typeof value !== 'string') return value;
    return unset.test(cleanText(fieldText(record, column))) ? noTime : value;
  };

  /** Day of such a column in the shop's zone; noDay where it is open. */
  const day = (record: RawRecord, column: number): number | RejectReason => {
    const value = optionalTime(record, column);
    if (typeof value === 'string') return value;
    return value === noTime ? noDay : rules.zone.dayOf(Number(value / 1_000_000n));
  };

  /** Day of a column as it is written; noDay where it is blank or no date. */
  const birthday = (record: RawRecord, column: number): number => {
    if (!hasField(record, column) || parseTime(record.bytes, trimmed.start, trimmed.end, dateOrder) !== null)
      return noDay;
    return Math.floor(parsedTime.seconds / 86_400);
  };

  const { order_ts: dateColumn = -1, order_time: clockColumn = -1, time_zone: zoneColumn = -1 } = plan.columns;
  const zones = new Map<string, Zone | null>();

  const zoneNamed = (text: string): Zone | null => {
    let zone = zones.get(text);
    if (zone === undefined) {
      try {
        zone = openZone(ianaZone(text));
      } catch {
        zone = null;
      }
      zones.set(text, zone);
    }
    return zone;
  };

  /** Time of the order, from up to three columns: the date, the time of day, and the time zone of both. */
  const orderedAt = (record: RawRecord): bigint | RejectReason => {
    if (clockColumn < 0 && zoneColumn < 0) return time(record, dateColumn);
    if (!hasField(record, dateColumn)) return noTime;
    const written = (column: number): string => (column < 0 ? '' : cleanText(fieldText(record, column)));
    const zone = written(zoneColumn) === '' ? rules.zone : zoneNamed(written(zoneColumn));
    if (zone === null) return 'bad_time_zone';
    const bytes = Buffer.from(`${written(dateColumn)} ${written(clockColumn)}`.trim());
    return parseTime(bytes, 0, bytes.length, dateOrder) ?? settled(zone);
  };

  return { optionalTime, orderedAt, day, birthday };
}
