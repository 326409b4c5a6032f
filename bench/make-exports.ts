import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { integerBelow, type Random, randomFor } from '../lambdas/model/random.ts';

/** A kind of export: what stands before the records, and each record by its number from 0. */
interface ExportKind {
  readonly what: string;
  readonly extension: 'csv' | 'jsonl';
  /** Settings under which the file is taken, where the defaults refuse it. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the file is to be refused. */
  readonly isRefused?: boolean;
  /** Records for a number of rows asked for, where a record is more than a row. */
  records?(rows: number): number;
  head(rows: number): string;
  record(i: number, random: Random): string;
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
const below = integerBelow;

/** A time of day in 2022 … 2024, never an hour that a change of the clocks skips. */
const time = (random: Random): string =>
  `${2022 + below(random, 3)}-${pad(1 + below(random, 12))}-${pad(1 + below(random, 28))} ` +
  `${pad(8 + below(random, 12))}:${pad(below(random, 60))}:${pad(below(random, 60))}`;
const money = (random: Random): string => `${1 + below(random, 400)}.${pad(below(random, 100))}`;
const syllables = 'ka lo mi re tu sa ne do vi pe ra zu'.split(' ');
const word = (random: Random, length: number): string => {
  let text = '';
  while (text.length < length) text += syllables[below(random, syllables.length)];
  return text;
};
const email = (customer: number): string => `person${customer}@mail${customer % 97}.example.com`;
const phone = (customer: number): string => `+36 1 ${pad(customer, 8)}`;

const twelveNames =
  'order_id,customer_id,email,phone,first_name,last_name,order_ts,updated_at,total,currency,status,country';
function twelve(i: number, customer: number, random: Random): string[] {
  const first = word(random, 4);
  const [placed, told] = [time(random), time(random)];
  const rest = [first, `${word(random, 6)}`, placed, told, money(random), 'EUR', 'paid', 'HU'];
  return [`A-${1_000_000 + i}`, `${customer}`, email(customer), phone(customer), ...rest];
}

const shopifyNames =
  'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,' +
  'Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,' +
  'Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,' +
  'Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,' +
  'Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,' +
  'Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,' +
  'Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,' +
  'Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,' +
  'Payment Terms Name,Next Payment Due At,Payment References';
const shopifyColumns = shopifyNames.split(',');
const linesPerShopifyOrder = 3;

/** Values of the order stand on its first line alone; address and note columns are filled, as in real exports. */
function shopify(i: number, random: Random): string {
  const order = Math.floor(i / linesPerShopifyOrder);
  const customer = (order * 7919) % 250_001;
  const total = money(random);
  const at = `${time(random)} +0100`;
  const values: Record<string, string> = {
    Name: `#${1001 + order}`,
    Email: email(customer),
    'Lineitem quantity': `${1 + below(random, 4)}`,
    'Lineitem name': `Demo article ${below(random, 5000)} - ${word(random, 8)}`,
    'Lineitem price': money(random),
    'Lineitem sku': `SKU-${below(random, 5000)}`,
    'Lineitem taxable': 'true',
    Vendor: 'Demo',
  };
  if (i % linesPerShopifyOrder === 0) {
    Object.assign(values, {
      'Financial Status': 'paid',
      'Paid at': at,
      'Accepts Marketing': 'yes',
      Currency: 'EUR',
      Subtotal: total,
      Total: total,
      'Created at': at,
      'Billing Name': `Demo ${word(random, 8)}`,
      'Billing Street': `${word(random, 12)} street ${below(random, 90)}`,
      'Billing Country': 'HU',
      'Shipping Country': 'HU',
      'Refunded Amount': '0.00',
      'Payment Method': 'Demo Payments',
      Source: 'web',
      Phone: phone(customer),
    });
  }
  return shopifyColumns.map((name) => values[name] ?? '').join(',');
}

const longText = (i: number, what: string, random: Random): string => `${what}-${i}-${word(random, 60)}`;
const lineNames = 'order_id,customer_id,order_ts,sku,product,category,quantity,unit_price,currency';
const line = (order: number, random: Random): string => {
  const article = below(random, 8000);
  const rest = `S${article},Article ${article},Category ${article % 40},${1 + below(random, 5)},${money(random)},EUR`;
  return `O${order},C${order % 100_003},2024-0${1 + (order % 9)}-11 10:00:00,${rest}`;
};
const manyColumns = 20_000;
const padding = Array.from({ length: manyColumns - 5 }, (_, i) => `extra_${i}`).join(',');
const megabytes = (count: number): string => 'x'.repeat(count << 20);

/** Every kind of export that ingest is measured with. */
export const exportKinds: Readonly<Record<string, ExportKind>> = {
  seven: {
    what: '7 columns, orders of 300,000 customers',
    extension: 'csv',
    head: () => 'order_id,customer_id,email,order_ts,total,currency,status',
    record(i, random) {
      const customer = below(random, 300_000);
      return `A-${1_000_000 + i},${customer},${email(customer)},${time(random)},${money(random)},EUR,paid`;
    },
  },
  twelve: {
    what: '12 columns with updated_at, each order a customer, e-mail and phone of its own',
    extension: 'csv',
    head: () => twelveNames,
    record: (i, random) => twelve(i, i, random).join(','),
  },
  shopify: {
    what: '79 columns of Shopify, 3 lines per order',
    extension: 'csv',
    head: () => shopifyNames,
    record: shopify,
  },
  lines: {
    what: '25 lines per order',
    extension: 'csv',
    head: () => lineNames,
    record: (i, random) => line(Math.floor(i / 25), random),
  },
  scattered: {
    what: '25 lines per order, never two of one order in a row',
    extension: 'csv',
    head: () => lineNames,
    record: (i, random) => line(i % 40_000, random),
  },
  json: {
    what: '12 columns as JSON lines',
    extension: 'jsonl',
    head: () => '',
    record: (i, random) => {
      const names = twelveNames.split(',');
      return JSON.stringify(Object.fromEntries(twelve(i, i, random).map((value, at) => [names[at], value])));
    },
  },
  long: {
    what: 'every text distinct and over 60 characters long: number, customer, e-mail, phone, names, country, channel',
    extension: 'csv',
    head: () =>
      'order_id,customer_id,email,phone,first_name,last_name,country,channel,order_ts,updated_at,total,currency,status',
    record: (i, random) => {
      const texts = ['order', 'customer', 'first', 'last', 'country', 'channel'].map((what) =>
        longText(i, what, random),
      );
      const [order, customer, ...rest] = texts;
      const address = `${longText(i, 'mail', random)}@example.com`;
      const number = `+${pad(i, 14)} extension ${word(random, 50)}`;
      return [order, customer, address, number, ...rest, time(random), time(random), money(random), 'EUR', 'paid'].join(
        ',',
      );
    },
  },
  longLines: {
    what: 'lines whose article texts are all distinct and over 60 characters long',
    extension: 'csv',
    head: () => lineNames,
    record: (i, random) =>
      [
        `O${Math.floor(i / 2)},C${Math.floor(i / 2)},2024-02-11 10:00:00`,
        ...['sku', 'product', 'category'].map((what) => longText(i, what, random)),
        `1,${money(random)},EUR`,
      ].join(','),
  },
  oneCustomer: {
    what: 'every tenth order of one customer',
    extension: 'csv',
    head: () => twelveNames,
    record: (i, random) => twelve(i, i % 10 === 0 ? 0 : i, random).join(','),
  },
  oneOrder: {
    what: 'all lines of one order',
    extension: 'csv',
    head: () => lineNames,
    record: (_, random) => line(0, random),
  },
  versions: {
    what: 'each order four times, each time with other values',
    extension: 'csv',
    head: () => twelveNames,
    record: (i, random) => twelve(i >> 2, i, random).join(','),
  },
  conflicts: {
    what: 'each order four times, other values and no time of update',
    extension: 'csv',
    head: () => 'order_id,customer_id,email,order_ts,total,currency,status',
    record: (i, random) => `A-${i >> 2},${i >> 2},${email(i >> 2)},2024-03-03 10:00:00,${money(random)},EUR,paid`,
  },
  rejected: {
    what: 'every record rejected',
    extension: 'csv',
    settings: { ingest: { max_rejected_pct: 100 } },
    head: () => twelveNames,
    record: (i, random) => twelve(i, i, random).join(',').replace(',paid,', ',1E+05?,'),
  },
  blank: {
    what: 'blank lines, then one order',
    extension: 'csv',
    records: (rows) => rows + 1,
    head: () => 'order_id,customer_id,order_ts,total',
    record: (i) => (i === 0 ? '1,1,2024-03-03 10:00:00,5.00' : ''),
  },
  columns: {
    what: '20,000 columns, one thousandth of the rows',
    extension: 'csv',
    records: (rows) => Math.ceil(rows / 1000),
    head: () => `order_id,customer_id,email,order_ts,total,${padding}`,
    record: (i) => `${i},${i},${email(i)},2024-03-03 10:00:00,5.00,${'7,'.repeat(manyColumns - 6)}7`,
  },
  field: {
    what: 'a field of 10 MB among the names',
    extension: 'csv',
    head: () => twelveNames,
    record: (i, random) => {
      const values = twelve(i, i, random);
      if (i === 1000) values[5] = megabytes(10);
      return values.join(',');
    },
  },
  oneLine: {
    what: '200 MB without a line end',
    extension: 'csv',
    isRefused: true,
    records: () => 200,
    head: () => 'order_id,customer_id,order_ts,total',
    record: () => megabytes(1),
  },
  openQuote: {
    what: 'a quotation mark in the first field of record 1000 that never closes',
    extension: 'csv',
    head: () => twelveNames,
    record: (i, random) => (i === 999 ? '"' : '') + twelve(i, i, random).join(','),
  },
};

/** Writes an export of a kind; the same kind and rows make the same bytes. Returns the number of its records. */
export async function makeExport(name: string, path: string, rows: number): Promise<number> {
  const kind = exportKinds[name];
  if (!kind) throw new RangeError(`no kind of export is called ${name}: ${Object.keys(exportKinds).join(', ')}`);
  const random = randomFor(1);
  const records = kind.records?.(rows) ?? rows;
  const end = name === 'oneLine' ? '' : '\n';
  const head = kind.head(rows);
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  let text = head === '' ? '' : `${head}\n`;
  for (let i = 0; i < records; i++) {
    text += kind.record(i, random) + end;
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  return records;
}
