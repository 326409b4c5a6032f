import { curate } from '../../lambdas/curate/curate.ts';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { orderLines, orders } from '../../lambdas/lake/tables/curated.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { StepOutputs } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type Delivery, deliver } from '../support/ingested.ts';
import { day, testLake } from '../support/lake.ts';

export interface Curated {
  readonly output: StepOutputs['curate'];
  readonly orders: TableRow<typeof orders>[];
  readonly lines: TableRow<typeof orderLines>[];
}

/** Delivers exports into a lake of their own, claims a night and curates it. */
export async function curated(
  deliveries: readonly Delivery[],
  { asOf = '2024-12-31', settings = {} as unknown } = {},
): Promise<Curated> {
  const lake = await testLake(asOf, settings);
  try {
    for (const delivery of deliveries) await deliver(lake, delivery);
    const night = await claim(lake, day(asOf));
    const output = await curate(lake, { night });
    const read = (table: string) => ({ name: table, sql: `select * from ${table}_runs` });
    return {
      output,
      orders: await rowsOf(lake.engine, read('orders'), orders),
      lines: await rowsOf(lake.engine, read('order_lines'), orderLines),
    };
  } finally {
    await lake.close();
  }
}
