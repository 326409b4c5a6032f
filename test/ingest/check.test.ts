import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../lambdas/ingest/check.ts';
import { localLimits } from '../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { memoryFile } from './memory-file.ts';

const header = 'order_id,customer_id,order_ts,total,currency,status';

function check(rows: readonly string[], settings: object = {}): Promise<CheckReport> {
  const file = memoryFile('orders.csv', Buffer.from(`${[header, ...rows].join('\n')}\n`));
  return checkFile(file, parseConfig(settings, 'test settings'), localLimits);
}

const row = (
  i: number,
  changes: Partial<Record<'customer' | 'day' | 'total' | 'currency' | 'status', string>> = {},
) => {
  const { customer = `c${i}`, total = '5.00', currency = 'EUR', status = 'paid' } = changes;
  const day = changes.day ?? `2024-01-${String(1 + (i % 28)).padStart(2, '0')}`;
  return [i, customer, day, total, currency, status].join(',');
};
const rows = (count: number, changes = {}): string[] => Array.from({ length: count }, (_, i) => row(i + 1, changes));
const codes = (report: CheckReport): string[] => report.warnings.map(({ code }) => code);

describe('what a check warns of', () => {
  test('a good file: of nothing', async () => {
    const report = await check(rows(40));
    expect(report).toMatchObject({
      verdict: 'accepted',
      gate: { rejected_pct: 0, max_rejected_pct: 5, passes: true },
      first_order_date: '2024-01-01',
      last_order_date: '2024-01-28',
      warnings: [],
    });
  });

  test('more rejected records than a run lets pass, at the limit of the settings', async () => {
    const oneOfTwenty = [...rows(19), row(20, { total: 'x' })];
    const twoOfTwenty = [...rows(18), row(19, { total: 'x' }), row(20, { total: 'x' })];
    expect((await check(oneOfTwenty)).gate).toMatchObject({ rejected_pct: 5, passes: true });
    expect(codes(await check(oneOfTwenty))).toEqual([]);
    const report = await check(twoOfTwenty);
    expect(report).toMatchObject({ verdict: 'accepted', gate: { rejected_pct: 10, passes: false } });
    expect(report.warnings[0]!.message).toContain('gates.max_rejected_pct');
    expect(codes(await check(twoOfTwenty, { gates: { max_rejected_pct: 10 } }))).toEqual([]);
  });

  test.each([
    ['no_customer', rows(3, { customer: 'guest' })],
    ['no_amount', rows(3, { total: '0.00' })],
    ['no_purchase', rows(3, { status: 'cancelled' })],
    ['single_day', rows(20, { day: '2024-01-05' })],
    ['several_currencies', [row(1), row(2, { currency: 'USD' })]],
    ['no_currency', rows(3, { currency: '' })],
  ])('%s', async (code, given) => {
    expect(codes(await check(given))).toEqual([code]);
  });

  test('neither of one customer among strangers, nor of one day with few orders, nor of currencies with a shop currency', async () => {
    expect(codes(await check([...rows(3, { customer: '' }), row(4)]))).toEqual([]);
    expect(codes(await check(rows(19, { day: '2024-01-05' })))).toEqual([]);
    expect(codes(await check([row(1), row(2, { currency: 'USD' })], { shop: { currency: 'EUR' } }))).toEqual([]);
  });
});

test('each record of a file is told with its line, its order and what became of it', async () => {
  const report = await check([row(1), '', row(2, { customer: '"two\nlines"' }), row(1), row(3, { total: 'x' }), ',,']);
  expect([...report.records()]).toEqual([
    { record_no: 1, line_no: 2, fate: 'accepted', order_id: '1', reason: null },
    { record_no: 2, line_no: 4, fate: 'rejected', order_id: '2', reason: 'bad_id' },
    { record_no: 3, line_no: 6, fate: 'duplicate', order_id: '1', reason: null },
    { record_no: 4, line_no: 7, fate: 'rejected', order_id: '3', reason: 'bad_amount' },
  ]);
});

test('a hundred thousand refunds of one order are added up, each once', async () => {
  const second = (i: number): string => new Date(Date.UTC(2024, 1, 1) + i * 1000).toISOString().slice(0, 19);
  const refunds = Array.from({ length: 100_000 }, (_, i) => `1,c1,${second(i)}Z,-1.00,EUR,paid`);
  const report = await check(['1,c1,2024-01-01T00:00:00Z,150000.00,EUR,paid', ...refunds, refunds[0]!]);
  expect(report.counts).toMatchObject({ read: 100_002, accepted: 1, folded: 100_000, duplicate: 1, rejected: 0 });
  expect([...report.orders()]).toMatchObject([{ refunded: '100000.00', net: '50000.00', records: 100_001 }]);
});
