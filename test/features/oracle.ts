import type { RowOf } from '../../lambdas/lake/column.ts';
import type { orderLines, orders } from '../../lambdas/lake/tables/curated.ts';
import type { customerFeatures } from '../../lambdas/lake/tables/features.ts';

export type Order = RowOf<typeof orders.columns>;
export type Line = RowOf<typeof orderLines.columns>;
export type Features = RowOf<typeof customerFeatures.columns>;
export interface Outcome {
  readonly horizon_orders: number | null;
  readonly horizon_spend: bigint | null;
}

/** The lifecycle grid as the design prints it: R5 to R1 downwards, V1 to V5 across. */
const segmentsByScore = [
  'new potential_loyalist potential_loyalist champions champions',
  'promising potential_loyalist loyal loyal champions',
  'about_to_sleep needs_attention needs_attention loyal loyal',
  'hibernating hibernating at_risk at_risk cant_lose_them',
  'lost lost at_risk cant_lose_them cant_lose_them',
].map((row) => row.split(' '));

const known = (on: number | null, date: number): boolean => on !== null && on <= date;
const isPurchase = (order: Order, date: number): boolean =>
  order.is_sale && order.order_date <= date && !known(order.void_on, date);
const refundOf = (order: Order, date: number): bigint =>
  known(order.refund_known_on, date) ? (order.refunded_reporting ?? 0n) : 0n;
const netOf = (order: Order, date: number): bigint => (order.gross_reporting ?? 0n) - refundOf(order, date);
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

const latestFirst = (a: Order, b: Order): number =>
  b.order_date - a.order_date ||
  Number(b.ordered_at - a.ordered_at) ||
  (b.source < a.source ? -1 : b.source > a.source ? 1 : 0) ||
  (b.order_id < a.order_id ? -1 : 1);

function favourite(purchases: readonly Order[], lines: readonly Line[]) {
  const byCategory = new Map<string, Order[]>();
  for (const order of purchases) {
    const own = lines.filter((line) => line.order_id === order.order_id && line.source === order.source);
    for (const category of new Set(own.flatMap((line) => line.category ?? []))) {
      byCategory.set(category, [...(byCategory.get(category) ?? []), order]);
    }
  }
  const lastOn = (category: string) => Math.max(...(byCategory.get(category) ?? []).map((order) => order.order_date));
  const ranked = [...byCategory.keys()].sort(
    (a, b) =>
      (byCategory.get(b)?.length ?? 0) - (byCategory.get(a)?.length ?? 0) || lastOn(b) - lastOn(a) || (a < b ? -1 : 1),
  );
  return { categories: ranked.length, favourite_category: ranked[0] ?? null };
}

/** One customer as of one date, straight from the meanings of the columns; null for somebody who is no buyer then. */
function describe(key: string, own: readonly Order[], lines: readonly Line[], date: number, horizonDays: number) {
  const soFar = own.filter((order) => order.order_date <= date);
  const purchases = soFar.filter((order) => isPurchase(order, date)).sort(latestFirst);
  if (purchases.length === 0) return null;
  const days = [...new Set(purchases.map((order) => order.order_date))].sort((a, b) => a - b);
  const first = days[0]!;
  const last = days.at(-1)!;
  const gaps = days.slice(1).map((day, i) => day - days[i]!);
  const kept = soFar.filter((order) => order.is_sale && !known(order.cancel_known_on, date));
  const notes = soFar.filter((order) => order.status === 'credit_note');
  const refunded = kept.filter((order) => refundOf(order, date) > 0n);
  const gross = total(kept.map((order) => order.gross_reporting ?? 0n));
  const back = total([
    ...kept.map((order) => refundOf(order, date)),
    ...notes.map((note) => note.refunded_reporting ?? 0n),
  ]);
  const within = (span: number) => purchases.filter((order) => order.order_date > date - span);
  const spend = (some: readonly Order[]) => total(some.map((order) => netOf(order, date)));
  const onDay = (day: number) => purchases.filter((order) => order.order_date === day);
  const seasonFrom = date + 1 - 365;
  const bought = lines.filter((line) =>
    purchases.some((order) => order.order_id === line.order_id && order.source === line.source),
  );
  const refundDays = [...refunded.map((order) => order.refund_known_on ?? 0), ...notes.map((note) => note.order_date)];
  return {
    customer_key: key,
    first_order_on: first,
    last_order_on: last,
    recency_days: date - last,
    tenure_days: date - first,
    frequency: days.length,
    orders: purchases.length,
    gross_spend: gross,
    refunded_amount: back,
    monetary_value: gross - back,
    gap_count: gaps.length,
    gap_sum_days: sum(gaps),
    gap_sum_squares: sum(gaps.map((gap) => gap * gap)),
    gap_longest_days: gaps.length > 0 ? Math.max(...gaps) : null,
    gap_last_days: gaps.at(-1) ?? null,
    orders_30d: within(30).length,
    orders_90d: within(90).length,
    orders_180d: within(180).length,
    orders_365d: within(365).length,
    spend_30d: spend(within(30)),
    spend_90d: spend(within(90)),
    spend_180d: spend(within(180)),
    spend_365d: spend(within(365)),
    orders_same_season: purchases.filter(
      (order) => order.order_date >= seasonFrom && order.order_date < seasonFrom + horizonDays,
    ).length,
    first_order_amount: spend(onDay(first)),
    last_order_amount: spend(onDay(last)),
    largest_order_amount: purchases.map((order) => netOf(order, date)).sort((a, b) => (a < b ? 1 : -1))[0]!,
    discount_amount: total(purchases.map((order) => order.discount_reporting ?? 0n)),
    discounted_orders: purchases.filter((order) => (order.discount_reporting ?? 0n) > 0n).length,
    refunded_orders: refunded.length,
    credit_notes: notes.length,
    cancelled_orders: soFar.filter((order) => known(order.cancel_known_on, date)).length,
    last_refund_on: refundDays.length > 0 ? Math.max(...refundDays) : null,
    lines: sum(purchases.map((order) => order.line_count)),
    products: new Set(bought.flatMap((line) => line.sku ?? line.product ?? [])).size,
    ...favourite(purchases, lines),
    country: purchases.find((order) => order.country !== null)?.country ?? null,
    channel: purchases.find((order) => order.channel !== null)?.channel ?? null,
  };
}

