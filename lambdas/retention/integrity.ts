import { optionalCount, text } from '../lake/column.ts';
import type { Run } from '../lake/zones.ts';
import type { GateVerdict } from '../pipeline.ts';
import { GateFailed } from '../platform/errors.ts';
import { type QueryEngine, rowsOf } from '../platform/query-engine.ts';
import { runParameters, type Statement, sqlFile } from '../platform/statement.ts';
import type { ShopFacts } from './shop-metrics.ts';

const periodViolationsSql = sqlFile(import.meta.url, 'period-violations.sql');
const cohortViolationsSql = sqlFile(import.meta.url, 'cohort-violations.sql');

const violation = {
  columns: {
    rule: text('What should hold.'),
    subject: text('The row that breaks it.'),
    found: optionalCount('The figure in the table.'),
    expected: optionalCount('The figure that it should equal, where there is one.'),
  },
  key: ['rule', 'subject'],
};

async function verdictOn(engine: QueryEngine, gate: string, statement: Statement): Promise<GateVerdict> {
  const rows = await rowsOf(engine, statement, violation);
  if (rows.length === 0) return { gate, verdict: 'passed', message: 'Everything adds up.' };
  const firstOfRule = rows.filter((row, i) => row.rule !== rows[i - 1]?.rule);
  const sentences = firstOfRule.map(({ rule, subject, found, expected }) => {
    const figures = expected === null ? `${found}` : `${found} instead of ${expected}`;
    return `"${rule}" does not hold for ${subject} (${figures})`;
  });
  return { gate, verdict: 'failed', message: `${sentences.join(', ')}; rows at fault: ${rows.length}` };
}

/**
 * Checks retention_by_period and cohort_matrix of a run: sets add up, cohorts add up to all customers, shares are
 * possible, figures are there exactly where their period has happened, and both tables count the customers and
 * purchases that `orders` holds.
 * @param counted customers and purchases as counted from `orders` alone
 * @throws GateFailed naming each broken rule with the first cohort and period that break it
 */
export async function checkRetention(
  engine: QueryEngine,
  run: Run,
  counted: Pick<ShopFacts, 'customers' | 'customer_orders' | 'active_customers'>,
): Promise<void> {
  const ofRun = runParameters(run);
  const active_customers = { integer: counted.active_customers };
  const customers = { integer: counted.customers };
  const customer_orders = { integer: counted.customer_orders };
  const verdicts = [
    await verdictOn(engine, 'retention_by_period', periodViolationsSql({ ...ofRun, active_customers })),
    await verdictOn(engine, 'cohort_matrix', cohortViolationsSql({ ...ofRun, customers, customer_orders })),
  ];
  if (verdicts.every(({ verdict }) => verdict === 'passed')) return;
  throw new GateFailed(
    verdicts,
    'The figures contradict the orders of this run, which no export can cause: report it with the run id.',
  );
}
