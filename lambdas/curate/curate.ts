import { count } from '../lake/column.ts';
import { parseIsoDate } from '../lake/day.ts';
import { identities, orderLines, orders } from '../lake/tables/curated.ts';
import { runPrefix } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { type Parameter, runParameters, sqlFile } from '../platform/statement.ts';
import { identityLink, resolveIdentities } from './identity.ts';

const identityLinksSql = sqlFile(import.meta.url, 'identity-links.sql');
const ordersSql = sqlFile(import.meta.url, 'orders.sql');
const orderLinesSql = sqlFile(import.meta.url, 'order-lines.sql');
const countsSql = sqlFile(import.meta.url, 'counts.sql');

const beginningOfTime = parseIsoDate('1000-01-01') as number;
const endOfTime = parseIsoDate('9999-01-01') as number;

const counts = {
  columns: {
    lines: count(''),
    superseded_orders: count(''),
    persons: count(''),
    orders_without_customer: count(''),
    orders_without_rate: count(''),
  },
  key: ['lines'],
};

/** Rates as intervals [valid_from, valid_to); the reporting currency itself is 1 for ever. */
function rateIntervals(config: Config, currency: string): Parameter {
  const given = config.rates.map((r) => ({ ...r, from: parseIsoDate(r.valid_from) as number }));
  const rows = given
    .filter((rate) => rate.currency !== currency)
    .map((rate) => {
      const later = given.filter((other) => other.currency === rate.currency && other.from > rate.from);
      const until = Math.min(endOfTime, ...later.map((other) => other.from));
      return [{ token: rate.currency }, { date: rate.from }, { date: until }, { rate: rate.rate }];
    });
  return { rows: [[{ token: currency }, { date: beginningOfTime }, { date: endOfTime }, { rate: '1' }], ...rows] };
}

/**
 * Live ingests → orders and order lines: one winning version per order, one person per customer, amounts in one
 * currency. Writes identities, orders and order_lines once; later steps read only these. Knows nobody but by pseudonym.
 */
export async function curate(context: Context, { night }: StepInput<'curate'>): Promise<StepOutputs['curate']> {
  const { engine, store, config } = context;
  const run = runParameters(night.run);

  const merged = await resolveIdentities(engine.stream(identityLinksSql(run), identityLink));
  await writeTable(store, identities, `${runPrefix(identities, night.run)}part-00000.parquet`, merged);
  await engine.register(identities, night.run);

  const rates = rateIntervals(config, night.currency);
  const curatedOrders = await engine.materialise(ordersSql({ ...run, rates }), orders, night.run);
  const curatedLines = await engine.materialise(orderLinesSql(run), orderLines, night.run);
  const [counted] = await rowsOf(engine, countsSql(run), counts);

  return {
    orders: curatedOrders.rows,
    lines: curatedLines.rows,
    customers: counted?.persons ?? 0,
    supersededOrders: counted?.superseded_orders ?? 0,
    supersededLines: (counted?.lines ?? 0) - curatedLines.rows,
    ordersWithoutCustomer: counted?.orders_without_customer ?? 0,
    ordersWithoutRate: counted?.orders_without_rate ?? 0,
  };
}
