import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFile } from '../../../lambdas/ingest/check.ts';
import { localLimits } from '../../../lambdas/ingest/ingest.ts';
import { layouts } from '../../../lambdas/ingest/layouts/all.ts';
import { refusedLayouts } from '../../../lambdas/ingest/layouts/refused.ts';
import { signatureSize } from '../../../lambdas/ingest/plan/plan.ts';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import { memoryFile } from '../memory-file.ts';

const root = fileURLToPath(new URL('../golden/', import.meta.url));

interface Sample {
  readonly folder: string;
  readonly delimiter: string;
  readonly settings: unknown;
  /** Cells of the header and of each record. */
  readonly table: readonly (readonly string[])[];
}

/** Records of a text without line ends in its fields, quotation marks kept. */
function cells(text: string, delimiter: string): string[][] {
  const field = delimiter === ',' ? /,((?:"(?:[^"]|"")*"|[^,]*))/g : /\t([^\t]*)/g;
  return text.split('\n').map((line) => [...`${delimiter}${line}`.matchAll(field)].map(([, value = '']) => value));
}

/** Happy paths of each layout, whose lines are records. */
const samples: Sample[] = [
  'shopify-until-cancelled-at',
  'woocommerce-webtoffee',
  'woocommerce-customer-order-csv',
  'woocommerce-advanced-all-rows',
  'stripe-unified',
  'stripe-legacy',
  'square-transactions',
  'magento-iso-plain-amounts',
  'amazon-fulfilled-shipments',
  'amazon-seller-central',
  'etsy-orders',
  'online-retail-ii',
].map((folder) => {
  const files = readdirSync(root + folder);
  const name = files.find((file) => file.startsWith('export.'))!;
  const text = readFileSync(`${root}${folder}/${name}`, 'utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n');
  const delimiter = text.includes('\t') ? '\t' : ',';
  const settings: unknown = files.includes('config.json')
    ? JSON.parse(readFileSync(`${root}${folder}/config.json`, 'utf8'))
    : {};
  return { folder, delimiter, settings, table: cells(text.trimEnd(), delimiter) };
});

async function ordersOf(sample: Sample, table: Sample['table']) {
  const text = table.map((record) => record.join(sample.delimiter)).join('\n');
  const file = memoryFile('export.csv', `${text}\n`, { chunkBytes: 1 << 16 });
  const report = await checkFile(file, parseConfig(sample.settings, 'config.json'), localLimits);
  return { layout: report.seen?.layout, counts: report.counts, orders: [...report.orders()] };
}

const dressed = (header: string, style: number): string => {
  const plain = header.replaceAll('"', '');
  return [
    plain,
    plain.toUpperCase(),
    ` ${plain.toLowerCase()} `,
    plain.replaceAll(' ', '_'),
    plain.replaceAll('_', ' '),
  ][style]!;
};

describe('recognising layouts', () => {
  test.each(samples)('$folder: whatever the order and dress of its columns', async (sample) => {
    const [header = [], ...records] = sample.table;
    const plain = await ordersOf(sample, sample.table);
    expect(plain.layout).not.toBe('generic');
    expect(plain.orders.length).toBeGreaterThan(0);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...header.keys()], { minLength: header.length }),
        fc.integer({ min: 0, max: 4 }),
        async (order, style) => {
          const mixed = [
            [...order.map((at) => dressed(header[at]!, style)), 'Our remark'],
            ...records.map((record) => [...order.map((at) => record[at]!), 'x']),
          ];
          expect(await ordersOf(sample, mixed)).toEqual(plain);
        },
      ),
      { numRuns: 10, seed: 20_240_106 },
    );
  });

  test.each(samples)('$folder: of one layout alone, and of none that is refused', ({ table: [header = []] }) => {
    const names = header.map((name) => name.replaceAll('"', ''));
    const known = layouts.filter(({ signatures }) => signatureSize(signatures, names) > 0);
    expect(known).toHaveLength(1);
    expect(refusedLayouts.filter(({ signatures }) => signatureSize(signatures, names) > 0)).toEqual([]);
  });

  test('a header of two layouts is refused with the question, not guessed', async () => {
    const headers = [
      'id',
      'purchase date',
      'grand total (base)',
      'status',
      'sale date',
      'order id',
      'order value',
      'order net',
    ];
    const file = memoryFile('both.csv', `${headers.join(',')}\n1,2024-01-05,5,complete,2024-01-05,1,5,5\n`);
    const report = await checkFile(file, parseConfig({}, 'no settings'), localLimits);
    expect(report.refusal).toMatchObject({
      code: 'ambiguous_layout',
      next: 'Set ingest.layout to magento or etsy.',
    });
  });

  test('plain lists of orders stay generic', () => {
    const lists = [
      ['order_id', 'customer_id', 'email', 'order_ts', 'total', 'currency', 'status', 'refunded'],
      ['Order Number', 'Customer Email', 'Order Date', 'Grand Total', 'Status'],
      ['id', 'date', 'amount', 'email', 'status', 'currency'],
      ['Transaction ID', 'Date', 'Time', 'Customer ID', 'Amount'],
      ['Order ID', 'Sale Date', 'Buyer', 'Amount', 'Currency'],
      ['Invoice', 'Date', 'Customer', 'Item', 'Qty', 'Price'],
      ['name', 'email', 'created at', 'total', 'status'],
      ['order-id', 'purchase-date', 'buyer-email', 'amount'],
      ['Sale Date', 'Order ID', 'Order Total', 'Email'],
      ['Order ID', 'Order Date', 'Order Total Amount', 'Customer Email'],
    ];
    for (const header of lists) {
      expect(layouts.filter(({ signatures }) => signatureSize(signatures, header) > 0)).toEqual([]);
      expect(refusedLayouts.filter(({ signatures }) => signatureSize(signatures, header) > 0)).toEqual([]);
    }
  });
});
