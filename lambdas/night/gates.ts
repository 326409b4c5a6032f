import { count, optionalDate, optionalText, type RowOf, real } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import type { GateVerdict, Night, StepInput, StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { GateFailed } from '../platform/errors.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { plural } from '../wording/counts.ts';

const gatesSql = sqlFile(import.meta.url, 'gates.sql');

const measured = {
  columns: {
    broken_receipts: count(''),
    unstored_ingests: count(''),
    repeated_orders: count(''),
    worst_rejected_pct: real(''),
    worst_rejected_file: optionalText(''),
    orders: count(''),
    sales_by_as_of: count(''),
    newest_order_on: optionalDate(''),
    orders_by_previous: count(''),
    without_customer: count(''),
    without_rate: count(''),
    undone_later: count(''),
    orders_before: count(''),
  },
  key: ['orders'],
};

type Measured = RowOf<typeof measured.columns>;

const gate = (
  name: string,
  holds: boolean,
  message: string,
  otherwise: 'failed' | 'warned' = 'failed',
): GateVerdict => ({
  gate: name,
  verdict: holds ? 'passed' : otherwise,
  message,
});

const pct = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

function judge(m: Measured, night: Night, { gates: limits }: Config): GateVerdict[] {
  const age = m.newest_order_on === null ? null : night.run.asOf - m.newest_order_on;
  const keptPct = m.orders_before === 0 ? 100 : pct(m.orders_by_previous, m.orders_before);
  return [
    gate('accounting', m.broken_receipts === 0, `${plural(m.broken_receipts, 'receipt')} whose records do not add up`),
    gate(
      'ingests_stored',
      m.unstored_ingests === 0,
      `${plural(m.unstored_ingests, 'ingest')} of which the lake holds other records than the receipt says`,
    ),
    gate(
      'orders_unique',
      m.repeated_orders === 0,
      `${plural(m.repeated_orders, 'order')} with more than one winning version`,
    ),
    gate(
      'rejected_records',
      m.worst_rejected_pct <= limits.max_rejected_pct,
      `${m.worst_rejected_pct.toFixed(2)}% of the records of ${m.worst_rejected_file ?? 'any file'} rejected, the most of all files in force (limit ${limits.max_rejected_pct}%); a mended export of the same orders takes its place`,
    ),
    gate('sales', m.sales_by_as_of > 0, `${plural(m.sales_by_as_of, 'sale')} on or before ${isoDate(night.run.asOf)}`),
    gate(
      'freshness',
      age !== null && age <= limits.max_days_without_orders,
      age === null
        ? 'no order at all'
        : `newest order ${plural(age, 'day')} before ${isoDate(night.run.asOf)} (limit ${limits.max_days_without_orders})`,
    ),
    gate(
      'volume',
      keptPct >= limits.min_orders_vs_previous_pct,
      m.orders_before === 0
        ? 'no earlier night to compare with'
        : `${keptPct.toFixed(1)}% of ${plural(m.orders_before, 'order')} of the previous night are still there (at least ${limits.min_orders_vs_previous_pct}%)`,
    ),
    gate(
      'identified_orders',
      pct(m.without_customer, m.orders) <= 50,
      `${pct(m.without_customer, m.orders).toFixed(1)}% of orders name no customer`,
      'warned',
    ),
    gate(
      'undone_later',
      m.undone_later === 0,
      `${plural(m.undone_later, 'refund or cancellation', 'refunds or cancellations')} known only after ${isoDate(night.run.asOf)} and not counted yet`,
      'warned',
    ),
    gate(
      'rates',
      m.without_rate === 0,
      `${plural(m.without_rate, 'order')} in a currency without a rate: neither their amounts nor, if they have no others, their customers are in figures and lists`,
      'warned',
    ),
  ];
}

/**
 * Judges what was curated before anything is computed from it: a half-delivered export looks exactly like mass churn.
 * @throws GateFailed when the night must not be published
 */
export async function gates(context: Context, { night }: StepInput<'gates'>): Promise<StepOutputs['gates']> {
  const previous = night.previous ?? { asOf: 0, runId: 'none' };
  const statement = gatesSql({
    ...runParameters(night.run),
    previous_as_of: { date: previous.asOf },
    previous_run_id: { token: previous.runId },
  });
  const [found] = await rowsOf(context.engine, statement, measured);
  const verdicts = found ? judge(found, night, context.config) : [gate('orders', false, 'nothing was curated')];
  if (verdicts.some((verdict) => verdict.verdict === 'failed')) throw new GateFailed(verdicts);
  return { gates: verdicts };
}
