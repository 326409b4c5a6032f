import { cohortMatrix, retentionByPeriod, shopMetrics } from '../lake/tables/retention.ts';
import { runPrefix } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { checkRetention } from './integrity.ts';
import { numberedMonths, retentionPeriods } from './periods.ts';
import { secondOrderDays, shopFacts, shopMetricRows } from './shop-metrics.ts';

const cohortMatrixSql = sqlFile(import.meta.url, 'cohort-matrix.sql');
const retentionByPeriodSql = sqlFile(import.meta.url, 'retention-by-period.sql');
const shopFactsSql = sqlFile(import.meta.url, 'shop-facts.sql');
const headlineSql = sqlFile(import.meta.url, 'headline.sql');

/**
 * Orders → retention per cohort and period, the cohort matrix and the headline figures of the shop.
 *
 * Purchases and refunds are those known on as_of, for past periods too. Retention is built from spells: the days
 * [d, d + W − 1] that a purchase on day d keeps a customer active, merged per customer. A spell meets a period only where
 * the day before it or its last day lies inside the spell, so rows grow with the boundaries that customers are active on,
 * not with customers × periods. A cohort has rows from the period that holds its month; before that all would be 0.
 *
 * @throws GateFailed when the tables break an identity that always holds
 */
export async function retention(
  context: Context,
  { night, horizon }: StepInput<'retention'>,
): Promise<StepOutputs['retention']> {
  const { engine, store } = context;
  const { run, firstOrderDate } = night;
  const { horizonDays, activeWindowDays } = horizon;
  const ofRun = runParameters(run);

  const months = numberedMonths(firstOrderDate, run.asOf);
  const matrix = await engine.materialise(
    cohortMatrixSql({
      ...ofRun,
      months: { rows: months.map(({ start, end, index }) => [{ date: start }, { date: end }, { integer: index }]) },
    }),
    cohortMatrix,
    run,
  );

  const periods = retentionPeriods(firstOrderDate, run.asOf, horizonDays);
  await engine.materialise(
    retentionByPeriodSql({
      ...ofRun,
      active_window_days: { integer: activeWindowDays },
      first_day: { integer: firstOrderDate },
      periods: {
        rows: periods.map(({ kind, start, end }, number) => [
          { integer: number },
          { token: kind },
          { date: start },
          { date: end },
          { integer: start - 1 },
          { integer: end },
        ]),
      },
    }),
    retentionByPeriod,
    run,
  );

  const [facts] = await rowsOf(
    engine,
    shopFactsSql({
      ...ofRun,
      window_start: { date: run.asOf - activeWindowDays + 1 },
      horizon_start: { date: run.asOf - horizonDays + 1 },
      observed_from: { date: run.asOf - secondOrderDays },
      second_order_days: { integer: secondOrderDays },
    }),
    shopFacts,
  );
  const [headline] = await rowsOf(engine, headlineSql(ofRun), retentionByPeriod);
  if (!facts || !headline) throw new Error('retention: totals without a row');
  await checkRetention(engine, run, facts);
  const scope = { asOf: run.asOf, firstOrderDate, horizonDays, activeWindowDays, currency: night.currency };
  const rows = shopMetricRows(facts, headline, scope);
  await writeTable(store, shopMetrics, `${runPrefix(shopMetrics, run)}part-00000.parquet`, rows);
  await engine.register(shopMetrics, run);

  return { periods: periods.length, cohorts: matrix.rows / months.length };
}
