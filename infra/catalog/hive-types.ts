import { type Column, type ColumnType, date, text } from '../../lambdas/lake/column.ts';
import type { partitionColumns, Table } from '../../lambdas/lake/table.ts';

/** How a column type is spelled in the Glue catalog. */
export const hiveTypes: Readonly<Record<ColumnType, string>> = {
  varchar: 'string',
  boolean: 'boolean',
  integer: 'int',
  bigint: 'bigint',
  double: 'double',
  date: 'date',
  timestamp: 'timestamp',
  money: 'decimal(18,4)',
};

/** The columns that a run table gets from the names of its partitions. */
export const partitions: Readonly<Record<(typeof partitionColumns)[number], Column>> = {
  as_of: date('Last complete day of the night.'),
  run_id: text('The run that computed the row.'),
};

/** A table's name in the catalog: run tables are stored under one name and read, once published, under another. */
export const storedName = (table: Table): string => (table.kind === 'run' ? `${table.name}_runs` : table.name);

/** Columns as the Glue catalog wants them, each with its meaning. */
export const glueColumns = (columns: Readonly<Record<string, Column>>) =>
  Object.entries(columns).map(([name, { type, meaning, unit }]) => ({
    name,
    type: hiveTypes[type],
    comment: unit ? `${meaning} In ${unit}.` : meaning,
  }));
