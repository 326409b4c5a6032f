import { noCurrency } from '../lake/currency.ts';
import { normalCustomerId, normalEmail, normalPhone } from '../platform/normal-forms.ts';
import { orderMoney } from './book/accepted-order.ts';
import { headerKey } from './layouts/layout.ts';
import type { Plan } from './plan/plan.ts';
import type { Survey } from './plan/survey.ts';
import { type FileAccount, meantRecords } from './read/mostly-rejected.ts';
import type { FileContents } from './read/read-file.ts';
import { absent, type BytePool } from './records/byte-pool.ts';
import type { Zone } from './values/zone.ts';

/** Stable names of warnings, the gravest first. */
export const warningCodes = [
  'run_would_stop',
  'no_customer',
  'no_amount',
  'no_purchase',
  'single_day',
  'several_currencies',
  'no_currency',
  'several_amounts',
  'float_ids',
  'conflicts',
  'unknown_consent',
  'missing_amounts',
  'no_refunds',
  'assumed_encoding',
] as const;

/** Something about an accepted file that its owner should know before a run counts on it. */
export interface CheckWarning {
  readonly code: (typeof warningCodes)[number];
  readonly message: string;
}

/** Orders from which on one date for all of them is no chance. */
const manyOrders = 20;

/** Orders that a warning names. */
const namedOrders = 5;

/** Letters of a word that a warning shows. */
const shownLetters = 40;

const shortened = (word: string): string => (word.length > shownLetters ? `${word.slice(0, shownLetters)}…` : word);

/** Numbers of the first orders that were told differently, in words. */
function conflictNames({ book, pools, conflicts }: FileContents): string {
  const names: string[] = [];
  for (let i = 0; i < book.size && names.length < namedOrders; i++) {
    if (book.columns.rows[i]! > 0 && book.isConflict(i)) names.push(pools.orders.text(i));
  }
  return `${names.join(', ')}${conflicts > names.length ? ` and ${conflicts - names.length} more` : ''}`;
}

/** Share of the records meant to be taken that were rejected, in percent: what a run's gate looks at. */
export function rejectedPct(contents: FileAccount): number {
  const { all, lost } = meantRecords(contents);
  return all === 0 ? 0 : (lost * 100) / all;
}

/** What the warnings rest on, besides the file's contents. */
export interface WarningRules {
  /** `shop.currency`. */
  readonly currency: string | undefined;
  /** `gates.max_rejected_pct`: the share of rejected records above which a run publishes nothing. */
  readonly maxRejectedPct: number;
}

const isSomebody = (pool: BytePool, ref: number, normal: (given: string) => string | null): boolean =>
  ref !== absent && normal(pool.text(ref)) !== null;

