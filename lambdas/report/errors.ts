import { exitCodes, WinbackError } from '../platform/errors.ts';

/** A table that every report needs has no row of this run: a step before the report did not do its work. */
export class IncompleteRun extends WinbackError {
  override readonly exitCode = exitCodes.unexpected;
}
