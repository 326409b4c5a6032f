import { readFileSync } from 'node:fs';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import type { Run } from '../lake/zones.ts';
import { StatementError } from './errors.ts';

const ratePattern = /^\d{1,9}(\.\d{1,6})?$/;
const tokenPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * What may be bound into SQL. Text from files, keys or settings has no form here, so it cannot get in: a `token` is an
 * identifier of the contract or a run id.
 */
export type Parameter =
  | { readonly date: number }
  | { readonly integer: number }
  | { readonly money: bigint }
  | { readonly rate: string }
  | { readonly token: string }
  | { readonly rows: readonly (readonly Exclude<Parameter, { readonly rows: unknown }>[])[] };

export type Parameters = Readonly<Record<string, Parameter>>;

/** The parameters by which a statement reads what its own run has written. */
export const runParameters = (run: Pick<Run, 'asOf' | 'runId'>) => ({
  as_of: { date: run.asOf },
  run_id: { token: run.runId },
});

/** One SQL statement, ready to run, with the name under which errors and the ledger speak of it. */
export interface Statement {
  readonly name: string;
  readonly sql: string;
}

const isMoney = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value > -(10n ** 18n) && value < 10n ** 18n;

const firstDay = parseIsoDate('1000-01-01') as number;
const lastDay = parseIsoDate('9999-12-31') as number;
const isDay = (value: number): boolean => Number.isInteger(value) && value >= firstDay && value <= lastDay;

function money(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
  return `cast('${sign}${digits.slice(0, -4)}.${digits.slice(-4)}' as decimal(18,4))`;
}

function literal(statement: string, name: string, parameter: Parameter): string {
  if ('date' in parameter && isDay(parameter.date)) return `date '${isoDate(parameter.date)}'`;
  if ('money' in parameter && isMoney(parameter.money)) return money(parameter.money);
  if ('rate' in parameter && ratePattern.test(parameter.rate)) return `cast('${parameter.rate}' as decimal(18,6))`;
  if ('rows' in parameter && parameter.rows.length > 0) {
    return parameter.rows.map((row) => `(${row.map((cell) => literal(statement, name, cell)).join(', ')})`).join(', ');
  }
  if ('integer' in parameter && Number.isSafeInteger(parameter.integer)) return String(parameter.integer);
  if ('token' in parameter && tokenPattern.test(parameter.token)) return `'${parameter.token}'`;
  const value = JSON.stringify(parameter, (_, part) => (typeof part === 'bigint' ? `${part}` : part)).slice(0, 80);
  throw new StatementError(
    `statement ${statement}: parameter :${name} may not be ${value}`,
    'Bind a date, a safe integer, an amount, an identifier, or a list of rows of these that is not empty.',
  );
}

/**
 * Binds `:name` parameters into a statement as typed literals.
 * @throws StatementError for a parameter that is missing, unused or of a form that may not be bound
 */
export function bind(name: string, sql: string, parameters: Parameters): Statement {
  const unused = new Set(Object.keys(parameters));
  const bound = sql.replace(/(?<![:\w]):([a-z_]+)\b/g, (_, parameter: string) => {
    const value = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    if (!value) throw new StatementError(`statement ${name}: parameter :${parameter} is not given`, 'Bind it.');
    unused.delete(parameter);
    return literal(name, parameter, value);
  });
  if (unused.size > 0) {
    throw new StatementError(`statement ${name} has no parameter :${[...unused].join(', :')}`, 'Leave it out.');
  }
  return { name, sql: bound.trim().replace(/;$/, '') };
}

/**
 * A statement kept in a `.sql` file beside the module that uses it.
 * @param moduleUrl `import.meta.url` of that module
 */
export function sqlFile(moduleUrl: string, file: `${string}.sql`): (parameters: Parameters) => Statement {
  let sql: string | undefined;
  return (parameters) => {
    sql ??= readFileSync(new URL(file, moduleUrl), 'utf8');
    return bind(file.replace(/^\.\/|\.sql$/g, ''), sql, parameters);
  };
}

/** Names that a statement reads from: tables, views and its own steps. A word elsewhere, such as a column, is none. */
export const tablesRead = (sql: string): ReadonlySet<string> =>
  new Set(Array.from(sql.toLowerCase().matchAll(/\b(?:from|join)\s+([a-z_]+)/g), ([, name = '']) => name));
