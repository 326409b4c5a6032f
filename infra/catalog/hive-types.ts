import type { Column, ColumnType } from '../../lambdas/lake/column.ts';

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

/** Columns as the Glue catalog wants them, each with its meaning. */
export const glueColumns = (columns: Readonly<Record<string, Column>>) =>
  Object.entries(columns).map(([name, { type, meaning, unit }]) => ({
    name,
    type: hiveTypes[type],
    comment: unit ? `${meaning} In ${unit}.` : meaning,
  }));
