import { sqlTypes } from '../../../lambdas/lake/column.ts';
import { tables } from '../../../lambdas/lake/contract.ts';
import { partitionColumns, storedName } from '../../../lambdas/lake/table.ts';
import { type ExitCode, exitCodes, UsageError } from '../../../lambdas/platform/errors.ts';
import { nearest } from '../../../lambdas/platform/local/nearest.ts';
import { type Terminal, tableLines } from '../../terminal.ts';

const description = ({ name, kind, grain, personal }: (typeof tables)[number]) => ({ name, kind, grain, personal });

/** All tables, each with what one row of it stands for. */
export function showTables(terminal: Terminal): ExitCode {
  terminal.json({ tables: tables.map(description) });
  const rows = tables.map(({ name, grain, personal }) => [name, `${grain}${personal ? ' (contact data)' : ''}`]);
  for (const line of tableLines(['table', 'one row'], rows)) terminal.line(line);
  terminal.line();
  terminal.line('  What nights computed is shown as published; NAME_runs has it of all runs, by as_of and run_id.');
  terminal.line('  winback sql --tables NAME lists columns. For example: winback sql "select * from shop_metrics"');
  return exitCodes.ok;
}

/** The columns of one table, with what they mean. @throws UsageError when there is no such table */
export function showTable(name: string, terminal: Terminal): ExitCode {
  const table = tables.find((one) => one.name === name || storedName(one) === name);
  if (!table) {
    const near = nearest(
      name,
      tables.map((one) => one.name),
    );
    throw new UsageError(
      `there is no table ${JSON.stringify(name)}`,
      `${near ? `Do you mean ${near}? ` : ''}winback sql --tables lists all.`,
    );
  }
  const all = { ...table.columns, ...(table.kind === 'run' && partitionColumns) };
  const columns = Object.entries(all).map(([column, { type, nullable, unit, meaning }]) => ({
    name: column,
    type: sqlTypes[type],
    nullable,
    unit: unit ?? null,
    meaning,
  }));
  terminal.json({ ...description(table), key: table.key, columns });
  terminal.line(`  ${table.name}: ${table.grain}`);
  const rows = columns.map((column) => [column.name, column.type, column.unit ?? '', column.meaning]);
  for (const line of tableLines(['column', 'type', 'unit', 'meaning'], rows)) terminal.line(line);
  return exitCodes.ok;
}
