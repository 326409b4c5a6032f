import { DuckDBConnection } from '@duckdb/node-api';

/**
 * The SQL that DuckDB is asked while some work is done, whoever opens the connection: what commands of the product ask
 * can so be asked of another engine.
 */
export async function askedOfDuckDb(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const { runAndReadAll, stream } = DuckDBConnection.prototype;
  DuckDBConnection.prototype.runAndReadAll = function (sql, ...rest) {
    asked.push(sql);
    return runAndReadAll.call(this, sql, ...rest);
  };
  DuckDBConnection.prototype.stream = function (sql, ...rest) {
    asked.push(sql);
    return stream.call(this, sql, ...rest);
  };
  try {
    await work();
  } finally {
    DuckDBConnection.prototype.runAndReadAll = runAndReadAll;
    DuckDBConnection.prototype.stream = stream;
  }
  return asked;
}
