import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { curate } from '../../lambdas/curate/curate.ts';
import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import { customers, orderLines, orders } from '../../lambdas/lake/tables/curated.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { settleCustomers } from '../../lambdas/publish/customers.ts';
import { memoryFile } from '../ingest/memory-file.ts';
import { day, testLake } from '../support/lake.ts';

/** One file as a shop delivers it. */
interface Sent {
  readonly name: string;
  readonly body: string | Buffer;
}

const header = 'order_id,customer_id,email,phone,order_ts,total,currency,status,refunded,first_name';
const file = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
const january = file(
  '1,c1,anna@shop.example,,2024-01-05 10:00:00,20.00,EUR,paid,,Anna',
  '2,c2,,+36 1 234 5678,2024-01-09 10:00:00,35.50,EUR,paid,,Bela',
  '3,c3,cili@shop.example,,2024-01-31 23:59:59,12.00,EUR,pending,,Cili',
);
const february = file(
  '3,c3,cili@shop.example,,2024-01-31 23:59:59,12.00,EUR,paid,,Cili',
  '4,c1,ANNA@shop.example,+36 1 234 5678,2024-02-10 08:00:00,20.00,EUR,paid,5.00,Anna',
  '5,,guest@shop.example,,2024-02-11 08:00:00,7.00,EUR,paid,,',
);
const march = file(
  '4,c1,anna@shop.example,+36 1 234 5678,2024-02-10 08:00:00,20.00,EUR,refunded,20.00,Anna',
  '6,c3,cili@shop.example,,2024-03-03 08:00:00,9.90,EUR,paid,,Cecilia',
);
const changed = (rows: string): string => `order_id,email,order_ts,total,currency,status,updated_at\n${rows}\n`;
const lines = (...rows: string[]): string =>
  `${['order_id,email,order_ts,sku,quantity,unit_price,currency', ...rows].join('\n')}\n`;

/** What a shop may send, in the order in which it happened, and the orders that are true at the end. */
const sequences: Readonly<Record<string, { readonly truth: string; readonly sent: readonly Sent[] }>> = {
  'the same bytes again': {
    truth: '1 completed 20, 2 completed 35.5, 3 completed 12, 4 completed 15, 5 completed 7',
    sent: [
      { name: 'january.csv', body: january },
      { name: 'january.csv', body: january },
      { name: 'february.csv', body: february },
      { name: 'february.csv', body: february },
      { name: 'january.csv', body: january },
    ],
  },
  'the same export under other names and packed': {
    truth: '1 completed 20, 2 completed 35.5, 3 completed 12, 4 completed 15, 5 completed 7',
    sent: [
      { name: 'orders.csv', body: january },
      { name: 'orders (1).csv', body: january },
      { name: 'orders.csv.gz', body: gzipSync(january) },
      { name: 'copy of february.csv', body: february },
      { name: 'february.csv', body: february },
    ],
  },
  'overlapping windows': {
    truth: '1 completed 20, 2 completed 35.5, 3 completed 12, 4 refunded 0, 5 completed 7, 6 completed 9.9',
    sent: [
      { name: 'january.csv', body: january },
      { name: 'february.csv', body: february },
      { name: 'march.csv', body: march },
      {
        name: 'all.csv',
        body: file(...[january.replace('pending', 'paid'), march].flatMap((text) => text.trim().split('\n').slice(1))),
      },
    ],
  },
  'a window that comes late': {
    truth: '1 completed 20, 2 completed 35.5, 3 completed 12, 4 refunded 0, 5 completed 7, 6 completed 9.9',
    sent: [
      { name: 'march.csv', body: march },
      { name: 'january.csv', body: january },
      { name: 'february.csv', body: february },
    ],
  },
  'corrections that carry their own time': {
    truth: '1 completed 25, 2 completed 5',
    sent: [
      { name: 'a.csv', body: changed('1,anna@shop.example,2024-01-05,20.00,EUR,paid,2024-01-05T10:00:00Z') },
      { name: 'b.csv', body: changed('1,anna@shop.example,2024-01-05,25.00,EUR,paid,2024-02-01T10:00:00Z') },
      { name: 'c.csv', body: changed('1,anna@shop.example,2024-01-05,25.00,EUR,refunded,2024-01-20T10:00:00Z') },
      { name: 'd.csv', body: changed('2,bela@shop.example,2024-03-05,5.00,EUR,paid,2024-03-05T10:00:00Z') },
    ],
  },
  'corrections in files whose names tell their day': {
    truth: '1 completed 20, 2 completed 31.5, 3 pending 12',
    sent: [
      { name: 'orders-2024-02-01.csv', body: january },
      { name: 'orders-2024-02-02.csv', body: january.replace('35.50', '30.50') },
      { name: 'orders-2024-02-03.csv', body: january.replace('35.50', '31.50').replace('c1,anna', 'c9,ildi') },
    ],
  },
  'the same export under names of different days': {
    truth: '1 completed 20, 2 completed 35.5, 3 pending 12',
    sent: [
      { name: 'orders-2024-02-01.csv', body: january },
      { name: 'orders-2024-02-15.csv', body: january.replace('35.50', '99.00') },
      { name: 'orders-2024-03-01.csv', body: january },
    ],
  },
  'lines of an order that grows': {
    truth: '1 completed 18, 2 completed 6',
    sent: [
      { name: 'week-2024-01-07.csv', body: lines('1,anna@shop.example,2024-01-05,A,1,10.00,EUR') },
      {
        name: 'week-2024-01-14.csv',
        body: lines(
          '1,anna@shop.example,2024-01-05,A,1,10.00,EUR',
          '2,bela@shop.example,2024-01-12,C,1,3.00,EUR',
          '1,anna@shop.example,2024-01-05,B,2,4.00,EUR',
        ),
      },
      { name: 'week-2024-01-21.csv', body: lines('2,bela@shop.example,2024-01-12,C,2,3.00,EUR') },
    ],
  },
};

