import type { ExportField, OrderStatus } from '../../platform/config/ingest.ts';
import type { DecimalSeparator } from '../values/amount.ts';
import type { DateOrder } from '../values/written-time.ts';

/** A further column whose words say something about the order that its status does not. */
export interface Condition {
  /** Headers of the column, the preferred one first. */
  readonly headers: readonly string[];
  /** What its words, in lower case, make of an order that is otherwise completed; other words say nothing. */
  readonly statuses: Readonly<Record<string, OrderStatus>>;
}

/** How one kind of export is read: data only. */
export interface Layout {
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /**
   * Sets of headers that only this layout has: a file that has all of one set is of this layout, and of several layouts
   * the one with the largest set. Empty for the generic one.
   */
  readonly signatures: readonly (readonly string[])[];
  /** Headers of each field, the preferred one first; compared by letters and digits alone. */
  readonly fields: Readonly<Partial<Record<ExportField, readonly string[]>>>;
  /** Groups of fields of which the file must have at least one each. */
  readonly required: readonly (readonly ExportField[])[];
  /** What to do about a missing field, where it is more than mapping it. */
  readonly advice?: Readonly<Partial<Record<ExportField, string>>>;
  /** What a record is: an order, a line of an order, or a line where the file has columns of lines. */
  readonly grain: 'order' | 'line' | 'by_columns';
  /**
   * Where the amount of an order comes from: its own column, the sum of quantity × unit price, or the sum of what its
   * records state.
   */
  readonly amount: 'total' | 'lines' | 'total_else_lines' | 'sum';
  /**
   * Columns that make the total of a record together, where no column states it: headers of each, the first one added
   * being indispensable. Discounts are taken off whatever their sign.
   */
  readonly parts?: { readonly add: readonly (readonly string[])[]; readonly subtract: readonly (readonly string[])[] };
  /** Headers of the total in the currency that the shop keeps its books in, beside one in the currency of the purchase. */
  readonly baseTotals?: readonly string[];
  /** Headers of totals from which refunds are off already. */
  readonly netTotals?: readonly string[];
  /** A total as it is after refunds; blank where there were none. */
  readonly totalAfterRefunds?: {
    readonly headers: readonly string[];
    /** Whether 0 says that nothing is left, or is also written where nothing was refunded. */
    readonly zero: 'refunded' | 'unclear';
  };
  /** Column that tells of refunds in a usual export, as the platform writes it; files without it are warned of. */
  readonly refundColumn?: string;
  /** Headers of a list of refunds as `amount:5.00|reason:…|date:2024-01-05 10:00:00;amount:…`, dates in UTC. */
  readonly refundList?: readonly string[];
  /** Column whose words, in lower case, say that a record is a refund of its order, or alone a credit note. */
  readonly refundRecords?: { readonly headers: readonly string[]; readonly words: readonly string[] };
  /** Headers of a name that an order's records share; order numbers stand on the first of them alone. */
  readonly orderName?: readonly string[];
  /** Columns whose words, in lower case, begin so in records of something that was not sold on the platform. */
  readonly noSales?: readonly { readonly headers: readonly string[]; readonly begins: readonly string[] }[];
  /** True when a record without order number, time and total is a further line of the order above it. */
  readonly blankContinues?: boolean;
  /** Clock of times without offset. */
  readonly clock: 'shop' | 'utc';
  /** Order of day and month in this platform's dates, where the file does not prove another; years stand last. */
  readonly dateOrder?: DateOrder;
  /** Decimal separator of this platform's amounts, where the file does not prove another. */
  readonly decimal?: DecimalSeparator;
  /** True when each record carries a number of its own, so that an equal one is a repeat and no further line. */
  readonly equalIsRepeat?: boolean;
  /** Currency where the file has no column for it. */
  readonly currency?: string;
  /** Status words, in lower case; a blank status is `completed`. */
  readonly statuses: Readonly<Record<string, OrderStatus>>;
  readonly conditions?: readonly Condition[];
  /** Statuses of orders whose numbers begin so. */
  readonly idStatuses?: Readonly<Record<string, OrderStatus>>;
  /** True when an order with a negative total is a credit note. */
  readonly negativeIsCreditNote: boolean;
  /** Fields whose whole numbers may be written as 13085.0. */
  readonly integerText: readonly ExportField[];
  /** True when a person without a reason is not suppressed, unless the consent says so. */
  readonly blankReasonIsNone?: boolean;
}

/** A known export that cannot be used, and why. */
export interface RefusedLayout {
  readonly title: string;
  /** Sets of headers, as of layouts. */
  readonly signatures: readonly (readonly string[])[];
  /** Whether it tells of orders without their customers, or of something else. */
  readonly lacks: 'customers' | 'orders';
  readonly why: string;
  readonly next: string;
}

/** A header reduced to its letters and digits in lower case, so that `Order ID`, `order_id` and `OrderId` are one. */
export const headerKey = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]/gu, '');
