import type { ExportField, IngestConfig } from '../../platform/config/ingest.ts';
import { AmbiguousAmounts, AmbiguousDates } from '../errors.ts';
import type { RawRecord } from '../records/raw-record.ts';
import type { DecimalSeparator } from '../values/amount.ts';
import { parseAmount, separatorEvidence } from '../values/amount.ts';
import { currencyCodes, thousandthCurrencies, wholeCurrencies } from '../values/currencies.ts';
import { isPlain, textOf, trim, trimmed } from '../values/field.ts';
import { orderEvidence } from '../values/timestamp.ts';
import type { DateOrder } from '../values/written-time.ts';
import { createFloatFinder, createTotalsComparison } from './column-findings.ts';
import type { Plan } from './plan.ts';

/** What the whole file settles about its numbers. */
export interface Conventions {
  /** Order of day and month; null where no value of the file needs it. */
  readonly dateOrder: DateOrder | null;
  readonly decimal: DecimalSeparator;
  /** True when a total after refunds of 0 says that nothing is left, where the order's status says nothing. */
  readonly zeroIsRefunded: boolean;
  /** Headers of columns that could be the total and state something else than the one that is read. */
  readonly differingTotals: readonly string[];
  /** Headers of columns of numbers of orders or customers in which every one is written like 1001.0. */
  readonly floatIds: readonly string[];
}

/** Columns whose times are written as those of the orders are; birthdays come from elsewhere and prove nothing. */
const timeFields: readonly ExportField[] = ['order_ts', 'updated_at', 'refunded_at', 'cancelled_at', 'told_at'];
const amountFields: readonly ExportField[] = ['total', 'refunded', 'discount', 'unit_price', 'quantity'];
/**
 * Share of contradicting values above which a file has no convention, rather than a few broken values; higher where no
 * value of the file depends on the convention.
 */
const contradictionShare = 0.1;
const harmlessShare = 0.25;

interface Tally<K extends string> {
  readonly counts: Record<K | 'none' | 'ambiguous', number>;
  /** First value that leaves it open, and the header of its column; blank where there is none. */
  example: string;
  column: string;
}

