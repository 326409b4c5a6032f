/** A table of strings as a query result is written. */
export interface ResultTable {
  readonly names: readonly string[];
  /** Types of the columns as SQL spells them, in small letters. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** An engine that runs what the Athena server is asked. */
export interface AthenaBackend {
  select(sql: string): Promise<ResultTable>;
  /** Writes a query's rows as Parquet objects below an empty `s3://` prefix. @returns their addresses */
  unload(sql: string, prefix: string): Promise<string[]>;
  /** @param values of the partition columns, in their order */
  addPartition(table: string, values: readonly string[], location: string): Promise<void>;
  /** @param partitions values of the partition columns of each, in their order */
  dropPartitions(table: string, partitions: readonly (readonly string[])[]): Promise<void>;
  close(): Promise<void>;
}
