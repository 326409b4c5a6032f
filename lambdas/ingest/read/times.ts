import { noDay, noTime } from '../book/row.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { trimmed } from '../values/field.ts';
import { parsedTime, parseTime } from '../values/timestamp.ts';
import type { Zone } from '../values/zone.ts';
import { hasField } from './texts.ts';

const ancient = BigInt(Date.UTC(1995, 0, 1)) * 1000n;
const dayMicros = 86_400_000_000n;

/** Creates the readers of one file's times. A time that equals the one before it is not read again. */
export function createTimeReader(
  { plan, dateOrder }: Pick<Survey, 'plan' | 'dateOrder'>,
  rules: { readonly zone: Zone; readonly deliveredAt: Date },
) {
  const newest = BigInt(rules.deliveredAt.getTime()) * 1000n + dayMicros;
  let last: { bytes: Uint8Array; start: number; end: number; value: bigint } = {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    value: noTime,
  };

  /** Time of a column as UTC microseconds; noTime where blank. */
  const time = (record: RawRecord, column: number): bigint | RejectReason => {
    if (!hasField(record, column)) return noTime;
    const { start, end } = trimmed;
    const { bytes } = record;
    const length = end - start;
    if (length === last.end - last.start) {
      let i = 0;
      while (i < length && bytes[start + i] === last.bytes[last.start + i]) i++;
      if (i === length) return last.value;
    }
    const problem = parseTime(bytes, start, end, dateOrder);
    if (problem !== null) return problem;
    const { seconds, micros, offset } = parsedTime;
    const wall = plan.layout.clock === 'utc' ? seconds : rules.zone.toUtc(seconds);
    const value = BigInt(Number.isNaN(offset) ? wall : seconds - offset) * 1_000_000n + BigInt(micros);
    if (value > newest) return 'future_time';
    if (value < ancient) return 'ancient_time';
    last = { bytes, start, end, value };
    return value;
  };

  /** Day of a column in the shop's zone; noDay where blank. */
  const day = (record: RawRecord, column: number): number | RejectReason => {
    const value = time(record, column);
    if (typeof value === 'string') return value;
    return value === noTime ? noDay : rules.zone.dayOf(Number(value / 1_000_000n));
  };

  /** Day of a column as it is written; noDay where it is blank or no date. */
  const birthday = (record: RawRecord, column: number): number => {
    if (!hasField(record, column) || parseTime(record.bytes, trimmed.start, trimmed.end, dateOrder) !== null)
      return noDay;
    return Math.floor(parsedTime.seconds / 86_400);
  };

  return { time, day, birthday };
}