/** 1 + floor(5 × worse / all), where worse counts the buyers with a lower goodness; told once per goodness. */
function scores(goodness: readonly (number | bigint)[]): (own: number | bigint) => number {
  const told = new Map<number | bigint, number>();
  return (own) => {
    const worse = told.get(own) ?? goodness.filter((other) => other < own).length;
    told.set(own, worse);
    return 1 + Math.floor((5 * worse) / goodness.length);
  };
}

/** Every buyer as of a date, in order of key. */
export function featuresAsOf(
  orders: readonly Order[],
  lines: readonly Line[],
  date: number,
  horizonDays: number,
): Features[] {
  const counted = orders.filter((order) => order.gross_reporting !== null);
  const byCustomer = new Map<string, Order[]>();
  for (const order of counted) {
    if (order.customer_key === null) continue;
    const own = byCustomer.get(order.customer_key) ?? [];
    own.push(order);
    byCustomer.set(order.customer_key, own);
  }
  const buyers = [...byCustomer.keys()]
    .sort()
    .flatMap((key) => describe(key, byCustomer.get(key) ?? [], lines, date, horizonDays) ?? []);
  const recencyScore = scores(buyers.map((buyer) => -buyer.recency_days));
  const frequencyScore = scores(buyers.map((buyer) => buyer.frequency));
  const monetaryScore = scores(buyers.map((buyer) => buyer.monetary_value));
  return buyers.map((buyer) => {
    const recency = recencyScore(-buyer.recency_days);
    const frequency = frequencyScore(buyer.frequency);
    const monetary = monetaryScore(buyer.monetary_value);
    return {
      ...buyer,
      recency_score: recency,
      frequency_score: frequency,
      monetary_score: monetary,
      segment: segmentsByScore[5 - recency]![Math.ceil((frequency + monetary) / 2) - 1]!,
    };
  });
}

/** What a customer did in the horizon after a date, as known at its end; nulls where it is not over on `asOf`. */
export function outcomeOf(
  key: string,
  orders: readonly Order[],
  date: number,
  horizonDays: number,
  asOf: number,
): Outcome {
  const end = date + horizonDays;
  if (end > asOf) return { horizon_orders: null, horizon_spend: null };
  const bought = orders.filter(
    (order) =>
      order.customer_key === key && order.gross_reporting !== null && order.order_date > date && isPurchase(order, end),
  );
  const notes = orders.filter(
    (order) =>
      order.customer_key === key &&
      order.gross_reporting !== null &&
      order.status === 'credit_note' &&
      order.order_date > date &&
      order.order_date <= end,
  );
  const back = total(notes.map((note) => note.refunded_reporting ?? 0n));
  return { horizon_orders: bought.length, horizon_spend: total(bought.map((order) => netOf(order, end))) - back };
}
