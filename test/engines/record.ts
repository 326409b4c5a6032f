import type { Table } from '../../lambdas/lake/table.ts';
import type { Run } from '../../lambdas/lake/zones.ts';
import type { QueryEngine, ResultShape } from '../../lambdas/platform/query-engine.ts';
import type { Statement } from '../../lambdas/platform/statement.ts';

/** A statement as a step ran it, and the columns and order it was read in. */
export interface RecordedStatement {
  readonly statement: Statement;
  readonly shape: ResultShape;
}

/** A query engine that works as the one it wraps and remembers what it was asked. */
export interface RecordingEngine extends QueryEngine {
  readonly statements: readonly RecordedStatement[];
  readonly partitions: readonly { readonly table: Table; readonly run: Run }[];
}

/** Wraps an engine, so that what a night asks of it can be asked of another engine. */
export function recordingEngine(engine: QueryEngine): RecordingEngine {
  const statements: RecordedStatement[] = [];
  const partitions: { table: Table; run: Run }[] = [];
  return {
    statements,
    partitions,
    stream(statement, shape) {
      statements.push({ statement, shape });
      return engine.stream(statement, shape);
    },
    materialise(statement, table, run) {
      statements.push({ statement, shape: table });
      partitions.push({ table, run });
      return engine.materialise(statement, table, run);
    },
    register(table, run) {
      partitions.push({ table, run });
      return engine.register(table, run);
    },
    forget: (table, runs) => engine.forget(table, runs),
  };
}
