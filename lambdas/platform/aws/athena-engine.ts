import type { AthenaClient, QueryExecution } from '@aws-sdk/client-athena';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { type Columns, type ColumnType, integer, type RowOf, text } from '../../lake/column.ts';
import { tables } from '../../lake/contract.ts';
import { isoDate, parseIsoDate } from '../../lake/day.ts';
import { storedName, type Table } from '../../lake/table.ts';
import { type Run, type RunName, runPrefix } from '../../lake/zones.ts';
import { leastBilledBytes } from '../cost.ts';
import { LakeAccessError, QueryError } from '../errors.ts';
import { footerBytes, NoParquetFooter, rowsInFooter } from '../parquet-footer.ts';
import { type Partition, type QueryEngine, type ResultShape, shapedSql } from '../query-engine.ts';
import { type Statement, tablesRead } from '../statement.ts';
import { type Patience, type QueryPlace, runQuery } from './athena-query.ts';
import { resultRecords } from './result-csv.ts';
import type { LakeBuckets } from './s3-store.ts';

/** What an Athena engine works with. */
export interface AthenaOptions {
  readonly athena: AthenaClient;
  readonly s3: S3Client;
  readonly buckets: LakeBuckets;
  readonly database: string;
  readonly workgroup: string;
  /** Runs statements that read contact data; its results lie in the bucket of contact data. */
  readonly contactsWorkgroup: string;
  /** Names run, step and attempt. */
  readonly scope: string;
  readonly patience?: Patience;
}

const personalNames = new Set(
  tables.filter((table) => table.personal).flatMap((table) => [table.name, storedName(table)]),
);

const readsContacts = (sql: string): boolean => [...tablesRead(sql)].some((name) => personalNames.has(name));

