import { z } from 'zod';

/** What a column of an export can stand for. */
export const exportFields = [
  'order_id',
  'customer_id',
  'email',
  'phone',
  'order_ts',
  'updated_at',
  'total',
  'currency',
  'status',
  'refunded',
  'refunded_at',
  'cancelled_at',
  'discount',
  'sku',
  'product',
  'category',
  'quantity',
  'unit_price',
  'channel',
  'country',
  'first_name',
  'last_name',
  'accepts_marketing',
  'birthday',
] as const;
export type ExportField = (typeof exportFields)[number];

/** The vocabulary that status words of all layouts are brought to. */
export const orderStatuses = [
  'completed',
  'pending',
  'cancelled',
  'failed',
  'test',
  'refunded',
  'credit_note',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** A column by its header, or by its position from 1. */
const column = z.union([z.string().min(1), z.int().min(1)]);
export type ColumnName = z.infer<typeof column>;

const madeId = z.strictObject({
  /** Columns whose values, joined by `|`, make the order number. */
  made_from: z.array(column).min(1),
  /** Records with the same values: `number` makes each an order of its own, `lines` makes them lines of one order. */
  repeats: z.enum(['number', 'lines']),
});

/** Where fields come from, for exports whose headers do not say so themselves. */
const columnsSchema = z
  .strictObject(
    Object.fromEntries(exportFields.map((field) => [field, column.optional()])) as Record<
      ExportField,
      z.ZodOptional<typeof column>
    >,
  )
  .extend({ order_id: z.union([column, madeId]).optional() });

export const ingestSchema = z.strictObject({
  /** Name of the layout. Left out: recognised by the header. */
  layout: z.string().optional(),
  /** False for exports whose first record is already an order; columns are then given by position. */
  header: z.boolean().default(true),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** Answers what 03/04/2024 means where the file cannot. */
  date_order: z.enum(['day_first', 'month_first']).optional(),
  /** Answers what 1,234 means where the file cannot. */
  decimal_separator: z.enum(['.', ',']).optional(),
  /** Which column is which field; the others are still found by their header. */
  columns: columnsSchema.prefault({}),
  /** Further status words of the shop and what they mean. */
  statuses: z.record(z.string().min(1), z.enum(orderStatuses)).default({}),
  /** When the export was made, where neither its rows nor its name say so. */
  exported_at: z.iso.datetime({ offset: true }).optional(),
  /** Largest share of records that may be rejected before the whole file is refused. */
  max_rejected_pct: z.number().min(0).max(100).default(50),
});

/** Settings of the ingest step. */
export type IngestConfig = z.infer<typeof ingestSchema>;
