import type { RowOf } from '../../lambdas/lake/column.ts';
import type { Table, TableRow } from '../../lambdas/lake/table.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { cohortMatrix, retentionByPeriod, shopMetrics } from '../../lambdas/lake/tables/retention.ts';
import type { StepInput } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind } from '../../lambdas/platform/statement.ts';
import { retention } from '../../lambdas/retention/retention.ts';
import { type CuratedOrder, curatedOrder } from '../support/curated.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

export type Order = CuratedOrder;
export type PeriodRow = TableRow<typeof retentionByPeriod>;
export type CohortRow = TableRow<typeof cohortMatrix>;
export type MetricRow = TableRow<typeof shopMetrics>;

let orderNumber = 0;

/** A purchase of 10.00 by a customer on a day, unless told otherwise. */
export function order(customer: string | null, on: string | number, given: Partial<Order> = {}): Order {
  return curatedOrder(customer, typeof on === 'string' ? day(on) : on, 100_000n, {
    order_id: `o${++orderNumber}`,
    ...given,
  });
}

export interface Settings {
  readonly asOf: string;
  readonly horizonDays: number;
  readonly activeWindowDays?: number;
}

export interface Told {
  readonly periods: PeriodRow[];
  readonly cohorts: CohortRow[];
  readonly metrics: MetricRow[];
}

export const firstDay = (rows: readonly Order[]): number =>
  rows.reduce((first, row) => Math.min(first, row.order_date), Number.POSITIVE_INFINITY);

export function stepInput(lake: TestLake, rows: readonly Order[], settings: Settings): StepInput<'retention'> {
  return {
    night: { ...lake.night, firstOrderDate: firstDay(rows) },
    horizon: {
      horizonDays: settings.horizonDays,
      activeWindowDays: settings.activeWindowDays ?? settings.horizonDays,
      snapshotDates: [],
      testDates: [],
      trainingDue: false,
    },
  };
}

export const tableOf = <C extends Table['columns']>(lake: TestLake, table: Table<C>): Promise<RowOf<C>[]> => {
  const columns = Object.keys(table.columns).join(', ');
  return rowsOf(lake.engine, bind(`read ${table.name}`, `select ${columns} from ${table.name}_runs`, {}), table);
};

/** Runs the step on these orders and reads back what it wrote. */
export async function tell(rows: readonly Order[], settings: Settings): Promise<Told> {
  const lake = await testLake(settings.asOf);
  try {
    await lake.put(orders, rows);
    await retention(lake, stepInput(lake, rows, settings));
    return {
      periods: await tableOf(lake, retentionByPeriod),
      cohorts: await tableOf(lake, cohortMatrix),
      metrics: await tableOf(lake, shopMetrics),
    };
  } finally {
    await lake.close();
  }
}

export function periodOf(told: Told, cohort: string, kind: string, start?: string): PeriodRow {
  const found = told.periods.find(
    (row) =>
      row.cohort === cohort && row.period_kind === kind && (start === undefined || row.period_start === day(start)),
  );
  if (!found) throw new Error(`no row for ${cohort} ${kind} ${start ?? ''}`);
  return found;
}

export function metricOf(told: Told, metric: string): MetricRow {
  const found = told.metrics.find((row) => row.metric === metric);
  if (!found) throw new Error(`no metric ${metric}`);
  return found;
}
