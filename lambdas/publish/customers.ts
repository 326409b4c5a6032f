import { customers } from '../lake/tables/curated.ts';
import type { Run } from '../lake/zones.ts';
import type { Context } from '../platform/context.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';

const customersSql = sqlFile(import.meta.url, 'customers.sql');

/** Who the people of a run are: their latest contact data and consent. The only step that joins them to pseudonyms. */
export async function settleCustomers({ engine }: Pick<Context, 'engine'>, run: Run): Promise<void> {
  await engine.materialise(customersSql(runParameters(run)), customers, run);
}
