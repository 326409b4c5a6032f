import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import { type Order, order } from './shop.ts';

const lines = (path: string, encoding: 'latin1' | 'utf8'): string[] =>
  gunzipSync(readFileSync(path))
    .toString(encoding)
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(1);

/** Every row of `cdnow_orders.csv.gz` with an amount above 0 is a purchase. */
export function cdnowOrders(path: string): Order[] {
  const rows = lines(path, 'utf8').map((line) => line.split(','));
  return rows.flatMap(([customer = '', on = '', , amount = '']) => {
    const gross = BigInt(Math.round(Number(amount) * 10_000));
    return gross > 0n ? [order(customer, on, { gross_reporting: gross })] : [];
  });
}

/** Fields of a record without line breaks inside quotes, as these files have. */
function fields(line: string): string[] {
  const parts = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return parts.map((part) => part.replace(/,$/, ''));
}

const usDay = (text: string): string => {
  const [month = '', date = '', year = ''] = (text.split(' ')[0] ?? '').split('/');
  return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
};
const isoDay = (text: string): string => text.slice(0, 10);

/**
 * Purchases of the Online Retail files: lines with a customer, no `C`, quantity and price above 0; one order per invoice,
 * on the day of its earliest line. An invoice that a later file tells again replaces the earlier one.
 */
function invoices(paths: readonly string[], encoding: 'latin1' | 'utf8', dayOf: (text: string) => string): Order[] {
  const found = new Map<string, { customer: string; on: string; gross: number }>();
  for (const path of paths) {
    const ofFile = new Map<string, { customer: string; on: string; gross: number }>();
    for (const line of lines(path, encoding)) {
      const [invoice = '', , , quantity = '', at = '', price = '', customer = ''] = fields(line);
      if (customer === '' || invoice.startsWith('C') || !(Number(quantity) > 0) || !(Number(price) > 0)) continue;
      const on = dayOf(at);
      const known = ofFile.get(invoice) ?? { customer, on, gross: 0 };
      known.gross += Math.round(Number(quantity) * Number(price) * 10_000);
      if (on < known.on) known.on = on;
      ofFile.set(invoice, known);
    }
    for (const [invoice, entry] of ofFile) found.set(invoice, entry);
  }
  return [...found].map(([invoice, { customer, on, gross }]) => {
    if (parseIsoDate(on) === null) throw new Error(`invoice ${invoice}: no day ${on}`);
    return order(customer, on, { order_id: invoice, gross_reporting: BigInt(gross) });
  });
}

export const onlineRetailOrders = (path: string): Order[] => invoices([path], 'latin1', usDay);
export const onlineRetailTwoOrders = (paths: readonly string[]): Order[] => invoices(paths, 'utf8', isoDay);
