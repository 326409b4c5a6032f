import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { sqlTypes } from '../../lambdas/lake/column.ts';
import { publishedViewSql } from '../../lambdas/lake/published-view.ts';
import { partitionColumns, type Table } from '../../lambdas/lake/table.ts';
import { glueColumns } from './hive-types.ts';

/** The catalog that Athena calls Glue by. */
const glueCatalog = 'awsdatacatalog';

/**
 * The view that shows the current published run of a run table. Athena keeps a view in the Glue catalog the way Trino's
 * Hive connector does: its definition as JSON, in base64, inside of a comment. Whoever reads it needs the right to read
 * the tables beneath.
 */
export function publishedView(table: Table, database: string): CfnTable.TableInputProperty {
  const columns = { ...table.columns, ...partitionColumns };
  const definition = {
    originalSql: publishedViewSql(table),
    catalog: glueCatalog,
    schema: database,
    columns: Object.entries(columns).map(([name, { type }]) => ({ name, type: sqlTypes[type] })),
    runAsInvoker: true,
  };
  return {
    name: table.name,
    description: `${table.grain} The current published night.`,
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    viewExpandedText: '/* Presto View */',
    partitionKeys: [],
    storageDescriptor: { columns: glueColumns(columns) },
  };
}
