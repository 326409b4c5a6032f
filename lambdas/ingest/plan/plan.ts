import type { ColumnName, ExportField, IngestConfig } from '../../platform/config/ingest.ts';
import { ConfigError } from '../../platform/errors.ts';
import type { FileSettings } from '../layouts/kinds.ts';
import type { Layout } from '../layouts/layout.ts';
import { headerKey } from '../layouts/layout.ts';
import type { Dialect } from '../records/delimited.ts';
import type { JsonShape } from '../records/json-cutter.ts';
import { locateSpecial, type SpecialColumns } from './special.ts';

/** How records are written: as delimited text, as JSON objects whose members are the columns, or as rows of Parquet. */
export type Format = ({ readonly kind: 'delimited' } & Dialect) | JsonShape | { readonly kind: 'parquet' };

/** How the records of one file are read: a layout bound to the file's columns. */
export interface Plan {
  readonly layout: Layout;
  readonly format: Format;
  /** Headers as written, or made-up names where the file has none. */
  readonly header: readonly string[];
  /** Records before the first order: preamble and header. */
  readonly skip: number;
  /** Fields of a record: as many as the header has, unless header or records end with blank columns. */
  readonly width: number;
  /** Position of each field's column, from 0. */
  readonly columns: Readonly<Partial<Record<ExportField, number>>>;
  /** Columns that make the order number, where no column is one. */
  readonly madeFrom: { readonly columns: readonly number[]; readonly repeats: 'number' | 'lines' } | null;
  /** Columns that only this layout has. */
  readonly special: SpecialColumns;
  readonly grain: 'order' | 'line';
  readonly amount: 'total' | 'lines' | 'sum';
  /** True when the file has columns of articles. */
  readonly hasLines: boolean;
  /** Pairs of columns with the same header, of which one is read; they have to agree in every record. */
  readonly twins: readonly (readonly [number, number])[];
}

/** A layout's fit to a header. */
export interface Fit {
  readonly layout: Layout;
  readonly columns: Partial<Record<ExportField, number>>;
  readonly madeFrom: Plan['madeFrom'];
  readonly special: SpecialColumns;
  readonly twins: readonly (readonly [number, number])[];
  /** Required fields that the header does not have, in words. */
  readonly missing: readonly string[];
  /** The same as fields. */
  readonly missingFields: readonly ExportField[];
}

const lineFields: readonly ExportField[] = ['sku', 'product', 'category', 'quantity', 'unit_price'];

/** Position of a named column, or -1. */
function locate(name: ColumnName, keys: readonly string[]): number {
  if (typeof name === 'number') return name <= keys.length ? name - 1 : -1;
  return keys.indexOf(headerKey(name));
}

/** A group of fields as the layout's exports call them; as fields where the user has to map them. */
function inWords({ signatures, fields, parts }: Layout, group: readonly ExportField[]): string {
  const header = (field: ExportField): string | undefined =>
    fields[field]?.[0] ?? (field === 'total' ? parts?.add[0]?.[0] : undefined);
  const headers = signatures.length === 0 ? group : group.map(header).filter((name) => name !== undefined);
  return headers.join(' or ');
}

/** Fits a layout and the user's mapping to a header; the fit says what is missing. */
function fitLayout(layout: Layout, header: readonly string[], config: IngestConfig): Fit {
  const keys = header.map(headerKey);
  const columns: Partial<Record<ExportField, number>> = {};
  const twins: [number, number][] = [];
  const missing: string[] = [];
  let madeFrom: Fit['madeFrom'] = null;

  for (const [field, names] of Object.entries(layout.fields) as [ExportField, readonly string[]][]) {
    if (!config.header || config.columns[field] !== undefined) continue;
    const position = names.map((name) => keys.indexOf(headerKey(name))).find((at) => at >= 0);
    if (position === undefined || Object.values(columns).includes(position)) continue;
    columns[field] = position;
    for (let at = position + 1; at < keys.length; at++) if (keys[at] === keys[position]) twins.push([position, at]);
  }
  for (const [field, name] of Object.entries(config.columns) as [ExportField, IngestConfig['columns']['order_id']][]) {
    if (name === undefined) continue;
    if (typeof name === 'object') {
      const parts = name.made_from.map((part) => locate(part, keys));
      name.made_from.forEach((part, i) => {
        if (parts[i]! < 0) missing.push(`"${part}" (mapped to ${field})`);
      });
      madeFrom = { columns: parts, repeats: name.repeats };
      continue;
    }
    const position = locate(name, keys);
    if (position < 0) missing.push(`"${name}" (mapped to ${field})`);
    else columns[field] = position;
  }
  for (const field of ['email', 'phone'] as const) {
    const position = columns[field];
    if (position === undefined || !madeFrom?.columns.includes(position)) continue;
    throw new ConfigError(
      `ingest.columns.order_id: made_from may not use ${header[position]}, which holds contact data`,
      'Order numbers are stored where analysts read; make them from the customer id or another column.',
    );
  }
  const special = locateSpecial(layout, keys, columns, config.columns);
  const netTotals = (layout.netTotals ?? []).map(headerKey);
  if (columns.total !== undefined && netTotals.includes(keys[columns.total]!)) delete columns.refunded;
  const has = (field: ExportField): boolean =>
    columns[field] !== undefined ||
    (field === 'order_id' && (madeFrom !== null || special.orderName >= 0)) ||
    (field === 'total' && special.parts !== null);
  const missingGroups = layout.required.filter((group) => !group.some(has));
  for (const group of missingGroups) missing.push(inWords(layout, group));
  if (layout.amount === 'total_else_lines' && !has('total') && has('unit_price') && !has('quantity')) {
    missing.push('total or quantity');
  }
  return { layout, columns, madeFrom, special, twins, missing, missingFields: missingGroups.flat() };
}

