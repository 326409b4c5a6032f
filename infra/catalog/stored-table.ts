import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { partitionColumns, storedName, type Table } from '../../lambdas/lake/table.ts';
import { tableLocation } from '../../lambdas/lake/zones.ts';
import { glueColumns } from './hive-types.ts';

const formats = {
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
  json: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
} as const;

/** A table of the contract as the Glue catalog describes it, over objects in a bucket. */
export function storedTable(table: Table, bucketUri: string): CfnTable.TableInputProperty {
  return {
    name: storedName(table),
    description: table.grain,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE', classification: table.format },
    partitionKeys: table.kind === 'run' ? glueColumns(partitionColumns) : [],
    storageDescriptor: {
      ...formats[table.format],
      columns: glueColumns(table.columns),
      location: `${bucketUri}/${tableLocation(table)}`,
    },
  };
}
