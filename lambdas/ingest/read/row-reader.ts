import type { ExportField, IngestConfig, OrderStatus } from '../../platform/config/ingest.ts';
import { orderStatuses } from '../../platform/config/ingest.ts';
import { emptyRow, noAmount, noStatus, noTime, type Pools, type Row } from '../book/row.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { parseAmount, seenSymbol } from '../values/amount.ts';
import { currencyCodes, wholeCurrencies } from '../values/currencies.ts';
import { trimmed } from '../values/field.ts';
import type { Zone } from '../values/zone.ts';
import { beginsWith, createMadeIds, hasField, idRef, textRef } from './texts.ts';
import { createTimeReader } from './times.ts';

/** What a record is judged against besides its file. */
export interface ReadRules {
  readonly config: IngestConfig;
  readonly zone: Zone;
  /** ISO 4217 code of amounts whose currency the file does not state; undefined where the shop has not said. */
  readonly currency: string | undefined;
  readonly deliveredAt: Date;
}

/** Turns records into rows. */
export interface RowReader {
  readonly row: Row;
  /** Header position of the column for which the last record was rejected, or -1. */
  readonly badColumn: number;
  /** Fills `row`, or says why the record is not taken; `row.order` is set whenever the order number can be read. */
  read(record: RawRecord, recordNo: number): RejectReason | null;
  /** Order that a record belongs to although it cannot be read as a whole, or `absent` where that is unknown. */
  orderOf(record: RawRecord): number;
}

