import type { FeatureRows } from '../../lambdas/model/feature-rows.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import type { LabelledRows } from '../../lambdas/train/snapshots.ts';

/** A shop told by the days on which each customer bought, from day 0 on. */
export type PurchaseDays = readonly (readonly number[])[];

const within = (days: readonly number[], from: number, to: number) => days.filter((d) => d >= from && d <= to).length;

/** The columns that the feature vector reads, of one customer as of a day; every order came to 10. */
function featuresOf(days: readonly number[], on: number, horizonDays: number): Record<string, number> {
  const known = days.filter((day) => day <= on);
  const gaps = known.slice(1).map((day, i) => day - (known[i] as number));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const orders = (window: number) => within(known, on - window + 1, on);
  const money = (count: number) => count * 100_000;
  const score = Math.min(5, known.length);
  return {
    recency_days: on - (known.at(-1) as number),
    tenure_days: on - (known[0] as number),
    frequency: known.length,
    orders: known.length,
    gap_count: gaps.length,
    gap_sum_days: sum(gaps),
    gap_sum_squares: sum(gaps.map((gap) => gap * gap)),
    gap_longest_days: Math.max(0, ...gaps),
    gap_last_days: gaps.at(-1) ?? 0,
    orders_30d: orders(30),
    orders_90d: orders(90),
    orders_180d: orders(180),
    orders_365d: orders(365),
    orders_same_season: within(known, on - 364, on - 365 + horizonDays),
    monetary_value: money(known.length),
    gross_spend: money(known.length),
    spend_90d: money(orders(90)),
    spend_365d: money(orders(365)),
    last_order_amount: money(1),
    lines: known.length,
    recency_score: Math.max(1, 5 - Math.floor((on - (known.at(-1) as number)) / 30)),
    frequency_score: score,
    monetary_score: score,
  };
}

/** Everybody who had bought by each of the dates, with what they did in the horizon after it. */
export function labelledShop(shop: PurchaseDays, dates: readonly number[], horizonDays: number): LabelledRows {
  const told = dates.flatMap((on) =>
    shop.flatMap((days, customer) => {
      if ((days[0] as number) > on) return [];
      const orders = within(days, on + 1, on + horizonDays);
      return [{ customer: `customer ${customer}`, on, orders, features: featuresOf(days, on, horizonDays) }];
    }),
  );
  const rows: FeatureRows = {
    rows: told.length,
    customerKeys: told.map(({ customer }) => customer),
    numbers: (name) => Float64Array.from(told, ({ features }) => features[name] ?? 0),
    texts: () => told.map(() => null),
  };
  return {
    rows,
    dates: Float64Array.from(told, ({ on }) => on),
    lost: Uint8Array.from(told, ({ orders }) => (orders === 0 ? 1 : 0)),
    spend: Float64Array.from(told, ({ orders }) => 10 * orders),
  };
}

/**
 * Customers who join over `days`, buy at rates of their own and stop after some orders.
 * @param busy how busy a day is, from 0 to 1
 */
export function simulatedShop(
  customers: number,
  days: number,
  seed: number,
  { joinOver = days, perDay = 0.04, stay = 0.85, busy = (_: number): number => 1 } = {},
): PurchaseDays {
  return Array.from({ length: customers }, (_, customer) => {
    const random = randomFor(seed, customer);
    const rate = perDay * (0.2 + 1.8 * uniform(random));
    const bought = [Math.floor(uniform(random) * joinOver)];
    while (uniform(random) < stay) {
      let day = bought.at(-1) as number;
      do day += 1 + Math.floor(-Math.log(1 - uniform(random)) / rate);
      while (day < days && uniform(random) > busy(day));
      if (day >= days) break;
      bought.push(day);
    }
    return bought;
  });
}