/** A mapping without the columns that a header lacks. */
function columnsThere(columns: IngestConfig['columns'], header: readonly string[]): IngestConfig['columns'] {
  const keys = header.map(headerKey);
  const isThere = (from: IngestConfig['columns']['order_id']): boolean =>
    from !== undefined && (typeof from === 'object' || locate(from, keys) >= 0);
  return Object.fromEntries(Object.entries(columns).filter(([, from]) => isThere(from)));
}

/**
 * The fit of a layout to the header of a file. Of a file of people, mapped columns that the header lacks do not count as
 * long as nothing else is missing: the mapping may have been made for the shop's orders.
 */
export function fitFile(layout: Layout, header: readonly string[], config: FileSettings): Fit {
  if (config.kind === 'orders') return fitLayout(layout, header, config);
  const fit = fitLayout(layout, header, { ...config, columns: columnsThere(config.columns, header) });
  return fit.missing.length === 0 ? fit : fitLayout(layout, header, config);
}

/** Position of the column that dates a record: the order, or what a person told; -1 where there is none. */
export const timeColumnOf = ({ columns }: Pick<Plan, 'columns'>): number => columns.order_ts ?? columns.told_at ?? -1;

/** How many fields of a layout a header has. */
export const fitSize = (fit: Fit): number => Object.keys(fit.columns).length + (fit.madeFrom ? 1 : 0);

/** How many columns of the largest signature that the header has in full; 0 where it has none. */
export function signatureSize(signatures: readonly (readonly string[])[], header: readonly string[]): number {
  const keys = new Set(header.map(headerKey));
  const found = signatures.filter((signature) => signature.every((name) => keys.has(headerKey(name))));
  return Math.max(0, ...found.map((signature) => signature.length));
}

/** Columns of a signature that a header has to have for the one that it lacks to be missed. */
const fewestSigns = 4;

/** The layout of whose signatures a header lacks a single column, and that column; null where there is none, or several. */
export function almostSigned(
  layouts: readonly Layout[],
  header: readonly string[],
): { readonly layout: Layout; readonly columns: readonly string[] } | null {
  const keys = new Set(header.map(headerKey));
  const close = layouts.flatMap((layout) =>
    layout.signatures
      .map((signature) => ({ layout, signature, columns: signature.filter((name) => !keys.has(headerKey(name))) }))
      .filter(({ signature, columns }) => columns.length === 1 && signature.length > fewestSigns),
  );
  const [first] = close;
  return first && close.every(({ layout }) => layout === first.layout) ? first : null;
}

/** The plan of a complete fit. */
export function planOf(fit: Fit, header: readonly string[], skip: number, format: Format): Plan {
  const { layout, columns, madeFrom, special, twins } = fit;
  const hasLines = lineFields.some((field) => columns[field] !== undefined);
  const byColumns = hasLines ? 'line' : 'order';
  const grain = layout.grain === 'by_columns' ? byColumns : layout.grain;
  const amount =
    layout.amount === 'total_else_lines' ? (columns.total === undefined ? 'lines' : 'total') : layout.amount;
  return {
    layout,
    format,
    header,
    skip,
    width: header.length,
    columns,
    madeFrom,
    special,
    grain: madeFrom?.repeats === 'number' ? 'order' : madeFrom?.repeats === 'lines' ? 'line' : grain,
    amount,
    hasLines,
    twins,
  };
}
