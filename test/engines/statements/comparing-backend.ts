import type { AthenaBackend, ResultTable } from '../../support/athena/backend.ts';
import { firstDifference } from './compare.ts';

/** What came of running one statement on both engines; no difference when they agree. */
export interface Comparison {
  readonly sql: string;
  readonly rows: number;
  readonly difference: string | null;
}

/** A backend that answers as Trino does, and keeps whether DuckDB says the same over the same objects. */
export interface ComparingBackend extends AthenaBackend {
  readonly comparisons: readonly Comparison[];
}

const orderOf = (sql: string): string => /order by ([a-z0-9_, ]+)$/.exec(sql)?.[1] ?? '1';

/**
 * Lets Trino run what is asked, and DuckDB beside it. What Trino unloads is read back from its files and compared with
 * what DuckDB answers.
 * @param pathOf file of an `s3://` address
 */
export function comparingBackend(
  trino: AthenaBackend,
  duckDb: AthenaBackend,
  pathOf: (uri: string) => string,
): ComparingBackend {
  const comparisons: Comparison[] = [];

  async function compare(sql: string, actual: ResultTable): Promise<void> {
    const expected = await duckDb.select(sql);
    comparisons.push({ sql, rows: expected.rows.length, difference: firstDifference(expected, actual) });
  }

  function failed(sql: string, error: Error): never {
    comparisons.push({ sql, rows: 0, difference: error.message });
    throw error;
  }

  /** Rows of files that a statement has left, in the order that it asks for. */
  function leftBy(sql: string, written: readonly string[]): Promise<ResultTable> {
    if (written.length === 0) return duckDb.select(`select * from (\n${sql}\n) as nothing where false`);
    const files = written.map((uri) => `'${pathOf(uri)}'`).join(', ');
    return duckDb.select(`select * from read_parquet([${files}], hive_partitioning = false) order by ${orderOf(sql)}`);
  }

  return {
    comparisons,
    select: async (sql) => {
      const actual = await trino.select(sql).catch((error: Error) => failed(sql, error));
      await compare(sql, actual);
      return actual;
    },
    unload: async (sql, prefix) => {
      const written = await trino.unload(sql, prefix).catch((error: Error) => failed(sql, error));
      await compare(sql, await leftBy(sql, written));
      return written;
    },
    addPartition: async (...partition) => {
      await trino.addPartition(...partition);
      await duckDb.addPartition(...partition);
    },
    dropPartitions: async (...dropped) => {
      await trino.dropPartitions(...dropped);
      await duckDb.dropPartitions(...dropped);
    },
    close: async () => {
      await trino.close();
      await duckDb.close();
    },
  };
}
