import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Column, sqlTypes } from '../lambdas/lake/column.ts';
import { tables } from '../lambdas/lake/contract.ts';
import { partitionColumns, type Table } from '../lambdas/lake/table.ts';
import { ingestKey, publishedRunsKey, runPrefix, tablePrefix } from '../lambdas/lake/zones.ts';
import { tableExamples } from './table-examples.ts';

/** The published rows of a run table in a local lake, as DuckDB reads them. */
export const publishedMacro = `create or replace macro published(name) as table
select r.* exclude (filename)
from read_parquet('winback-lake/**/runs/' || name || '/as_of=*/run_id=*/*/*.parquet', filename = true) as r
where exists (
    select 1
    from read_json('winback-lake/catalog/' || name || '/*/*.json') as registered
    inner join read_json('winback-lake/${publishedRunsKey}') as night on night.is_current
    where contains(registered.location, 'as_of=' || night.as_of || '/run_id=' || night.run_id || '/')
        and contains(r.filename, registered.location)
)`;

const kinds: Readonly<Record<Table['kind'], string>> = {
  ingested: 'ingested: appended to by every ingest, one object each',
  run: 'run: computed anew by every night',
  append: 'append: one object per event, never replaced',
  pointer: 'pointer: one object, replaced when a night is published',
};

const aRun = { asOf: 0, runId: 'RUN', attempt: 1 };

function place(table: Table): string {
  if (table.kind === 'pointer') return publishedRunsKey;
  if (table.kind === 'append') return `${tablePrefix(table)}*.${table.format}`;
  if (table.kind === 'ingested') return ingestKey(table, 'INGEST');
  const file = table.format === 'parquet' ? '*.parquet' : '*.json';
  return `${runPrefix(table, aRun).replace('1970-01-01', 'DATE').replace(/1\/$/, 'ATTEMPT/')}${file}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

const columnRow = ([name, { type, nullable, unit, meaning }]: [string, Column]): string =>
  `| \`${name}\` | ${sqlTypes[type]} | ${nullable ? 'yes' : ''} | ${cell(unit ?? '')} | ${cell(meaning)} |`;

/** The example of a table as it runs on a local lake. */
export const localExample = (name: string): string | null =>
  tableExamples[name]?.sql.replace('{table}', `published('${name}')`) ?? null;

function section(table: Table): string[] {
  const example = tableExamples[table.name];
  return [
    `## ${table.name}`,
    '',
    table.grain,
    '',
    `- Kind: ${kinds[table.kind]}`,
    `- Key: ${table.key.map((name) => `\`${name}\``).join(', ')}${table.kind === 'run' ? ' within a run' : ''}`,
    `- Lies in: \`${place(table)}\``,
    ...(table.kind === 'run' ? [`- All runs: \`${table.name}_runs\`; the published one: \`${table.name}\``] : []),
    ...(table.personal ? ['- Holds contact data: not for analysts'] : []),
    '',
    '| Column | Type | Nullable | Unit | Meaning |',
    '|---|---|---|---|---|',
    ...Object.entries(table.columns).map(columnRow),
    '',
    ...(example ? [`${example.question}:`, '', '```sql', localExample(table.name) ?? '', '```', ''] : []),
  ];
}

const jsonRunTables = tables
  .filter((table) => table.kind === 'run' && table.format === 'json')
  .map((table) => `\`${table.name}\``)
  .join(', ');

/** docs/tables.md, made from the lake's contract. */
export function tablesDocument(): string {
  const lines = [
    '<!-- Generated from lambdas/lake/ by `npm run docs:tables`. Do not edit. -->',
    '',
    '# Tables of the lake',
    '',
    'Every table has one grain: what one row stands for. Types are SQL types that DuckDB, Trino and Athena share. Amounts',
    'are `decimal(18,4)`, timestamps are UTC, dates are days in the time zone of the shop.',
    '',
    `Tables of kind *run* also have ${Object.keys(partitionColumns)
      .map((name) => `\`${name}\``)
      .join(' and ')}, from the names of their`,
    'folders: the night and the run that a row belongs to.',
    '',
    '| Table | One row |',
    '|---|---|',
    ...tables.map((table) => `| [${table.name}](#${table.name}) | ${cell(table.grain)} |`),
    '',
    '## How to query them',
    '',
    '`winback sql "select * from churn_scores"` reads them by their names on a laptop; `winback sql` lists them.',
    '',
    'So does any DuckDB, in the folder that holds `winback-lake`. This macro shows the published night of a run',
    `table, whatever earlier runs and attempts lie beside it (of those in Parquet, so not of ${jsonRunTables}):`,
    '',
    '```sql',
    `${publishedMacro};`,
    '```',
    '',
    '```sql',
    "from published('churn_scores');",
    "from 'winback-lake/ingested/order_versions/*.parquet';",
    "from read_json('winback-lake/ledger/run_ledger/*.json');",
    '```',
    '',
    'On Athena, in the database `winback_STAGE`, tables go by their names: `select * from churn_scores`. The examples below',
    "run there with the name in place of `published('…')`.",
    '',
    ...tables.flatMap(section),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  writeFileSync(fileURLToPath(new URL('./tables.md', import.meta.url)), tablesDocument());
}