function decode(type: ColumnType, value: string | null): unknown {
  if (value === null || type === 'varchar') return value;
  if (type === 'boolean') return value === 'true';
  if (type === 'date') return parseIsoDate(value);
  if (type === 'money') return BigInt(value.replace('.', ''));
  if (type !== 'timestamp') return Number(value);
  const [, seconds = '', fraction = ''] = /^([^.]+)(?:\.(\d+))?$/.exec(value) ?? [];
  return BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** Bucket and key of an `s3://` address. */
function placeOf(uri: string): { Bucket: string; Key: string } {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { Bucket, Key };
}

const partitionOf = (run: RunName): string => `as_of = '${isoDate(run.asOf)}', run_id = '${run.runId}'`;

const partitionsAtOnce = 50;

const footersAtOnce = 16;
/** More than the footers of most objects have; the end of larger ones is read again. */
const usualFooterBytes = 65_536;

/** Statements on partitions read no table. */
const isFree = (sql: string): boolean => sql.startsWith('alter table ');

const scanned = (execution: QueryExecution): number => execution.Statistics?.DataScannedInBytes ?? 0;

/**
 * The query engine of a lake in S3: statements run in Athena. Rows come from the result that Athena leaves in S3, which
 * keeps their order; tables are written by `UNLOAD`, each try to a place of its own, and are registered only when what
 * Athena says it wrote is what the registered partition holds.
 */
export function athenaEngine(options: AthenaOptions): QueryEngine {
  const { athena, s3, buckets, database } = options;
  let bytes = 0;
  let billedBytes = 0;

  async function run(name: string, sqlOf: (attempt: number) => string) {
    const place: QueryPlace = {
      database,
      workgroup: readsContacts(sqlOf(0)) ? options.contactsWorkgroup : options.workgroup,
      scope: options.scope,
    };
    const done = await runQuery(athena, place, name, sqlOf, options.patience);
    bytes += scanned(done.execution);
    if (!isFree(sqlOf(0))) billedBytes += Math.max(leastBilledBytes, scanned(done.execution));
    return done;
  }

  async function* objectBytes(uri: string): AsyncGenerator<Uint8Array> {
    const { Body } = await s3.send(new GetObjectCommand(placeOf(uri)));
    if (!Body) return;
    yield* Body as AsyncIterable<Uint8Array>;
  }

  async function* stream<C extends Columns>(statement: Statement, shape: ResultShape<C>): AsyncGenerator<RowOf<C>> {
    const { execution } = await run(statement.name, () => shapedSql(statement, shape));
    const columns = Object.entries(shape.columns);
    const names = JSON.stringify(columns.map(([name]) => name));
    let isHeader = true;
    for await (const record of resultRecords(objectBytes(execution.ResultConfiguration?.OutputLocation ?? ''))) {
      if (!isHeader) {
        yield Object.fromEntries(
          columns.map(([name, { type }], i) => [name, decode(type, record[i] ?? null)]),
        ) as RowOf<C>;
      } else if (JSON.stringify(record) !== names) {
        const cause = new Error(`the result has the columns ${JSON.stringify(record)}, not ${names}`);
        throw new QueryError(statement.name, statement.sql, { cause });
      }
      isHeader = false;
    }
  }

  const uriOf = (table: Table, key: string): string =>
    `s3://${table.personal ? buckets.personal : buckets.lake}/${key}`;

  async function addPartition(table: Table, run_: Run, prefix: string): Promise<void> {
    const sql = `alter table ${storedName(table)} add if not exists partition (${partitionOf(run_)}) location '${uriOf(table, prefix)}'`;
    await run(`register ${table.name}`, () => sql);
  }

  async function dropPartitions(table: Table, runs: readonly RunName[]): Promise<void> {
    for (let from = 0; from < runs.length; from += partitionsAtOnce) {
      const partitions = runs.slice(from, from + partitionsAtOnce).map((each) => `partition (${partitionOf(each)})`);
      const sql = `alter table ${storedName(table)} drop if exists ${partitions.join(', ')}`;
      await run(`forget ${table.name}`, () => sql);
    }
  }

  /** Objects that a statement wrote, as Athena lists them. */
  async function manifestOf(execution: QueryExecution): Promise<string[]> {
    const uri = execution.Statistics?.DataManifestLocation;
    if (!uri) return [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of objectBytes(uri)) chunks.push(chunk);
    return Buffer.concat(chunks)
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .sort();
  }

  /** Objects of a registered partition and their rows, as Athena reads them. */
  async function filesOf(table: Table, of: Run): Promise<{ readonly uri: string; readonly rows: number }[]> {
    const sql = [
      `select "$path" as uri, count(*) as rows from ${storedName(table)}`,
      `where as_of = date '${isoDate(of.asOf)}' and run_id = '${of.runId}' group by 1`,
    ].join(' ');
    const found: { uri: string; rows: number }[] = [];
    const shape = { columns: { uri: text('Object.'), rows: integer('Rows.') }, key: ['uri'] };
    for await (const row of stream({ name: `count ${table.name}`, sql }, shape)) found.push(row);
    return found;
  }

  const lastBytes = async (uri: string, bytes: number): Promise<Uint8Array> => {
    const { Body } = await s3.send(new GetObjectCommand({ ...placeOf(uri), Range: `bytes=-${bytes}` }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };

  /** Rows that an object says it has, or null where there is none any more. */
  async function rowsOfObject(uri: string): Promise<number | null> {
    try {
      const tail = await lastBytes(uri, usualFooterBytes);
      const bytes = footerBytes(tail);
      return rowsInFooter(bytes > tail.byteLength ? await lastBytes(uri, bytes) : tail);
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      if (!(error instanceof NoParquetFooter)) throw error;
      throw new LakeAccessError(`${uri} cannot be read as Parquet`, 'Run the night again.', { cause: error });
    }
  }

  /** @throws LakeAccessError when the partition at `place` is not made of what Athena wrote there, object by object */
  async function checkWritten(
    partition: string,
    place: string,
    written: readonly string[],
    read: ReadonlyMap<string, number>,
  ): Promise<void> {
    const own = [...read.keys()].filter((uri) => uri.startsWith(place));
    const foreign = own.find((uri) => !written.includes(uri));
    if (foreign) {
      throw new LakeAccessError(
        `${partition} holds ${foreign}, which Athena did not write`,
        'Find out what else writes there, remove the object, and run the night again.',
      );
    }
    // Another attempt's partition was there before; what this one wrote is read by nobody.
    if (own.length === 0 && read.size > 0) return;
    for (let from = 0; from < written.length; from += footersAtOnce) {
      const uris = written.slice(from, from + footersAtOnce);
      for (const [i, rows] of (await Promise.all(uris.map(rowsOfObject))).entries()) {
        const uri = uris[i] ?? '';
        if (rows === null) {
          throw new LakeAccessError(
            `${partition} lacks ${uri}, which Athena wrote`,
            'Find out what deletes there (a lifecycle rule, a clean-up by hand), and run the night again.',
          );
        }
        if (rows === (read.get(uri) ?? 0)) continue;
        throw new LakeAccessError(
          `${uri} has ${rows} rows, of which ${partition} shows ${read.get(uri) ?? 0}`,
          'Find out what else writes there, and run the night again.',
        );
      }
    }
  }

  async function materialise(statement: Statement, table: Table, of: Run): Promise<Partition> {
    const prefixOf = (attempt: number): string => `${runPrefix(table, of)}${attempt}/`;
    const unload = (attempt: number): string =>
      `unload (\n${shapedSql(statement, table)}\n) to '${uriOf(table, prefixOf(attempt))}' ` +
      `with (format = 'parquet', compression = 'snappy')`;
    const { execution, attempt } = await run(statement.name, unload);
    const written = await manifestOf(execution);
    await addPartition(table, of, prefixOf(attempt));
    const files = await filesOf(table, of);
    const read = new Map(files.map(({ uri, rows }) => [uri, rows]));
    await checkWritten(`${table.name} of ${isoDate(of.asOf)}`, uriOf(table, prefixOf(attempt)), written, read);
    return {
      rows: files.reduce((sum, { rows }) => sum + rows, 0),
      files: files.map(({ uri, rows }) => ({ key: placeOf(uri).Key, rows })),
    };
  }

  return {
    stream,
    materialise,
    register: (table, of) => addPartition(table, of, runPrefix(table, of)),
    forget: dropPartitions,
    scanned: () => ({ bytes, billedBytes }),
  };
}
