import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { realData } from '../support/real-data.ts';

function check(path: string, settings: unknown = {}): Promise<CheckReport> {
  const file = {
    name: basename(path),
    bytes: statSync(path).size,
    deliveredAt: new Date('2024-01-01T00:00:00Z'),
    open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
  };
  return checkFile(file, parseConfig(settings, 'test settings'), localLimits);
}

const cents = (amount: string): bigint => {
  const [units = '', decimals = ''] = amount.split('.');
  return BigInt(units + decimals.padEnd(4, '0'));
};
const sum = (amounts: Iterable<string>): bigint => [...amounts].reduce((total, amount) => total + cents(amount), 0n);

/** Known figures of public data sets; see the README beside them. */
describe('real order histories', () => {
  test('Online Retail: 25,900 invoices of 4,372 customers, 3,836 of them credit notes', async () => {
    const path = realData('online-retail/online_retail.csv.gz');
    if (!path) return;
    const report = await check(path);
    const orders = [...report.orders()];
    const creditNotes = orders.filter((order) => order.status === 'credit_note');
    const purchases = orders.filter((order) => order.is_purchase && order.customer_id !== null);

    expect(report.seen).toMatchObject({ layout: 'online_retail', encoding: 'iso-8859-1', date_order: 'month_first' });
    expect(report.counts).toMatchObject({
      read: 541_909,
      accepted: 25_900,
      folded: 516_009,
      duplicate: 0,
      rejected: 0,
    });
    expect(creditNotes).toHaveLength(3_836);
    expect(new Set(orders.map((order) => order.customer_id)).size - 1).toBe(4_372);
    expect(purchases).toHaveLength(18_532);
    expect(new Set(purchases.map((order) => order.customer_id)).size).toBe(4_338);
    expect(sum(purchases.map((order) => order.net))).toBe(8_911_407_9040n);
    expect(sum(orders.map((order) => order.net))).toBe(9_747_747_9340n);
  });

  test('Online Retail II: both files, every line accounted for, 1,088 invoices in both', async () => {
    const paths = ['2009-2010', '2010-2011'].map((year) =>
      realData(`online-retail-ii/online_retail_II_year_${year}.csv.gz`),
    );
    if (paths.some((path) => path === null)) return;
    const reports = await Promise.all(paths.map((path) => check(path!)));
    const ids = reports.map((report) => new Set([...report.orders()].map((order) => order.order_id)));

    expect(reports.map((report) => report.counts.read)).toEqual([525_461, 541_909]);
    for (const { counts } of reports) expect(counts.accepted + counts.folded).toBe(counts.read);
    expect([...ids[0]!].filter((id) => ids[1]!.has(id))).toHaveLength(1_088);
    expect(new Set([...ids[0]!, ...ids[1]!]).size).toBe(53_628);
    expect([...reports[0]!.orders()][0]).toMatchObject({ order_id: '489434', customer_id: '13085', gross: '505.30' });
  });

  test('CDNOW: 69,659 orders by a made order number, and the same on every reading', async () => {
    const path = realData('cdnow/cdnow_orders.csv.gz');
    if (!path) return;
    const settings = {
      ingest: { columns: { order_id: { made_from: ['customer_id', 'order_date'], repeats: 'number' } } },
    };
    const report = await check(path, settings);
    const orders = [...report.orders()];

    expect(report.counts).toMatchObject({ read: 69_659, accepted: 69_659, folded: 0, duplicate: 0, rejected: 0 });
    expect(new Set(orders.map((order) => order.customer_id)).size).toBe(23_570);
    expect(orders.filter((order) => !order.is_purchase)).toHaveLength(80);
    expect(orders[0]).toMatchObject({
      order_id: '00001|1997-01-01|1',
      net: '11.77',
      ordered_at: '1997-01-01T00:00:00Z',
    });
    expect([...(await check(path, settings)).orders()]).toEqual(orders);
  });
});