/** What the accepted orders of a file have in common. */
export interface OrdersSummary {
  /** Orders that name nobody. */
  readonly withoutCustomer: number;
  readonly purchase: boolean;
  readonly amount: boolean;
  /** First and last day of an order, in the shop's time zone. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly currencies: ReadonlySet<string>;
}

/** Looks over the accepted orders of a file, of which there has to be at least one. */
export function summarise({ book, pools }: FileContents, { plan }: Survey, zone: Zone): OrdersSummary {
  const { columns } = book;
  const currencies = new Set<number>();
  let withoutCustomer = 0;
  let purchase = false;
  let amount = false;
  let first = 0n;
  let last = 0n;
  for (let i = 0; i < book.size; i++) {
    if (columns.rows[i] === 0) continue;
    currencies.add(columns.currency[i]!);
    const at = columns.orderedAt[i]!;
    if (first === 0n || at < first) first = at;
    if (at > last) last = at;
    const namesSomebody =
      isSomebody(pools.customers, columns.customer[i]!, normalCustomerId) ||
      isSomebody(pools.emails, columns.email[i]!, normalEmail) ||
      isSomebody(pools.phones, columns.phone[i]!, normalPhone);
    if (!namesSomebody) withoutCustomer++;
    if (purchase && amount) continue;
    const money = orderMoney(columns, i, plan.layout);
    purchase ||= money.isPurchase;
    amount ||= money.gross !== 0n;
  }
  const day = (at: bigint): number => zone.dayOf(Number(at / 1_000_000n));
  return {
    withoutCustomer,
    purchase,
    amount,
    firstDay: day(first),
    lastDay: day(last),
    currencies: new Set([...currencies].map((ref) => pools.words.text(ref))),
  };
}

/** The column that usually tells of refunds in such a file, where this one has none; null where all is well. */
function missingRefunds({ layout, columns, special, header }: Plan): string | null {
  const { total = -1 } = columns;
  const isNet = (layout.netTotals ?? []).some((name) => headerKey(name) === headerKey(header[total] ?? ''));
  const tells = columns.refunded !== undefined || special.totalAfterRefunds >= 0 || special.refundList >= 0 || isNet;
  return tells ? null : (layout.refundColumn ?? null);
}

/** What the owner of an accepted file should know, the gravest first. */
export function checkWarnings(
  contents: FileContents,
  summary: OrdersSummary | null,
  { encoding, plan, differingTotals, floatIds }: Pick<Survey, 'encoding' | 'plan' | 'differingTotals' | 'floatIds'>,
  rules: WarningRules,
): CheckWarning[] {
  const warnings: CheckWarning[] = [];
  const warn = (code: CheckWarning['code'], message: string): void => {
    warnings.push({ code, message });
  };
  const { accepted } = contents;
  const rejected = rejectedPct(contents);
  if (rejected > rules.maxRejectedPct) {
    warn(
      'run_would_stop',
      `${rejected.toFixed(2)}% of the records are rejected: with a limit of ${rules.maxRejectedPct}% (gates.max_rejected_pct) a run would publish nothing`,
    );
  }
  if (summary === null) return warnings;
  const { withoutCustomer, purchase, amount, firstDay, lastDay, currencies } = summary;
  if (withoutCustomer === accepted)
    warn('no_customer', 'no order names a customer: it counts in revenue totals and nowhere else');
  if (!amount) warn('no_amount', 'every order came to 0: is the right column read as the amount?');
  else if (!purchase)
    warn('no_purchase', 'no order is a purchase: all are cancelled, refunded, pending, failed or tests');
  if (accepted >= manyOrders && firstDay === lastDay) {
    warn('single_day', 'all orders are of one day: is the right column read as the time of the order?');
  }
  const named = [...currencies].filter((code) => code !== noCurrency).sort();
  if (rules.currency === undefined && named.length > 1) {
    warn('several_currencies', `amounts are in ${named.join(', ')}: a run needs shop.currency and rates`);
  }
  if (currencies.has(noCurrency)) warn('no_currency', 'no currency is stated: set shop.currency');
  if (differingTotals.length > 0) {
    const taken = plan.header[plan.columns.total ?? -1];
    warn(
      'several_amounts',
      `the amount is read from ${taken}, and these columns state others: ${differingTotals.join(', ')}; ingest.columns.total names the one to read`,
    );
  }
  if (floatIds.length > 0) {
    warn(
      'float_ids',
      `every number is written like 1001.0 in ${floatIds.join(', ')}: a program took them for amounts, and other files may write 1001; export them as text`,
    );
  }
  if (contents.conflicts > 0) {
    warn(
      'conflicts',
      `records of one order differ and nothing says which is newer, so the later one counts: ${conflictNames(contents)}`,
    );
  }
  const { words, records } = contents.unknownConsents;
  if (records > 0) {
    const column = plan.header[plan.columns.accepts_marketing ?? -1];
    const shown = words.map((word) => JSON.stringify(shortened(word))).join(', ');
    warn(
      'unknown_consent',
      `what ${column} says in ${records} ${records === 1 ? 'record' : 'records'} is not known and counts as a no, so nobody is contacted for it: ${shown}; ingest.consents says which words mean yes or no`,
    );
  }
  const missingParts = plan.special.parts?.missing ?? [];
  if (missingParts.length > 0) {
    warn('missing_amounts', `amounts are without what these columns would state: ${missingParts.join(', ')}`);
  }
  const refunds = missingRefunds(plan);
  if (refunds !== null) {
    warn(
      'no_refunds',
      `no column tells what was refunded: what was paid back still counts as paid; export with ${refunds}`,
    );
  }
  if (encoding === 'windows-1252' || encoding === 'iso-8859-1') {
    warn(
      'assumed_encoding',
      `letters outside ASCII are read as ${encoding}, which the bytes allow but do not prove: look at the names; ingest.encoding states another, or export as UTF-8`,
    );
  }
  return warnings;
}
