import { describe, expect, it } from 'vitest';
import { tables } from '../../lambdas/lake/contract.ts';
import { ingestKey, publishedRunsKey, runPrefix } from '../../lambdas/lake/zones.ts';
import { deployment, templateOf } from './synthesize.ts';

interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
  readonly Comment: string;
}

interface GlueTable {
  readonly Name: string;
  readonly TableType: string;
  readonly Parameters: Record<string, string>;
  readonly PartitionKeys?: GlueColumn[];
  readonly ViewOriginalText?: string;
  readonly StorageDescriptor: {
    readonly Columns: GlueColumn[];
    readonly Location?: unknown;
    readonly InputFormat?: string;
    readonly SerdeInfo: { readonly SerializationLibrary?: string };
  };
}

const template = templateOf(deployment());
const glue = new Map(
  Object.values(template.findResources('AWS::Glue::Table')).map(({ Properties }) => {
    const table = Properties.TableInput as GlueTable;
    return [table.Name, table];
  }),
);

const glueTable = (name: string): GlueTable => {
  const found = glue.get(name);
  if (!found) throw new Error(`Glue has no table ${name}`);
  return found;
};

/** The bucket and the folder that a table lies in. */
function place(table: GlueTable): { bucket: string; folder: string } {
  const location = JSON.stringify(table.StorageDescriptor.Location);
  const [, bucket = '', folder = ''] =
    /"s3:\/\/",\{"Ref":"Storage([A-Za-z]+)[0-9A-F]{8}"\},"\/([^"]+)"/.exec(location) ?? [];
  return { bucket, folder };
}

const isRun = (kind: string) => kind === 'run';
const types = (columns: readonly GlueColumn[] = []) => columns.map(({ Name, Type }) => `${Name} ${Type}`);

it('holds every table and a view for each run table, and nothing else', () => {
  const runs = tables.filter((table) => isRun(table.kind));
  expect([...glue.keys()].sort()).toEqual(
    [
      ...tables.map((table) => (isRun(table.kind) ? `${table.name}_runs` : table.name)),
      ...runs.map((table) => table.name),
    ].sort(),
  );
  expect(runs.length).toBeGreaterThan(10);
});

it('spells the types of the contract as Hive does', () => {
  const columns = types(glueTable('order_versions').StorageDescriptor.Columns);
  expect(columns).toEqual(
    expect.arrayContaining([
      'order_id string',
      'record_no bigint',
      'ordered_at timestamp',
      'order_date date',
      'gross_amount decimal(18,4)',
      'line_count int',
    ]),
  );
  expect(types(glueTable('receipts').StorageDescriptor.Columns)).toContain('has_updated_at boolean');
  expect(types(glueTable('churn_scores_runs').StorageDescriptor.Columns)).toContain('churn_probability double');
});

describe.each(tables.map((table) => [table.name, table] as const))('%s', (name, table) => {
  const stored = glueTable(isRun(table.kind) ? `${name}_runs` : name);

  it('has the columns of the contract, in order, each with its meaning', () => {
    const columns = stored.StorageDescriptor.Columns;
    expect(columns.map((column) => column.Name)).toEqual(Object.keys(table.columns));
    for (const { Name, Comment } of columns) {
      expect(Comment).toContain(table.columns[Name]?.meaning);
      expect(Comment.length, `${name}.${Name}`).toBeLessThanOrEqual(255);
    }
  });

  it('is partitioned by night and run exactly when runs compute it', () => {
    expect(types(stored.PartitionKeys)).toEqual(isRun(table.kind) ? ['as_of date', 'run_id string'] : []);
  });

  it('lies where its objects are written, in the bucket of its kind', () => {
    const { bucket, folder } = place(stored);
    const run = { asOf: 20_000, runId: 'r1', attempt: 1 };
    const key = {
      run: `${runPrefix(table, run)}part.parquet`,
      pointer: publishedRunsKey,
      ingested: ingestKey(table, 'i1'),
      append: ingestKey(table, 'i1'),
    }[table.kind];
    expect(bucket).toBe(table.personal ? 'Personal' : 'Lake');
    expect(folder).toMatch(new RegExp(`(^|/)${name}/$`));
    expect(key.startsWith(folder)).toBe(true);
    if (isRun(table.kind)) expect(key.slice(folder.length)).toMatch(/^as_of=/);
  });

  it('is read in its format', () => {
    const { InputFormat, SerdeInfo } = stored.StorageDescriptor;
    const isParquet = table.format === 'parquet';
    expect(InputFormat).toContain(isParquet ? 'MapredParquetInputFormat' : 'TextInputFormat');
    expect(SerdeInfo.SerializationLibrary).toContain(isParquet ? 'ParquetHiveSerDe' : 'JsonSerDe');
    expect(stored.Parameters.classification).toBe(table.format);
  });
});

describe.each(tables.filter((table) => isRun(table.kind)).map((table) => [table.name, table] as const))(
  'the view %s',
  (name, table) => {
    const view = glueTable(name);

    it('says what Athena needs to expand it', () => {
      expect(view.TableType).toBe('VIRTUAL_VIEW');
      expect(view.Parameters.presto_view).toBe('true');
      const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view.ViewOriginalText ?? '') ?? [];
      const definition = JSON.parse(Buffer.from(encoded, 'base64').toString()) as {
        originalSql: string;
        catalog: string;
        schema: string;
        columns: { name: string }[];
      };
      const columns = [...Object.keys(table.columns), 'as_of', 'run_id'];
      expect(definition).toMatchObject({ catalog: 'awsdatacatalog', schema: 'winback_test' });
      expect(definition.columns.map((column) => column.name)).toEqual(columns);
      expect(definition.originalSql).toContain(`from ${name}_runs as r`);
      expect(definition.originalSql).toContain('where p.is_current');
      expect(view.StorageDescriptor.Columns.map((column) => column.Name)).toEqual(columns);
    });
  },
);
