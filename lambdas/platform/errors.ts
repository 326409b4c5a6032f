import type { GateVerdict } from '../pipeline.ts';

/** What a process should exit with, by kind of failure. Documented in README under "Exit codes". */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  input: 3,
  gate: 4,
  environment: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Base of every failure that winback foresees. The message says who, what and which value; `next` says what to do about
 * it. Anything thrown that is not a WinbackError is a defect.
 */
export abstract class WinbackError extends Error {
  abstract readonly exitCode: ExitCode;

  constructor(
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A command or option was given wrongly. */
export class UsageError extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

/** The configuration has a setting that is missing, misspelled or out of range. */
export class ConfigError extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

/** A file that was named cannot be read at all: it is not there, is a folder, or may not be opened. */
export class FileAccessError extends WinbackError {
  override readonly exitCode = exitCodes.input;
}

/** A statement names a parameter, type or identifier that may not be bound into SQL. */
export class StatementError extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}

/** The query engine refused or failed a statement. The statement's name and SQL are kept. */
export class QueryError extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;

  constructor(
    readonly statement: string,
    readonly sql: string,
    options: ErrorOptions & { cause: Error },
  ) {
    super(`statement ${statement} failed: ${options.cause.message}`, 'Report this with the statement text.', options);
  }
}

/** The lake cannot be written or read: permissions, a full disk, a path that is a file. */
export class LakeAccessError extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** A conditional write found that somebody else had written first. Final: the other write stands. */
export class PreconditionFailed extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** A quality gate failed: nothing is published and the lists of the night before stay. */
export class GateFailed extends WinbackError {
  override readonly exitCode = exitCodes.gate;

  constructor(
    readonly verdicts: readonly GateVerdict[],
    next = 'Mend the export or the setting named, and run the night again; the lists published before stay in force.',
  ) {
    const failed = verdicts.filter((verdict) => verdict.verdict === 'failed');
    super(`nothing is published: ${failed.map((v) => `${v.gate}: ${v.message}`).join('; ')}`, next);
  }
}

/** There is nothing to work on: no orders in the lake, or none on or before the date asked for. */
export class NothingToDo extends WinbackError {
  override readonly exitCode = exitCodes.input;
}
