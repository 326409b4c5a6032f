import type { ExportField, IngestConfig } from '../../platform/config/ingest.ts';
import { AmbiguousAmounts, AmbiguousDates } from '../errors.ts';
import type { RawRecord } from '../records/raw-record.ts';
import type { DecimalSeparator } from '../values/amount.ts';
import { separatorEvidence } from '../values/amount.ts';
import { thousandthCurrencies } from '../values/currencies.ts';
import { textOf, trim, trimmed } from '../values/field.ts';
import type { DateOrder } from '../values/timestamp.ts';
import { orderEvidence } from '../values/timestamp.ts';
import type { Plan } from './plan.ts';

/** What the whole file settles about its numbers. */
export interface Conventions {
  /** Order of day and month; null where no value of the file needs it. */
  readonly dateOrder: DateOrder | null;
  readonly decimal: DecimalSeparator;
}

const timeFields: readonly ExportField[] = ['order_ts', 'updated_at', 'refunded_at', 'cancelled_at', 'birthday'];
const amountFields: readonly ExportField[] = ['total', 'refunded', 'discount', 'unit_price', 'quantity'];
/** Share of contradicting values above which a file has no convention, rather than a few broken values. */
const contradictionShare = 0.1;

interface Tally<K extends string> {
  readonly counts: Record<K | 'none' | 'ambiguous', number>;
  example: string;
}

const contradicts = (a: number, b: number): boolean => Math.min(a, b) > contradictionShare * (a + b);

const positions = (plan: Plan, fields: readonly ExportField[]): number[] =>
  fields.map((field) => plan.columns[field]).filter((at) => at !== undefined);

/** Gathers, record by record, what proves the order of day and month and the decimal separator. */
export function createEvidence(
  name: string,
  plan: Plan,
): {
  add(record: RawRecord): void;
  settle(config: IngestConfig): Conventions;
} {
  const dates: Tally<DateOrder> = { counts: { none: 0, ambiguous: 0, day_first: 0, month_first: 0 }, example: '' };
  const amounts: Tally<DecimalSeparator> = { counts: { none: 0, ambiguous: 0, '.': 0, ',': 0 }, example: '' };
  const timeColumns = positions(plan, timeFields);
  const amountColumns = positions(plan, amountFields);
  const currencyColumn = plan.columns.currency;

  const isThousandths = (record: RawRecord): boolean => {
    if (currencyColumn === undefined) return false;
    const code = textOf(record.bytes, record.start[currencyColumn]!, record.end[currencyColumn]!).trim().toUpperCase();
    return thousandthCurrencies.has(code);
  };

  const addAmount = (record: RawRecord, start: number, end: number): void => {
    const { bytes } = record;
    let evidence = separatorEvidence(bytes, start, end);
    if (evidence === 'ambiguous') {
      if (isThousandths(record)) evidence = bytes.subarray(start, end).includes(46) ? '.' : ',';
      else if (amounts.example === '') amounts.example = textOf(bytes, start, end);
    }
    amounts.counts[evidence]++;
  };

  return {
    add(record) {
      for (const column of timeColumns) {
        trim(record.bytes, record.start[column]!, record.end[column]!);
        const { start, end } = trimmed;
        const evidence = orderEvidence(record.bytes, start, end);
        if (evidence === 'ambiguous' && dates.example === '') dates.example = textOf(record.bytes, start, end);
        dates.counts[evidence]++;
      }
      for (const column of amountColumns) {
        trim(record.bytes, record.start[column]!, record.end[column]!);
        addAmount(record, trimmed.start, trimmed.end);
      }
    },
    settle: (config) => ({
      dateOrder: config.date_order ?? settleDates(name, dates),
      decimal: config.decimal_separator ?? settleAmounts(name, amounts),
    }),
  };
}

function settleDates(name: string, { counts, example }: Tally<DateOrder>): DateOrder | null {
  const { day_first: day, month_first: month, ambiguous } = counts;
  const next = 'Set ingest.date_order to day_first or month_first.';
  if (contradicts(day, month)) {
    throw new AmbiguousDates(`${name} has ${day} dates that can only be day first and ${month} only month first`, next);
  }
  if (day + month === 0 && ambiguous > 0) {
    throw new AmbiguousDates(`${name} has dates like ${example}: is the first number the day or the month?`, next);
  }
  return day + month === 0 ? null : day > month ? 'day_first' : 'month_first';
}

function settleAmounts(name: string, { counts, example }: Tally<DecimalSeparator>): DecimalSeparator {
  const { '.': point, ',': comma, ambiguous } = counts;
  const next = 'Set ingest.decimal_separator to "." or ",".';
  if (contradicts(point, comma)) {
    throw new AmbiguousAmounts(`${name} has ${point} amounts with a decimal point and ${comma} with a comma`, next);
  }
  if (point + comma === 0 && ambiguous > 0) {
    throw new AmbiguousAmounts(`${name} has amounts like ${example}: does the sign part decimals or thousands?`, next);
  }
  return comma > point ? ',' : '.';
}
