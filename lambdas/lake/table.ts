import { type Columns, date, type RowOf, text } from './column.ts';

/**
 * - `ingested`: append-only, one object per table and ingest, named by the ingest
 * - `run`: computed by a night; stored as `<name>_runs`, read through the view `<name>` once published
 * - `append`: one object per event, never replaced
 * - `pointer`: one object, replaced by a conditional write
 */
export type TableKind = 'ingested' | 'run' | 'append' | 'pointer';

export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly kind: TableKind;
  readonly format: 'parquet' | 'json';
  /** "One … per …": what one row stands for. */
  readonly grain: string;
  /** The columns that name a row; the order in which rows are stored. */
  readonly key: readonly string[];
  /** True when the table holds contact data: it then lives under its own prefix, bucket and key, not for analysts. */
  readonly personal: boolean;
  readonly columns: C;
}

export type TableRow<T extends Table> = RowOf<T['columns']>;

/** Columns that every run table has besides its own, taken from the name of its partition. */
export const partitionColumns = {
  as_of: date('Last complete day of the night.'),
  run_id: text('The run that computed the row.'),
} as const;

/** A table's name in the catalog: run tables are stored under one name and read, once published, under another. */
export const storedName = (table: Table): string => (table.kind === 'run' ? `${table.name}_runs` : table.name);

export const defineTable = <const C extends Columns>(
  table: Omit<Table<C>, 'format' | 'personal' | 'key'> &
    Partial<Pick<Table<C>, 'format' | 'personal'>> & { readonly key: readonly (keyof C & string)[] },
): Table<C> => ({ format: 'parquet', personal: false, ...table });
