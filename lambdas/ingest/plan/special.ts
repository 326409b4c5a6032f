import type { OrderStatus } from '../../platform/config/ingest.ts';
import { headerKey, type Layout } from '../layouts/layout.ts';

/** Columns of a file that only some layouts have; -1 where there is none. */
export interface SpecialColumns {
  /** Columns that make the total of a record together; null where one column states it. */
  readonly parts: { readonly add: readonly number[]; readonly subtract: readonly number[] } | null;
  readonly totalAfterRefunds: number;
  readonly refundList: number;
  readonly refundRecords: { readonly column: number; readonly words: ReadonlySet<string> } | null;
  readonly orderName: number;
  readonly conditions: readonly {
    readonly column: number;
    readonly statuses: Readonly<Record<string, OrderStatus>>;
  }[];
}

/** Finds the special columns of a layout in a file's headers, given as keys. */
export function locateSpecial(layout: Layout, keys: readonly string[]): SpecialColumns {
  const every = (names: readonly string[] = []): number[] =>
    names.map((name) => keys.indexOf(headerKey(name))).filter((at) => at >= 0);
  const first = (names: readonly string[] = []): number => every(names)[0] ?? -1;
  const { parts, refundRecords } = layout;
  const refundColumn = first(refundRecords?.headers);
  return {
    parts: parts ? { add: every(parts.add), subtract: every(parts.subtract) } : null,
    totalAfterRefunds: first(layout.totalAfterRefunds),
    refundList: first(layout.refundList),
    refundRecords:
      refundRecords && refundColumn >= 0 ? { column: refundColumn, words: new Set(refundRecords.words) } : null,
    orderName: first(layout.orderName),
    conditions: (layout.conditions ?? [])
      .map(({ headers, statuses }) => ({ column: first(headers), statuses }))
      .filter(({ column }) => column >= 0),
  };
}

/** Every special column that a file has. */
export const specialPositions = (special: SpecialColumns): number[] =>
  [
    ...(special.parts?.add ?? []),
    ...(special.parts?.subtract ?? []),
    special.totalAfterRefunds,
    special.refundList,
    special.refundRecords?.column ?? -1,
    special.orderName,
    ...special.conditions.map(({ column }) => column),
  ].filter((at) => at >= 0);
