import { z } from 'zod';

/** What a column of an export can stand for. */
const exportFields = [
  'order_id',
  'customer_id',
  'email',
  'phone',
  'order_ts',
  'order_time',
  'time_zone',
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
  'told_at',
  'score',
  'nps',
  'csat',
  'question',
  'theme',
  'reason',
  'unsubscribed',
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
const column = z.union([z.string().min(1), z.int().min(1)], 'must be a header in quotation marks or a position from 1');
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
  .extend({
    order_id: z
      .union([column, madeId], 'must be a header, a position from 1, or an object with made_from and repeats')
      .optional(),
  });

/** Encodings that a setting may state. Their names are those of the WHATWG Encoding Standard. */
const statedEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'iso-8859-1',
  'iso-8859-2',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-874',
  'koi8-r',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-kr',
] as const;
export type Encoding = (typeof statedEncodings)[number];

/** The questions of surveys that are understood: would recommend (0 to 10), and satisfied (1 to 5). */
export const surveyQuestions = ['nps', 'csat'] as const;
export type SurveyQuestion = (typeof surveyQuestions)[number];

const surveySchema = z.strictObject({
  /** The question of scores whose column does not say it. */
  question: z.enum(surveyQuestions).optional(),
});

const reading = {
  /** Name of the layout. Left out: recognised by the header. */
  layout: z.string(),
  /** False for exports whose first record is already an order; columns are then given by position. */
  header: z.boolean(),
  delimiter: z.enum([',', ';', '\t', '|']),
  /** Says what the bytes of 8-bit text stand for, which they cannot prove. */
  encoding: z.enum(statedEncodings),
  /** Answers what 03/04/2024 means where the file cannot. */
  date_order: z.enum(['day_first', 'month_first']),
  /** Answers what 1,234 means where the file cannot. */
  decimal_separator: z.enum(['.', ',']),
  /** Which column is which field; the others are still found by their header. */
  columns: columnsSchema,
  /** Further status words of the shop and what they mean. */
  statuses: z.record(z.string().min(1), z.enum(orderStatuses)),
  /** Further words of consent of the shop and what they mean. */
  consents: z.record(z.string().min(1), z.enum(['yes', 'no'])),
  /** When the export was made, where neither its rows nor its name say so. */
  exported_at: z.iso.datetime({ offset: true, error: 'must be a time with offset such as "2026-08-31T22:00:00Z"' }),
  /** Largest share of records that may be rejected before the whole file is refused. */
  max_rejected_pct: z.number().min(0).max(100),
  survey: surveySchema,
};

/** What is read otherwise in some files than in the rest. */
const filesSchema = z.strictObject({
  /** Pattern of the file's name, in which * stands for any signs and ? for one; case does not count. */
  match: z.string().min(1),
  ...z.object(reading).partial().shape,
});

export const ingestSchema = z.strictObject({
  layout: reading.layout.optional(),
  header: reading.header.default(true),
  delimiter: reading.delimiter.optional(),
  encoding: reading.encoding.optional(),
  date_order: reading.date_order.optional(),
  decimal_separator: reading.decimal_separator.optional(),
  columns: reading.columns.prefault({}),
  statuses: reading.statuses.default({}),
  consents: reading.consents.default({}),
  exported_at: reading.exported_at.optional(),
  max_rejected_pct: reading.max_rejected_pct.default(50),
  survey: reading.survey.prefault({}),
  /** Settings of files whose name fits a pattern; the first that fits counts, and each outranks the general one. */
  files: z.array(filesSchema).default([]),
});

/** Settings of the ingest step. */
export type IngestConfig = z.infer<typeof ingestSchema>;

const fits = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[^*?]/g, (sign) => sign.replace(/[\\^$.|+()[\]{}]/, '\\$&'))
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
    'isu',
  ).test(name);

/** The settings that hold for one file: the general ones, with those of the first pattern that fits its name put over them. */
export function ingestOf({ files, ...general }: IngestConfig, fileName: string): IngestConfig {
  const name = fileName.split(/[/\\]/).at(-1)!;
  const { match: _, ...own } = files.find(({ match }) => fits(match, name)) ?? { match: '' };
  return { ...general, ...own, files: [] };
}
