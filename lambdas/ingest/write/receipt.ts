import type { TableRow } from '../../lake/table.ts';
import type { receipts } from '../../lake/tables/ingested.ts';
import { decimalText, orderMoney } from '../book/accepted-order.ts';
import { noTime } from '../book/row.ts';
import { isSomebody } from '../book/sightings.ts';
import type { FileIdentities } from '../identity.ts';
import type { Layout } from '../layouts/layout.ts';
import type { FileContents } from '../read/read-file.ts';
import type { PeopleContents } from '../read/read-people.ts';
import type { Zone } from '../values/zone.ts';

/** What became of one delivered file. */
export type Receipt = TableRow<typeof receipts>;

interface CurrencyTotal {
  orders: number;
  gross: bigint;
  refunded: bigint;
}

/** Orders, gross, refunded and net per currency as JSON, currencies in order of their code. */
function totalsText(contents: FileContents, layout: Layout): string {
  const { book, pools } = contents;
  const totals = new Map<number, CurrencyTotal>();
  for (let i = 0; i < book.size; i++) {
    if (book.columns.rows[i] === 0) continue;
    const { gross, refunded } = orderMoney(book.columns, i, layout);
    const ref = book.columns.currency[i]!;
    const total = totals.get(ref) ?? { orders: 0, gross: 0n, refunded: 0n };
    total.orders++;
    total.gross += gross;
    total.refunded += refunded;
    totals.set(ref, total);
  }
  const entries = [...totals].map(([ref, { orders, gross, refunded }]) => [
    pools.words.text(ref),
    { orders, gross: decimalText(gross), refunded: decimalText(refunded), net: decimalText(gross - refunded) },
  ]);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a! < b! ? -1 : 1))));
}

/** The part of a receipt that says what the file held. */
export function contentsSummary(contents: FileContents, layout: Layout, people: FileIdentities, zone: Zone) {
  const { book } = contents;
  let first = noTime;
  let last = noTime;
  let withoutCustomer = 0;
  for (let i = 0; i < book.size; i++) {
    if (book.columns.rows[i] === 0) continue;
    const at = book.columns.orderedAt[i]!;
    if (first === noTime || at < first) first = at;
    if (at > last) last = at;
    if (!isSomebody(book, people, i)) withoutCustomer++;
  }
  const day = (at: bigint): number | null => (at === noTime ? null : zone.dayOf(Number(at / 1_000_000n)));
  return {
    records_read: contents.read,
    orders_accepted: contents.accepted,
    people_accepted: 0,
    lines_folded: contents.folded,
    duplicates: contents.duplicates,
    rejected: contents.rejected,
    conflicts: contents.conflicts,
    orders_without_customer: withoutCustomer,
    first_order_date: day(first),
    last_order_date: day(last),
    totals: totalsText(contents, layout),
  };
}

/** The same part for a file of which nothing was taken. */
export const nothingTaken = {
  records_read: 0,
  orders_accepted: 0,
  people_accepted: 0,
  lines_folded: 0,
  duplicates: 0,
  rejected: 0,
  conflicts: 0,
  orders_without_customer: 0,
  first_order_date: null,
  last_order_date: null,
  totals: '{}',
} as const;

/** The part of a receipt that says what a file of people held: no orders, and so neither dates nor amounts of them. */
export const peopleSummary = ({ read, accepted, duplicates, rejected, conflicts }: PeopleContents) => ({
  ...nothingTaken,
  records_read: read,
  people_accepted: accepted,
  duplicates,
  rejected,
  conflicts,
});