const contradicts = (a: number, b: number, ambiguous: number): boolean =>
  Math.min(a, b) > (ambiguous > 0 ? contradictionShare : harmlessShare) * (a + b);

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
  const dates: Tally<DateOrder> = {
    counts: { none: 0, ambiguous: 0, day_first: 0, month_first: 0 },
    example: '',
    column: '',
  };
  const amounts: Tally<DecimalSeparator> = {
    counts: { none: 0, ambiguous: 0, '.': 0, ',': 0 },
    example: '',
    column: '',
  };
  const timeColumns = positions(plan, timeFields);
  const { parts, totalAfterRefunds, baseTotal } = plan.special;
  const amountColumns = [
    ...positions(plan, amountFields),
    ...(parts?.add ?? []),
    ...(parts?.subtract ?? []),
    ...[totalAfterRefunds, baseTotal].filter((at) => at >= 0),
  ];
  const currencyColumn = plan.columns.currency;
  const totalColumn = plan.columns.total ?? -1;
  const statusColumn = plan.columns.status ?? -1;
  const isZeroUnclear = plan.layout.totalAfterRefunds?.zero === 'unclear';
  const totals = createTotalsComparison(plan);
  const floats = createFloatFinder(plan);
  /** Orders by their total after refunds, the free ones left out. */
  const after = { zero: 0, otherwise: 0, zeroThoughCompleted: 0 };

  /** Orders without refunds leave the total after refunds blank, or repeat the total; either gives 0 its meaning. */
  const addTotalAfterRefunds = (record: RawRecord): void => {
    const text = (column: number): string =>
      column < 0 ? '' : textOf(record.bytes, record.start[column]!, record.end[column]!).trim();
    const [total, left] = [text(totalColumn), text(totalAfterRefunds)];
    if (!/[1-9]/.test(total)) return;
    if (left === '' || left === total) after.otherwise++;
    else if (!/[1-9]/.test(left)) {
      after.zero++;
      if (plan.layout.statuses[text(statusColumn).toLowerCase()] === 'completed') after.zeroThoughCompleted++;
    }
  };

  /** The currency of a record decides where it has three decimals (1.234 KWD) or none (1,234 JPY). */
  const signByCurrency = (record: RawRecord, start: number, end: number): DecimalSeparator | 'ambiguous' => {
    if (currencyColumn === undefined) return 'ambiguous';
    const code = textOf(record.bytes, record.start[currencyColumn]!, record.end[currencyColumn]!).trim().toUpperCase();
    const hasPoint = record.bytes.subarray(start, end).includes(46);
    if (thousandthCurrencies.has(code)) return hasPoint ? '.' : ',';
    if (wholeCurrencies.has(code)) return hasPoint ? ',' : '.';
    return 'ambiguous';
  };

  const addAmount = (record: RawRecord, column: number): void => {
    trim(record.bytes, record.start[column]!, record.end[column]!);
    const { start, end } = trimmed;
    let evidence = separatorEvidence(record.bytes, start, end);
    if ((evidence === '.' || evidence === ',') && isPlain(record.bytes, start, end)) {
      const amount = parseAmount(record.bytes, start, end, evidence, currencyCodes);
      if (typeof amount === 'string') evidence = 'none';
    }
    if (evidence === 'ambiguous') evidence = signByCurrency(record, start, end);
    if (evidence === 'ambiguous' && amounts.example === '') {
      amounts.example = /\d[\d.,]*/.exec(textOf(record.bytes, start, end))?.[0] ?? '';
      amounts.column = plan.header[column]!;
    }
    amounts.counts[evidence]++;
  };

  return {
    add(record) {
      for (const column of timeColumns) {
        trim(record.bytes, record.start[column]!, record.end[column]!);
        const { start, end } = trimmed;
        const evidence = orderEvidence(record.bytes, start, end, plan.layout.dateOrder !== undefined);
        if (evidence === 'ambiguous' && dates.example === '') {
          dates.example = textOf(record.bytes, start, end);
          dates.column = plan.header[column]!;
        }
        dates.counts[evidence]++;
      }
      for (const column of amountColumns) addAmount(record, column);
      totals.add(record);
      floats.add(record);
      if (isZeroUnclear && totalAfterRefunds >= 0) addTotalAfterRefunds(record);
    },
    settle: (config) => ({
      dateOrder: config.date_order ?? settleDates(name, dates, plan.layout.dateOrder),
      decimal: config.decimal_separator ?? settleAmounts(name, amounts, plan.layout.decimal),
      zeroIsRefunded: !isZeroUnclear || (after.otherwise >= after.zero && after.zeroThoughCompleted === 0),
      differingTotals: totals.differing(),
      floatIds: floats.columns(),
    }),
  };
}

function settleDates(
  name: string,
  { counts, example, column }: Tally<DateOrder>,
  ofLayout: DateOrder | undefined,
): DateOrder | null {
  const { day_first: day, month_first: month, ambiguous } = counts;
  const next = 'Set ingest.date_order to day_first or month_first.';
  if (contradicts(day, month, ambiguous)) {
    throw new AmbiguousDates(`${name} has ${day} dates that can only be day first and ${month} only month first`, next);
  }
  if (day + month === 0 && ofLayout !== undefined) return ambiguous > 0 ? ofLayout : null;
  if (day + month === 0 && ambiguous > 0) {
    throw new AmbiguousDates(
      `${name} has dates like ${example} in the column "${column}": is the first number the day or the month?`,
      next,
    );
  }
  return day + month === 0 ? null : day > month ? 'day_first' : 'month_first';
}

function settleAmounts(
  name: string,
  { counts, example, column }: Tally<DecimalSeparator>,
  ofLayout: DecimalSeparator | undefined,
): DecimalSeparator {
  const { '.': point, ',': comma, ambiguous } = counts;
  const next = 'Set ingest.decimal_separator to "." or ",".';
  if (contradicts(point, comma, ambiguous)) {
    throw new AmbiguousAmounts(`${name} has ${point} amounts with a decimal point and ${comma} with a comma`, next);
  }
  if (point + comma === 0 && ofLayout !== undefined) return ofLayout;
  if (point + comma === 0 && ambiguous > 0) {
    throw new AmbiguousAmounts(
      `${name} has amounts like ${example} in the column "${column}": does the sign part decimals or thousands?`,
      next,
    );
  }
  return comma > point ? ',' : '.';
}
