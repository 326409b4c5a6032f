import { type Data, DataType, DateUnit, Precision, TimeUnit, Vector } from 'apache-arrow';
import { decimalText, floatText, type NumberUse } from './number-text.ts';

/** A value as its text: ASCII as a string, anything else as bytes; null where it is null. */
export type Cell = string | Uint8Array | null;

/** Reads one column of a batch by row. */
export type CellReader = (row: number) => Cell;

/** How the values of a column are to be understood. */
export interface CellRules {
  readonly use: NumberUse;
  /** Whether nanoseconds without zone are instants in UTC. */
  readonly zonelessNanosAreUtc: boolean;
}

/** True for the types whose values are one text, number or time each. */
export function isSingle(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isSingle(type.dictionary);
  return (
    DataType.isNull(type) ||
    DataType.isBool(type) ||
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isDecimal(type) ||
    DataType.isUtf8(type) ||
    DataType.isLargeUtf8(type) ||
    DataType.isBinary(type) ||
    DataType.isLargeBinary(type) ||
    DataType.isUtf8View(type) ||
    DataType.isBinaryView(type) ||
    DataType.isFixedSizeBinary(type) ||
    DataType.isDate(type) ||
    DataType.isTime(type) ||
    DataType.isTimestamp(type)
  );
}

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

/** Farthest second that a date of this runtime can hold. */
const furthestSecond = 8_640_000_000_000n;

/** ISO 8601 text of a time since 1970-01-01 in a unit, without zone; years beyond 9999 come out in a form that is rejected. */
function isoText(value: bigint, unit: TimeUnit): string {
  const scale = perSecond[unit];
  let seconds = value / scale;
  let rest = value % scale;
  if (rest < 0n) {
    seconds -= 1n;
    rest += scale;
  }
  if (seconds > furthestSecond || seconds < -furthestSecond) return 'out of range';
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
  return rest === 0n ? whole : `${whole}.${String(rest).padStart(String(scale).length - 1, '0')}`;
}

const isoDay = (days: number): string =>
  Math.abs(days) > 1e8 ? 'out of range' : new Date(days * 86_400_000).toISOString().slice(0, -14);

/** Two's complement integer of 32-bit words, the lowest first. */
function wideInteger(words: Uint32Array, from: number, count: number): bigint {
  let value = BigInt(words[from + count - 1]! | 0);
  for (let i = count - 2; i >= 0; i--) value = (value << 32n) | BigInt(words[from + i]!);
  return value;
}

/** UUIDs (RFC 9562) have their version and variant at fixed places, where texts of 16 bytes have none. */
const isUuid = (bytes: Uint8Array): boolean =>
  bytes.length === 16 && (bytes[8]! & 0xc0) === 0x80 && bytes[6]! >= 0x10 && bytes[6]! < 0x90;

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function variableBytes(data: Data): CellReader {
  const values: Uint8Array = data.values;
  const offsets: Int32Array | BigInt64Array = data.valueOffsets;
  return (row) => values.subarray(Number(offsets[row]), Number(offsets[row + 1]));
}

function fixedBytes(data: Data, width: number): CellReader {
  const values: Uint8Array = data.values;
  return (row) => {
    const bytes = values.subarray(row * width, (row + 1) * width);
    return isUuid(bytes) ? uuidText(bytes) : bytes;
  };
}

function timestamps(data: Data, unit: TimeUnit, zone: string): CellReader {
  const values: BigInt64Array = data.values;
  return (row) => isoText(values[row]!, unit) + zone;
}

function floats(data: Data, precision: Precision, use: NumberUse): CellReader {
  const values: Float32Array | Float64Array = data.values;
  const width = precision === Precision.DOUBLE ? 'double' : 'single';
  return (row) => floatText(values[row]!, use, width);
}

function decimals(data: Data, scale: number): CellReader {
  const words: Uint32Array = data.values;
  const { stride } = data;
  return (row) => decimalText(wideInteger(words, row * stride, stride), scale);
}

/** Readers of the types that Arrow itself is asked for. */
function arrowValues(data: Data): CellReader {
  const vector = new Vector([data]);
  return (row) => {
    const value: unknown = vector.get(row);
    return value instanceof Uint8Array ? value : Buffer.from(String(value));
  };
}

function times(data: Data, unit: TimeUnit): CellReader {
  const { values } = data;
  return (row) => isoText(BigInt(values[row]), unit).slice(11);
}

function dates(data: Data, unit: DateUnit): CellReader {
  const { values } = data;
  if (unit === DateUnit.DAY) return (row) => isoDay(values[row]);
  return (row) => isoText(values[row], TimeUnit.MILLISECOND).slice(0, 10);
}

function integers(data: Data): CellReader {
  const { values } = data;
  return (row) => String(values[row]);
}

function dictionary(data: Data, rules: CellRules): CellReader {
  const { values } = data;
  const [entries, ...more] = data.dictionary!.data;
  if (entries === undefined) return () => null;
  if (more.length > 0) throw new TypeError('a dictionary came in parts');
  const entry = cellReader(entries, rules);
  return (row) => entry(Number(values[row]));
}

function valueReader(data: Data, rules: CellRules): CellReader {
  const type: DataType = data.type;
  if (DataType.isDictionary(type)) return dictionary(data, rules);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return variableBytes(data);
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return variableBytes(data);
  if (DataType.isFixedSizeBinary(type)) return fixedBytes(data, type.byteWidth);
  if (DataType.isInt(type)) return integers(data);
  if (DataType.isFloat(type) && type.precision !== Precision.HALF) return floats(data, type.precision, rules.use);
  if (DataType.isDecimal(type)) return decimals(data, type.scale);
  if (DataType.isTime(type)) return times(data, type.unit);
  if (DataType.isDate(type)) return dates(data, type.unit);
  if (!DataType.isTimestamp(type)) return arrowValues(data);
  const isInstant = Boolean(type.timezone) || (rules.zonelessNanosAreUtc && type.unit === TimeUnit.NANOSECOND);
  return timestamps(data, type.unit, isInstant ? 'Z' : '');
}

/** Reader of a column's values as text, each exact or in a form that is rejected later. */
export function cellReader(data: Data, rules: CellRules): CellReader {
  if (DataType.isNull(data.type)) return () => null;
  const read = valueReader(data, rules);
  return data.nullCount === 0 ? read : (row) => (data.getValid(row) ? read(row) : null);
}
