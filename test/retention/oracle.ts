import { isoDate } from '../../lambdas/lake/day.ts';
import type { CohortRow, Order, PeriodRow } from './shop.ts';

/** The same figures without SQL and without spells: one set of active customers per day, made by looking at every order. */
export interface OracleInput {
  readonly orders: readonly Order[];
  readonly asOf: number;
  readonly firstDay: number;
  readonly horizonDays: number;
  readonly activeWindowDays: number;
}

export const validSales = ({ orders, asOf }: Pick<OracleInput, 'orders' | 'asOf'>): Order[] =>
  orders.filter(
    (o) =>
      o.is_sale && o.order_date <= asOf && !(o.void_on !== null && o.void_on <= asOf) && o.gross_reporting !== null,
  );

export const netSpend = (o: Order, asOf: number): bigint =>
  (o.gross_reporting ?? 0n) -
  (o.refund_known_on !== null && o.refund_known_on <= asOf ? (o.refunded_reporting ?? 0n) : 0n);

const knownSales = (input: OracleInput): Order[] => validSales(input).filter((o) => o.customer_key !== null);
const keyOf = (o: Order): string => o.customer_key ?? '';
const monthOf = (day: number): string => isoDate(day).slice(0, 7);

const nameOfPeriod = {
  month: monthOf,
  quarter: (day: number) => `${isoDate(day).slice(0, 4)}-Q${Math.ceil(Number(isoDate(day).slice(5, 7)) / 3)}`,
  year: (day: number) => isoDate(day).slice(0, 4),
};

