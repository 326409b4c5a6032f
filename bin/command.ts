import { parseIsoDate } from '../lambdas/lake/day.ts';
import { type ExitCode, UsageError } from '../lambdas/platform/errors.ts';
import type { Terminal } from './terminal.ts';

/** How an option is written in the help; `parse` comes from node:util. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Name of the value in the help, as in `--lake DIR`. */
  readonly value?: string;
  readonly help: string;
}

/** Options and words of one call. */
export interface Arguments {
  readonly words: readonly string[];
  /** Words that follow a value of this option, as in `--orders a.csv b.csv`; null for those that follow no such option. */
  wordsAfter(option: string | null): readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  has(option: string): boolean;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  run(given: Arguments, terminal: Terminal): Promise<ExitCode>;
}

/** Options that several commands share. */
export const lakeOption: OptionSpec = {
  type: 'string',
  value: 'DIR',
  help: 'folder of the lake (default: winback-lake)',
};
export const configOption: OptionSpec = {
  type: 'string',
  value: 'FILE',
  help: 'settings as JSON (default: winback.json, where there is one)',
};
export const verboseOption: OptionSpec = {
  type: 'boolean',
  help: 'write a structured log (JSON lines) to standard error',
};
export const jsonOption: OptionSpec = { type: 'boolean', help: 'print one JSON object and nothing else' };

/** The date that `--as-of` names, or null. @throws UsageError for anything that is no date */
export function asOfOption(given: Arguments): number | null {
  const text = given.text('as-of');
  if (text === undefined) return null;
  const day = parseIsoDate(text);
  if (day === null)
    throw new UsageError(`--as-of ${text} is not a date`, 'Write it as YYYY-MM-DD, for example 2026-08-31.');
  return day;
}

/**
 * The date that a command is called with as its one word.
 * @param example how the command is called
 * @throws UsageError for none, and for anything that is no date
 */
export function dateWord(given: Arguments, example: string): number {
  const [text = ''] = given.words;
  const day = parseIsoDate(text);
  if (day !== null) return day;
  const what = text === '' ? 'no date is named' : `${text} is not a date`;
  throw new UsageError(what, `Write it as YYYY-MM-DD: ${example}.`);
}

/** Of commands that work on a lake with the settings of its shop. */
export const lakeOptions = { lake: lakeOption, config: configOption, verbose: verboseOption, json: jsonOption };
