import type { ExportField, OrderStatus } from '../../platform/config/ingest.ts';

/** How one kind of export is read: data only. */
export interface Layout {
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** Headers that only this layout has, all of them; the layout with most of them wins. Empty for the generic one. */
  readonly signature: readonly string[];
  /** Headers of each field, the preferred one first; compared by letters and digits alone. */
  readonly fields: Readonly<Partial<Record<ExportField, readonly string[]>>>;
  /** Groups of fields of which the file must have at least one each. */
  readonly required: readonly (readonly ExportField[])[];
  /** What a record is: an order, a line of an order, or a line where the file has columns of lines. */
  readonly grain: 'order' | 'line' | 'by_columns';
  /** Where the amount of an order comes from: its own column, or the sum of quantity × unit price. */
  readonly amount: 'total' | 'lines' | 'total_else_lines';
  /** Clock of times without offset. */
  readonly clock: 'shop' | 'utc';
  /** Currency where the file has no column for it. */
  readonly currency?: string;
  /** Status words, in lower case; a blank status is `completed`. */
  readonly statuses: Readonly<Record<string, OrderStatus>>;
  /** Order numbers that begin so are credit notes. */
  readonly creditNotePrefix?: string;
  /** True when an order with a negative total is a credit note. */
  readonly negativeIsCreditNote: boolean;
  /** Fields whose whole numbers may be written as 13085.0. */
  readonly integerText: readonly ExportField[];
}

/** A known export that cannot be used, and why. */
export interface RefusedLayout {
  readonly title: string;
  readonly signature: readonly string[];
  readonly why: string;
  readonly next: string;
}

/** A header reduced to its letters and digits in lower case, so that `Order ID`, `order_id` and `OrderId` are one. */
export const headerKey = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]/gu, '');
