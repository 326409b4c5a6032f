import { count } from '../lake/column.ts';
import { horizons } from '../lake/tables/retention.ts';
import type { ModelCard } from '../model/model-file.ts';
import type { Night } from '../pipeline.ts';
import { type QueryEngine, rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';

const horizonEvidence = sqlFile(import.meta.url, './horizon-evidence.sql');
const undatedRefunds = sqlFile(import.meta.url, './undated-refunds.sql');

/** What a model card tells of the night besides the model: how the horizon came about, and refunds without a date. */
export async function cardFacts(
  engine: QueryEngine,
  { run }: Night,
): Promise<Pick<ModelCard, 'horizon' | 'undatedRefundsPct'>> {
  const [horizon] = await rowsOf(engine, horizonEvidence(runParameters(run)), horizons);
  const [refunds] = await rowsOf(engine, undatedRefunds(runParameters(run)), {
    columns: { undone: count(''), undated: count('') },
    key: ['undone'],
  });
  const { undone, undated } = refunds ?? { undone: 0, undated: 0 };
  return {
    horizon: horizon as ModelCard['horizon'],
    undatedRefundsPct: undone === 0 ? null : Math.round((10_000 * undated) / undone) / 100,
  };
}
