import { reportKey } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { page } from './page.ts';
import { readTables } from './read-tables.ts';

/**
 * Renders this run's tables as one self-contained HTML page in the language of the shop, beside its lists. It names
 * customers by pseudonym and place on a list, reads no contact data, and so may be forwarded.
 * @throws IncompleteRun where the run has no horizon or no model in force
 */
export async function report(context: Context, input: StepInput<'report'>): Promise<StepOutputs['report']> {
  const { shop } = context.config;
  const data = await readTables(context, input);
  const key = reportKey(input.night.run);
  await context.store.write(key, new TextEncoder().encode(page(data, shop.language, shop.source)));
  return { reportKey: key };
}
