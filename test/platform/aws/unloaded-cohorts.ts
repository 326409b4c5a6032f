import { cohortMatrix } from '../../../lambdas/lake/tables/retention.ts';
import { runPrefix } from '../../../lambdas/lake/zones.ts';
import type { AwsLake } from '../../support/aws-lake.ts';
import { day } from '../../support/lake.ts';

/** A table of runs, and a run whose partition of it is unloaded. */
export const table = cohortMatrix;
export const run = { asOf: day('2024-03-01'), runId: '0123456789abcdef', attempt: 1 };

/** A statement for so many rows of the table, all null but for a count that tells them apart. */
export function statement(rows: number): { readonly name: string; readonly sql: string } {
  const columns = Object.entries(table.columns).map(([name, { type }]) => {
    if (name === table.key[0] && type === 'date') return `date '2024-01-01' as ${name}`;
    return type === 'bigint' || type === 'integer' ? `i as ${name}` : `null as ${name}`;
  });
  return { name: 'cohorts', sql: `select ${columns.join(', ')} from range(${rows}) as t (i)` };
}

/** Keys of what the run has left of the table. */
export const stored = ({ s3 }: AwsLake): string[] =>
  s3.buckets.keys('lake').filter((key) => key.startsWith(runPrefix(table, run)));
