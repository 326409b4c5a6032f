import { partitionColumns, storedName, type Table } from './table.ts';
import { publishedRuns } from './tables/runs.ts';

/** The statement of the view that shows only the current published run of a run table; the same for every engine. */
export function publishedViewSql(table: Table): string {
  const columns = Object.keys({ ...table.columns, ...partitionColumns }).map((name) => `r.${name}`);
  return [
    `select ${columns.join(', ')}`,
    `from ${storedName(table)} as r`,
    `inner join ${publishedRuns.name} as p on r.as_of = p.as_of and r.run_id = p.run_id`,
    'where p.is_current',
  ].join(' ');
}