/** 10^14 units: what decimal(18,4) holds. */
const largestAmount = 10n ** 18n;
const consentWords: Readonly<Record<string, number>> = {
  yes: 1,
  y: 1,
  true: 1,
  t: 1,
  '1': 1,
  subscribed: 1,
  'opted in': 1,
  no: 0,
  n: 0,
  false: 0,
  f: 0,
  '0': 0,
  unsubscribed: 0,
  'not subscribed': 0,
  'opted out': 0,
};
/** Creates the reader of one file's records. */
export function createRowReader(
  survey: Pick<Survey, 'plan' | 'dateOrder' | 'decimal'>,
  pools: Pools,
  rules: ReadRules,
): RowReader {
  const { plan, decimal } = survey;
  const { layout } = plan;
  const row = emptyRow();
  const at = (field: ExportField): number => plan.columns[field] ?? -1;
  const col = {
    order: at('order_id'),
    customer: at('customer_id'),
    email: at('email'),
    phone: at('phone'),
    orderedAt: at('order_ts'),
    updatedAt: at('updated_at'),
    total: at('total'),
    currency: at('currency'),
    status: at('status'),
    refunded: at('refunded'),
    refundedOn: at('refunded_at'),
    cancelledOn: at('cancelled_at'),
    discount: at('discount'),
    sku: at('sku'),
    product: at('product'),
    category: at('category'),
    quantity: at('quantity'),
    unitPrice: at('unit_price'),
    channel: at('channel'),
    country: at('country'),
    firstName: at('first_name'),
    lastName: at('last_name'),
    consent: at('accepts_marketing'),
    birthday: at('birthday'),
  };
  const integerOrder = layout.integerText.includes('order_id');
  const integerCustomer = layout.integerText.includes('customer_id');
  const shopCurrency = layout.currency ?? rules.currency;
  const defaultCurrency = shopCurrency === undefined ? absent : pools.words.internText(shopCurrency);
  const statuses = new Map<string, OrderStatus>([
    ...Object.entries(layout.statuses),
    ...Object.entries(rules.config.statuses).map(([word, status]) => [word.toLowerCase(), status] as const),
  ]);
  const statusOfWord = new Map<number, number>();
  const currencyOfWord = new Map<number, number>();
  const madeId = plan.madeFrom && createMadeIds(plan.madeFrom, pools.orders);
  const { time, day, birthday } = createTimeReader(survey, rules);
  const prefix = layout.creditNotePrefix === undefined ? null : Buffer.from(layout.creditNotePrefix);
  const creditNote = orderStatuses.indexOf('credit_note');
  let badColumn = -1;
  let lastCurrency = { ref: absent, isWhole: false };
  const fail = (column: number, reason: RejectReason): RejectReason => {
    badColumn = column;
    return reason;
  };

  const amount = (record: RawRecord, column: number): bigint | RejectReason => {
    if (!hasField(record, column)) return noAmount;
    const value = parseAmount(record.bytes, trimmed.start, trimmed.end, decimal, currencyCodes);
    if (typeof value === 'string') return value;
    return value >= largestAmount || value <= -largestAmount ? 'amount_too_large' : value;
  };

  const isWhole = (ref: number): boolean => {
    if (ref === absent) return false;
    if (ref !== lastCurrency.ref) lastCurrency = { ref, isWhole: wholeCurrencies.has(pools.words.text(ref)) };
    return lastCurrency.isWhole;
  };

  /** An amount of money: its sign has to agree with the row's currency, its decimals with the currency's. */
  const money = (record: RawRecord, column: number): bigint | RejectReason => {
    const value = amount(record, column);
    if (typeof value === 'string' || value === noAmount) return value;
    if (seenSymbol.currency !== null) {
      const symbol = pools.words.internText(seenSymbol.currency);
      const stated = row.currency === absent ? defaultCurrency : row.currency;
      if (stated !== absent && stated !== symbol) return 'currency_mismatch';
      row.currency = symbol;
    }
    if (isWhole(row.currency === absent ? defaultCurrency : row.currency) && value % 10_000n !== 0n)
      return 'amount_too_precise';
    return value;
  };

  const currency = (record: RawRecord): number | RejectReason => {
    const word = textRef(record, col.currency, pools.words);
    if (word === absent) return absent;
    let ref = currencyOfWord.get(word);
    if (ref === undefined) {
      const code = pools.words.text(word).toUpperCase();
      ref = currencyCodes.has(code) ? pools.words.internText(code) : absent;
      currencyOfWord.set(word, ref);
    }
    return ref === absent ? 'bad_currency' : ref;
  };

  const status = (record: RawRecord): number | RejectReason => {
    const word = textRef(record, col.status, pools.words);
    if (word === absent) return noStatus;
    let number = statusOfWord.get(word);
    if (number === undefined) {
      const known = statuses.get(pools.words.text(word).toLowerCase());
      number = known === undefined ? noStatus : orderStatuses.indexOf(known);
      statusOfWord.set(word, number);
    }
    return number === noStatus ? 'unknown_status' : number;
  };

  const consent = (record: RawRecord): number => {
    const word = textRef(record, col.consent, pools.words);
    return word === absent ? -1 : (consentWords[pools.words.text(word).toLowerCase()] ?? -1);
  };

  const readIds = (record: RawRecord): RejectReason | null => {
    row.order = absent;
    const order = madeId ? madeId(record) : idRef(record, col.order, pools.orders, integerOrder);
    if (typeof order === 'string') return fail(col.order, order);
    if (typeof order === 'object') return fail(order.column, order.reason);
    if (order === absent) return fail(col.order, 'missing_order_id');
    row.order = order;
    const customer = idRef(record, col.customer, pools.customers, integerCustomer);
    if (typeof customer === 'string') return fail(col.customer, customer);
    row.customer = customer;
    return null;
  };

  const readTimes = (record: RawRecord): RejectReason | null => {
    const orderedAt = time(record, col.orderedAt);
    if (typeof orderedAt === 'string') return fail(col.orderedAt, orderedAt);
    if (orderedAt === noTime && plan.grain === 'order') return fail(col.orderedAt, 'missing_time');
    row.orderedAt = orderedAt;
    if (col.updatedAt >= 0) {
      const updatedAt = time(record, col.updatedAt);
      if (typeof updatedAt === 'string') return fail(col.updatedAt, updatedAt);
      row.updatedAt = updatedAt;
    }
    if (col.refundedOn >= 0) {
      const refundedOn = day(record, col.refundedOn);
      if (typeof refundedOn === 'string') return fail(col.refundedOn, refundedOn);
      row.refundedOn = refundedOn;
    }
    if (col.cancelledOn >= 0) {
      const cancelledOn = day(record, col.cancelledOn);
      if (typeof cancelledOn === 'string') return fail(col.cancelledOn, cancelledOn);
      row.cancelledOn = cancelledOn;
    }
    return null;
  };

  const readMoney = (record: RawRecord): RejectReason | null => {
    const code = currency(record);
    if (typeof code === 'string') return fail(col.currency, code);
    row.currency = code;
    if (col.total >= 0) {
      const total = money(record, col.total);
      if (typeof total === 'string') return fail(col.total, total);
      if (total === noAmount && plan.grain === 'order') return fail(col.total, 'missing_amount');
      row.total = total;
    }
    if (col.refunded >= 0) {
      const refunded = money(record, col.refunded);
      if (typeof refunded === 'string') return fail(col.refunded, refunded);
      row.refunded = refunded === noAmount || refunded >= 0n ? refunded : -refunded;
    }
    if (col.discount >= 0) {
      const discount = money(record, col.discount);
      if (typeof discount === 'string') return fail(col.discount, discount);
      row.discount = discount === noAmount || discount >= 0n ? discount : -discount;
    }
    return null;
  };

  const readLine = (record: RawRecord): RejectReason | null => {
    if (col.quantity >= 0) {
      const quantity = amount(record, col.quantity);
      if (typeof quantity === 'string') return fail(col.quantity, quantity);
      if (quantity === noAmount && plan.amount === 'lines') return fail(col.quantity, 'missing_amount');
      row.quantity = quantity;
    }
    if (col.unitPrice >= 0) {
      const unitPrice = money(record, col.unitPrice);
      if (typeof unitPrice === 'string') return fail(col.unitPrice, unitPrice);
      if (unitPrice === noAmount && plan.amount === 'lines') return fail(col.unitPrice, 'missing_amount');
      row.unitPrice = unitPrice;
    }
    if (col.sku >= 0) row.sku = textRef(record, col.sku, pools.words);
    if (col.product >= 0) row.product = textRef(record, col.product, pools.words);
    if (col.category >= 0) row.category = textRef(record, col.category, pools.words);
    return null;
  };

  const readPerson = (record: RawRecord): void => {
    if (col.email >= 0) row.email = textRef(record, col.email, pools.emails);
    if (col.phone >= 0) row.phone = textRef(record, col.phone, pools.phones);
    if (col.firstName >= 0) row.firstName = textRef(record, col.firstName, pools.names);
    if (col.lastName >= 0) row.lastName = textRef(record, col.lastName, pools.names);
    if (col.country >= 0) row.country = textRef(record, col.country, pools.words);
    if (col.channel >= 0) row.channel = textRef(record, col.channel, pools.words);
    if (col.consent >= 0) row.consent = consent(record);
    if (col.birthday >= 0) row.birthday = birthday(record, col.birthday);
  };

  return {
    row,
    get badColumn() {
      return badColumn;
    },
    read(record, recordNo) {
      badColumn = -1;
      row.recordNo = recordNo;
      const problem = readIds(record) ?? readTimes(record) ?? readMoney(record) ?? readLine(record);
      if (problem !== null) return problem;
      const stated = status(record);
      if (typeof stated === 'string') return fail(col.status, stated);
      row.status = stated;
      if (prefix && hasField(record, col.order) && beginsWith(record.bytes, prefix)) row.status = creditNote;
      readPerson(record);
      return null;
    },
    orderOf(record) {
      if (plan.madeFrom || col.order >= record.fields) return absent;
      const order = idRef(record, col.order, pools.orders, integerOrder);
      return typeof order === 'string' ? absent : order;
    },
  };
}
