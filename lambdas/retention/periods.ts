import { addMonths, monthStart } from '../lake/day.ts';

export type PeriodKind = 'month' | 'quarter' | 'year' | 'horizon';

/** A span of days, first and last included, as days since 1970-01-01. */
export interface Period {
  readonly kind: PeriodKind;
  readonly start: number;
  readonly end: number;
}

const monthsPer = { month: 1, quarter: 3, year: 12 } as const;

const monthOfYear = (day: number): number => new Date(day * 86_400_000).getUTCMonth();

/** Calendar months, quarters or years from the one that holds the first day to the one that holds the last. */
function calendarPeriods(kind: keyof typeof monthsPer, firstDay: number, lastDay: number): Period[] {
  const length = monthsPer[kind];
  const periods: Period[] = [];
  let start = addMonths(firstDay, -(monthOfYear(firstDay) % length));
  while (start <= lastDay) {
    const next = addMonths(start, length);
    periods.push({ kind, start, end: next - 1 });
    start = next;
  }
  return periods;
}

/** The periods that retention is told for: calendar ones from the first order to `asOf`, and the horizon up to it. */
export function retentionPeriods(firstDay: number, asOf: number, horizonDays: number): Period[] {
  return [
    ...calendarPeriods('month', firstDay, asOf),
    ...calendarPeriods('quarter', firstDay, asOf),
    ...calendarPeriods('year', firstDay, asOf),
    { kind: 'horizon', start: asOf - horizonDays + 1, end: asOf },
  ];
}

/** A calendar month with its number, counted from the month of the first order. */
export interface NumberedMonth {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

/** The months from the first order to `asOf`: 0 is the month of the first order. */
export const numberedMonths = (firstDay: number, asOf: number): NumberedMonth[] =>
  calendarPeriods('month', monthStart(firstDay), asOf).map(({ start, end }, index) => ({ start, end, index }));
