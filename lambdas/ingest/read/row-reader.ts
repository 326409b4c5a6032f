import type { ExportField, IngestConfig } from '../../platform/config/ingest.ts';
import { orderStatuses } from '../../platform/config/ingest.ts';
import { emptyRow, noAmount, noDay, noTime, type Pools, type Row } from '../book/row.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { parseAmount, seenSymbol } from '../values/amount.ts';
import { currencyCodes, currencyNamed, smallestAmount, wholeCurrencies } from '../values/currencies.ts';
import { saysNothing, textOf, trimmed } from '../values/field.ts';
import type { Zone } from '../values/zone.ts';
import { createBaseTotals } from './base-totals.ts';
import type { ConsentReader } from './consent.ts';
import { createNoSales } from './no-sales.ts';
import { createOrderNumbers } from './order-numbers.ts';
import { createRepeatFinder } from './repeats.ts';
import { createRefundReader, sumOfParts } from './special-amounts.ts';
import { createStatusReader } from './statuses.ts';
import { beginsWith, emailRef, hasField, idRef, phoneRef, textRef } from './texts.ts';
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
/** Creates the reader of one file's records. */
export function createRowReader(
  survey: Pick<Survey, 'plan' | 'dateOrder' | 'decimal' | 'zeroIsRefunded'>,
  pools: Pools,
  rules: ReadRules,
  consent: ConsentReader,
): RowReader {
  const { plan, decimal } = survey;
  const { layout, special } = plan;
  const row = emptyRow();
  const at = (field: ExportField): number => plan.columns[field] ?? -1;
  const col = {
    order: at('order_id'),
    customer: at('customer_id'),
    email: at('email'),
    phone: at('phone'),
    orderedAt: at('order_ts'),
    timeZone: at('time_zone'),
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
    birthday: at('birthday'),
  };
  const integerCustomer = layout.integerText.includes('customer_id');
  const shopCurrency = layout.currency ?? rules.currency;
  const defaultCurrency = shopCurrency === undefined ? absent : pools.words.internText(shopCurrency);
  const currencyOfWord = new Map<number, number>();
  const orderNumberOf = createOrderNumbers(plan, pools.orders);
  const { optionalTime, orderedAt, day, birthday } = createTimeReader(survey, rules);
  const idStatuses = Object.entries(layout.idStatuses ?? {}).map(
    ([prefix, status]) => [Buffer.from(prefix), orderStatuses.indexOf(status)] as const,
  );
  const creditNote = orderStatuses.indexOf('credit_note');
  let badColumn = -1;
  let lastCurrency = { ref: absent, code: '', isWhole: false, smallest: 1n };
  const fail = (column: number, reason: RejectReason): RejectReason => {
    badColumn = column;
    return reason;
  };

  const amount = (record: RawRecord, column: number): bigint | RejectReason => {
    if (!hasField(record, column)) return noAmount;
    const { start, end } = trimmed;
    const value = parseAmount(record.bytes, start, end, decimal, currencyCodes);
    if (typeof value === 'string') return saysNothing(textOf(record.bytes, start, end)) ? noAmount : value;
    return value >= largestAmount || value <= -largestAmount ? 'amount_too_large' : value;
  };

  /** What a currency means for amounts; the last one is remembered, because neighbours mostly have the same. */
  const currencyAt = (ref: number): typeof lastCurrency => {
    if (ref !== lastCurrency.ref) {
      const code = ref === absent ? '' : pools.words.text(ref);
      lastCurrency = { ref, code, isWhole: wholeCurrencies.has(code), smallest: smallestAmount(code) };
    }
    return lastCurrency;
  };

  const currencyOfRow = () => currencyAt(row.currency === absent ? defaultCurrency : row.currency);

  /** An amount of money: its sign has to agree with the row's currency, its decimals with the currency's. */
  const money = (record: RawRecord, column: number): bigint | RejectReason => {
    const value = amount(record, column);
    if (typeof value === 'string' || value === noAmount) return value;
    const { currencies } = seenSymbol;
    if (currencies !== null) {
      const stated = row.currency;
      const usual = shopCurrency !== undefined && currencies.has(shopCurrency);
      if (stated !== absent) {
        if (!currencies.has(currencyAt(stated).code)) return 'currency_mismatch';
      } else if (usual) row.currency = defaultCurrency;
      else if (currencies.size === 1) row.currency = pools.words.internText([...currencies][0]!);
      else if (shopCurrency !== undefined) return 'currency_mismatch';
    }
    return currencyOfRow().isWhole && value % 10_000n !== 0n ? 'amount_too_precise' : value;
  };

  /** An amount that was paid: in whole units of the smallest coin. Prices of one article may be finer. */
  const paid = (record: RawRecord, column: number): bigint | RejectReason => {
    const value = money(record, column);
    if (typeof value === 'string' || value === noAmount) return value;
    return value % currencyOfRow().smallest === 0n ? value : 'amount_too_precise';
  };
  const paidOrSummed = plan.amount === 'sum' ? money : paid;

  const currency = (record: RawRecord): number | RejectReason => {
    const word = textRef(record, col.currency, pools.words);
    if (word === absent) return absent;
    let ref = currencyOfWord.get(word);
    if (ref === undefined) {
      const code = currencyNamed(pools.words.text(word), shopCurrency);
      ref = code === null ? absent : pools.words.internText(code);
      currencyOfWord.set(word, ref);
    }
    return ref === absent ? 'bad_currency' : ref;
  };

  const isRepeat = layout.equalIsRepeat && plan.format.kind === 'delimited' ? createRepeatFinder() : null;
  const status = createStatusReader(plan, pools, rules.config);
  const baseTotals = special.baseTotal < 0 ? null : createBaseTotals(plan, row, { amount, money: paid }, shopCurrency);
  const noSaleColumn = createNoSales(plan);
  const { isRefund, readRefunds } = createRefundReader(survey, pools, rules.zone, paid);

  const readIds = (record: RawRecord): RejectReason | null => {
    row.order = absent;
    const order = orderNumberOf(record);
    if (typeof order === 'object') return fail(order.column, order.reason);
    if (order === absent) return fail(col.order, 'missing_order_id');
    row.order = order;
    const customer = idRef(record, col.customer, pools.customers, integerCustomer);
    if (typeof customer === 'string') return fail(col.customer, customer);
    row.customer = customer;
    const email = emailRef(record, col.email, pools.emails);
    if (typeof email === 'string') return fail(col.email, email);
    row.email = email;
    return null;
  };

  const readNoSale = (record: RawRecord): RejectReason | null => {
    const column = noSaleColumn(record);
    return column < 0 ? null : fail(column, 'no_sale');
  };

  const readTimes = (record: RawRecord): RejectReason | null => {
    const placed = orderedAt(record);
    if (placed === 'bad_time_zone') return fail(col.timeZone, placed);
    if (typeof placed === 'string') return fail(col.orderedAt, placed);
    if (placed === noTime && plan.grain === 'order') return fail(col.orderedAt, 'missing_time');
    row.orderedAt = placed;
    if (col.updatedAt >= 0) {
      const updatedAt = optionalTime(record, col.updatedAt);
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

  const readTotal = (record: RawRecord): RejectReason | null => {
    const { parts } = special;
    const total = parts
      ? sumOfParts(record, parts, money)
      : baseTotals
        ? baseTotals.total(record)
        : paidOrSummed(record, col.total);
    if (typeof total === 'string') return fail(col.total, total);
    if (typeof total === 'object') return fail(total.column, total.reason);
    if (total === noAmount && (plan.grain === 'order' || plan.amount === 'sum')) {
      return fail(col.total >= 0 ? col.total : (parts?.add[0] ?? -1), 'missing_amount');
    }
    row.total = total;
    if (layout.negativeIsCreditNote && col.refundedOn < 0) {
      const isDated = total !== noAmount && total < 0n && row.orderedAt !== noTime;
      row.refundedOn = isDated ? rules.zone.dayOf(Number(row.orderedAt / 1_000_000n)) : noDay;
    }
    return null;
  };

  const readMoney = (record: RawRecord): RejectReason | null => {
    const code = currency(record);
    if (typeof code === 'string') return fail(col.currency, code);
    row.currency = code;
    const noTotal = plan.amount === 'lines' && col.total < 0 ? null : readTotal(record);
    if (noTotal !== null) return noTotal;
    if (col.refunded >= 0) {
      const given = baseTotals ? baseTotals.refunded(record) : paid(record, col.refunded);
      const refunded = given === 'currency_mismatch' && amount(record, col.refunded) === 0n ? 0n : given;
      if (typeof refunded === 'string') return fail(col.refunded, refunded);
      row.refunded = refunded === noAmount || refunded >= 0n ? refunded : -refunded;
    }
    if (col.discount >= 0) {
      const discount = money(record, col.discount);
      if (typeof discount === 'string') return fail(col.discount, discount);
      row.discount = discount === noAmount || discount >= 0n ? discount : -discount;
    }
    const unclear = readRefunds(record, row);
    return unclear === null ? null : fail(unclear.column, unclear.reason);
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
    if (col.phone >= 0) row.phone = phoneRef(record, col.phone, pools.phones);
    if (col.firstName >= 0) row.firstName = textRef(record, col.firstName, pools.names);
    if (col.lastName >= 0) row.lastName = textRef(record, col.lastName, pools.names);
    if (col.country >= 0) row.country = textRef(record, col.country, pools.words);
    if (col.channel >= 0) row.channel = textRef(record, col.channel, pools.words);
    row.consent = consent.read(record);
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
      const problem =
        readIds(record) ?? readNoSale(record) ?? readTimes(record) ?? readMoney(record) ?? readLine(record);
      if (problem !== null) return problem;
      const stated = status(record);
      if (typeof stated === 'string') return fail(col.status, stated);
      row.status = isRefund(record) ? creditNote : stated;
      for (const [prefix, status] of idStatuses) {
        if (hasField(record, col.order) && beginsWith(record.bytes, prefix)) row.status = status;
      }
      readPerson(record);
      if (isRepeat) row.isRepeat = isRepeat(record, row.order);
      return null;
    },
    orderOf(record) {
      const order = plan.madeFrom ? absent : orderNumberOf(record);
      return typeof order === 'object' ? absent : order;
    },
  };
}
