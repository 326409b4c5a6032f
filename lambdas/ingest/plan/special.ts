import type { ExportField, OrderStatus } from '../../platform/config/ingest.ts';
import { headerKey, type Layout } from '../layouts/layout.ts';

/** Columns of a file that only some layouts have; -1 where there is none. */
export interface SpecialColumns {
  /** Columns that make the total of a record together; null where one column states it. */
  readonly parts: {
    readonly add: readonly number[];
    readonly subtract: readonly number[];
    /** Headers of those that the file does not have. */
    readonly missing: readonly string[];
  } | null;
  readonly baseTotal: number;
  readonly totalAfterRefunds: number;
  readonly refundList: number;
  readonly refundRecords: { readonly column: number; readonly words: ReadonlySet<string> } | null;
  readonly noSales: readonly { readonly column: number; readonly begins: readonly string[] }[];
  readonly orderName: number;
  readonly conditions: readonly {
    readonly column: number;
    readonly statuses: Readonly<Record<string, OrderStatus>>;
  }[];
  /** Columns of an order list that could be the total as well as the one that is read. */
  readonly otherTotals: readonly number[];
}

/**
 * Finds the special columns of a layout in a file's headers, given as keys.
 * @param columns positions of the fields that are known: where one states an amount, nothing else is asked for it
 * @param mapped fields whose columns the user named
 */
export function locateSpecial(
  layout: Layout,
  keys: readonly string[],
  columns: Readonly<Partial<Record<ExportField, number>>>,
  mapped: Readonly<Partial<Record<ExportField, unknown>>>,
): SpecialColumns {
  const first = (names: readonly string[] = []): number =>
    names.map((name) => keys.indexOf(headerKey(name))).find((at) => at >= 0) ?? -1;
  const found = (group: readonly (readonly string[])[]): number[] => group.map(first).filter((at) => at >= 0);
  const { parts, refundRecords, totalAfterRefunds } = layout;
  const refundColumn = first(refundRecords?.headers);
  const baseTotal = mapped.total === undefined ? first(layout.baseTotals) : -1;
  const isOneOfSeveral = columns.total !== undefined && mapped.total === undefined && layout.signatures.length === 0;
  /** False for a second column of statuses where the user named the first. */
  const isFree = (column: number): boolean =>
    column >= 0 &&
    column !== columns.status &&
    (mapped.status === undefined || !(layout.fields.status ?? []).some((name) => headerKey(name) === keys[column]));
  const isSum = columns.total === undefined && first(parts?.add[0]) >= 0;
  return {
    parts:
      parts && isSum
        ? {
            add: found(parts.add),
            subtract: found(parts.subtract),
            missing: [...parts.add, ...parts.subtract].filter((names) => first(names) < 0).map(([name = '']) => name),
          }
        : null,
    baseTotal: baseTotal === columns.total ? -1 : baseTotal,
    totalAfterRefunds: columns.refunded === undefined ? first(totalAfterRefunds?.headers) : -1,
    refundList: columns.refunded === undefined ? first(layout.refundList) : -1,
    refundRecords:
      refundRecords && refundColumn >= 0 ? { column: refundColumn, words: new Set(refundRecords.words) } : null,
    noSales: (layout.noSales ?? [])
      .map(({ headers, begins }) => ({ column: first(headers), begins }))
      .filter(({ column }) => column >= 0),
    orderName: first(layout.orderName),
    conditions: (layout.conditions ?? [])
      .map(({ headers, statuses }) => ({ column: first(headers), statuses }))
      .filter(({ column }) => isFree(column)),
    otherTotals: isOneOfSeveral
      ? found((layout.fields.total ?? []).map((name) => [name])).filter((at) => at !== columns.total)
      : [],
  };
}

/** Every special column that a file has. */
export const specialPositions = (special: SpecialColumns): number[] =>
  [
    ...(special.parts?.add ?? []),
    ...(special.parts?.subtract ?? []),
    special.baseTotal,
    special.totalAfterRefunds,
    special.refundList,
    special.refundRecords?.column ?? -1,
    ...special.noSales.map(({ column }) => column),
    special.orderName,
    ...special.conditions.map(({ column }) => column),
    ...special.otherTotals,
  ].filter((at) => at >= 0);

/** The special columns of a file by what they are read for. */
export function specialNames(special: SpecialColumns, header: readonly string[]): Record<string, string> {
  const { parts, refundRecords } = special;
  const name = (at: number): string => header[at] ?? '';
  const names: Record<string, readonly number[]> = {
    total_base: [special.baseTotal],
    total_after_refunds: [special.totalAfterRefunds],
    refund_list: [special.refundList],
    refund_records: [refundRecords?.column ?? -1],
    order_name: [special.orderName],
    no_sale: special.noSales.map(({ column }) => column),
    status_also: special.conditions.map(({ column }) => column),
  };
  const joined = Object.entries(names).map(
    ([use, at]) =>
      [
        use,
        at
          .filter((i) => i >= 0)
          .map(name)
          .join(', '),
      ] as const,
  );
  const total = parts && [parts.add.map(name).join(' + '), ...parts.subtract.map(name)].join(' - ');
  return { ...(total !== null && { total }), ...Object.fromEntries(joined.filter(([, text]) => text !== '')) };
}