interface Span {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Walks the calendar day by day, a year beyond both ends, and keeps the spans that touch the data. */
function spans({ firstDay, asOf, horizonDays }: OracleInput): Span[] {
  const found: Span[] = [{ kind: 'horizon', start: asOf - horizonDays + 1, end: asOf }];
  for (const [kind, nameOf] of Object.entries(nameOfPeriod)) {
    const days = new Map<string, number[]>();
    for (let d = firstDay - 366; d <= asOf + 366; d++) days.set(nameOf(d), [...(days.get(nameOf(d)) ?? []), d]);
    for (const inside of days.values()) {
      const start = inside[0] as number;
      const end = inside[inside.length - 1] as number;
      if (start <= asOf && end >= firstDay) found.push({ kind, start, end });
    }
  }
  return found;
}

export function oraclePeriods(input: OracleInput): PeriodRow[] {
  const { asOf, firstDay, activeWindowDays: window } = input;
  const sales = knownSales(input);
  const customers = [...new Set(sales.map(keyOf))];
  const boughtOn = new Map(customers.map((c): [string, number[]] => [c, []]));
  for (const o of sales) boughtOn.get(keyOf(o))?.push(o.order_date);
  const firsts = new Map([...boughtOn].map(([c, days]) => [c, Math.min(...days)]));
  const firstOf = (c: string): number => firsts.get(c) as number;
  const activeAt = (d: number, members: readonly string[]): Set<string> =>
    new Set(members.filter((c) => boughtOn.get(c)?.some((on) => on > d - window && on <= d)));
  const cohorts = ['all', ...new Set(customers.map((c) => monthOf(firstOf(c))))];

  const rows: PeriodRow[] = [];
  for (const cohort of cohorts) {
    const members = customers.filter((c) => cohort === 'all' || monthOf(firstOf(c)) === cohort);
    for (const { kind, start, end } of spans(input)) {
      if (cohort !== 'all' && monthOf(end) < cohort) continue;
      const isComplete = end <= asOf;
      const atStart = activeAt(start - 1, members);
      const atEnd = activeAt(end, members);
      const isNew = (c: string) => firstOf(c) >= start && firstOf(c) <= end;
      const b = atStart.size;
      const fresh = [...atEnd].filter(isNew).length;
      const reactivated = [...atEnd].filter((c) => !isNew(c) && !atStart.has(c)).length;
      const retained = [...atStart].filter((c) => atEnd.has(c)).length;
      const lost = [...atStart].filter((c) => !atEnd.has(c)).length;
      const retainedPct = isComplete && b > 0 ? (100 * retained) / b : null;
      rows.push({
        cohort,
        period_kind: kind,
        period_start: start,
        period_end: end,
        active_window_days: window,
        is_complete: isComplete,
        is_left_censored: start - window < firstDay,
        customers_start: b,
        customers_end: isComplete ? atEnd.size : null,
        customers_new: isComplete ? fresh : null,
        customers_reactivated: isComplete ? reactivated : null,
        customers_retained: isComplete ? retained : null,
        customers_lost: isComplete ? lost : null,
        crr_pct: isComplete && b > 0 ? (100 * (atEnd.size - fresh)) / b : null,
        retained_pct: retainedPct,
        churn_rate_pct: retainedPct === null ? null : 100 - retainedPct,
        crr_counts_reactivated: isComplete && b > 0 && atEnd.size - fresh !== retained,
        retained_change_points: null,
      });
    }
  }
  rows.sort(
    (x, y) => compare(x.cohort, y.cohort) || compare(x.period_kind, y.period_kind) || x.period_start - y.period_start,
  );
  return rows.map((row, i) => {
    const before = rows[i - 1];
    const sameSeries = before?.cohort === row.cohort && before.period_kind === row.period_kind;
    const change =
      sameSeries && row.retained_pct !== null && before.retained_pct !== null
        ? row.retained_pct - before.retained_pct
        : null;
    return { ...row, retained_change_points: change };
  });
}

const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

export function oracleCohorts(input: OracleInput): CohortRow[] {
  const { asOf, firstDay } = input;
  const sales = knownSales(input);
  const months: { name: string; start: number; end: number }[] = [];
  for (const { kind, start, end } of spans(input))
    if (kind === 'month') months.push({ name: monthOf(start), start, end });
  const cohortOf = new Map<string, string>();
  for (const o of [...sales].sort((x, y) => x.order_date - y.order_date)) {
    if (!cohortOf.has(keyOf(o))) cohortOf.set(keyOf(o), monthOf(o.order_date));
  }
  const byMonth = new Map(months.map(({ name }): [string, Order[]] => [name, []]));
  for (const o of sales) byMonth.get(monthOf(o.order_date))?.push(o);
  return months.flatMap((cohort, c) => {
    const members = new Set([...cohortOf].filter(([, month]) => month === cohort.name).map(([key]) => key));
    if (members.size === 0) return [];
    return months.map((_, n) => {
      const month = months[c + n];
      const bought = month ? (byMonth.get(month.name) ?? []).filter((o) => members.has(keyOf(o))) : null;
      const active = bought && new Set(bought.map(keyOf)).size;
      return {
        cohort_month: cohort.start,
        month_number: n,
        cohort_customers: members.size,
        is_complete: month !== undefined && month.end <= asOf,
        is_left_censored: cohort.start <= firstDay && cohort.end >= firstDay,
        active_customers: active,
        active_pct: active === null ? null : (100 * active) / members.size,
        orders: bought?.length ?? null,
        net_spend: bought?.reduce((sum, o) => sum + netSpend(o, asOf), 0n) ?? null,
      };
    });
  });
}

export function oracleMetrics(input: OracleInput): Record<string, number | null> {
  const { orders, asOf, firstDay, horizonDays, activeWindowDays } = input;
  const sales = validSales(input);
  const known = knownSales(input);
  const notes = orders.filter(
    (o) => o.status === 'credit_note' && o.refund_known_on !== null && o.refund_known_on <= asOf,
  );
  const people = [...new Set(known.map(keyOf))].map((customer) => {
    const own = known
      .filter((o) => keyOf(o) === customer)
      .map((o) => o.order_date)
      .sort((x, y) => x - y);
    return { customer, own, first: own[0] as number };
  });
  const observed = people.filter(({ first }) => asOf - first >= 90);
  const soon = observed.filter(({ own, first }) => own.some((on) => on > first && on - first <= 90));
  const inHorizon = known.filter((o) => o.order_date > asOf - horizonDays);
  const earlier = new Set(people.filter(({ first }) => first <= asOf - horizonDays).map(({ customer }) => customer));
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  const noted = sum(notes.map((o) => o.refunded_reporting ?? 0n));
  const buyers = new Set(people.map(({ customer }) => customer));
  const notedToBuyers = sum(notes.filter((o) => buyers.has(keyOf(o))).map((o) => o.refunded_reporting ?? 0n));
  const spent = (some: readonly Order[]): bigint => sum(some.map((o) => netSpend(o, asOf)));
  const pct = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
  const per = (total: bigint, n: number): number | null => (n === 0 ? null : Number(total) / (10_000 * n));
  return {
    customers: people.length,
    active_customers: people.filter(({ own }) => own.some((on) => on > asOf - activeWindowDays)).length,
    repeat_customer_rate_pct: pct(people.filter(({ own }) => own.length >= 2).length, people.length),
    second_order_within_90d_pct: pct(soon.length, observed.length),
    historic_clv: per(spent(known) - notedToBuyers, people.length),
    orders: sales.length,
    orders_without_customer_pct: pct(sales.length - known.length, sales.length),
    net_revenue: Number(spent(sales) - noted) / 10_000,
    average_order_value: per(spent(sales), sales.length),
    returning_order_share_pct:
      asOf - horizonDays < firstDay
        ? null
        : pct(inHorizon.filter((o) => earlier.has(keyOf(o))).length, inHorizon.length),
  };
}