/** The n-th shuffle of a sequence; the first is the sequence itself. */
const shuffled = (sent: readonly Sent[], n: number): Sent[] => {
  const rank = (i: number): string => (n === 0 ? String(i).padStart(64) : sha256(`shuffle ${n} ${i}`));
  return sent
    .map((one, i) => ({ one, at: rank(i) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ one }) => one);
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What analysts see of the orders, and who is who; which ingest told it may differ. */
async function viewAfter(sent: readonly Sent[]): Promise<{ truth: string; view: string }> {
  const lake = await testLake('2024-06-30', { shop: { source: 'shop' } });
  try {
    for (const [i, { name, body }] of sent.entries()) {
      const deliveredAt = new Date(Date.UTC(2024, 6, 1, 0, i));
      const ports = { ...lake, clock: () => deliveredAt, progress: () => undefined };
      const receipt = await ingestFile(ports, {
        file: { ...memoryFile(name, body), deliveredAt },
        limits: localLimits,
      });
      expect(receipt).toMatchObject({ verdict: 'accepted', rejected: 0 });
    }
    const night = await claim(lake, day('2024-06-30'));
    await curate(lake, { night });
    await settleCustomers(lake, night.run);
    const read = (table: string) => ({ name: table, sql: `select * from ${table}_runs` });
    const rows = {
      orders: await rowsOf(lake.engine, read('orders'), orders),
      lines: await rowsOf(lake.engine, read('order_lines'), orderLines),
      customers: await rowsOf(lake.engine, read('customers'), customers),
    };
    const told = new Set(['ingest_id', 'version_seq', 'versions_seen', 'run_id', 'record_no']);
    return {
      truth: rows.orders.map((o) => `${o.order_id} ${o.status} ${Number(o.net_amount) / 10_000}`).join(', '),
      view: JSON.stringify(rows, (name, value: unknown) =>
        told.has(name) ? undefined : typeof value === 'bigint' ? String(value) : value,
      ),
    };
  } finally {
    await lake.close();
  }
}

test.each(Object.keys(sequences))('%s: the same orders, lines and people in any order of delivery', async (name) => {
  const { truth, sent } = sequences[name]!;
  const expected = await viewAfter(sent);
  expect(expected.truth).toBe(truth);
  for (let n = 1; n < 20; n++) expect(await viewAfter(shuffled(sent, n)), `shuffle ${n}`).toEqual(expected);
});
