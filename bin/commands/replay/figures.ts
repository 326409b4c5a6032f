import { real, text } from '../../../lambdas/lake/column.ts';
import { type RunName, stepResultKey } from '../../../lambdas/lake/zones.ts';
import type { StepName, StepOutputs } from '../../../lambdas/pipeline.ts';
import type { Context } from '../../../lambdas/platform/context.ts';
import { readJson } from '../../../lambdas/platform/json-objects.ts';
import { rowsOf } from '../../../lambdas/platform/query-engine.ts';
import { bind, runParameters } from '../../../lambdas/platform/statement.ts';
import { methodName } from '../../../lambdas/wording/names.ts';

/** What two runs of a night are compared by. */
export interface Figures {
  /** How the scores came about. */
  readonly scores: string;
  /** By name: counts of the steps, then the headline figures of the shop. */
  readonly numbers: ReadonlyMap<string, number>;
  /** People per campaign. */
  readonly lists: ReadonlyMap<string, number>;
}

const metricsSql = `
select metric, value
from shop_metrics_runs
where as_of = :as_of and run_id = :run_id and value is not null`;

const exportsSql = `
select 'exports' as metric, count(*) as value
from run_inputs_runs
where as_of = :as_of and run_id = :run_id`;

const shape = { columns: { metric: text(''), value: real('') }, key: ['metric'] };

/** Steps whose results are compared. */
export type Compared = Pick<StepOutputs, 'curate' | 'horizon' | 'features' | 'score' | 'train' | 'publish'>;

/** What the steps of a published night returned, or null where that is not kept. */
export async function keptOutputs({ store }: Pick<Context, 'store'>, run: RunName): Promise<Compared | null> {
  const read = <N extends StepName>(name: N) => readJson<StepOutputs[N]>(store, stepResultKey(run, name));
  const [curate, horizon, features, score, train, publish] = await Promise.all([
    read('curate'),
    read('horizon'),
    read('features'),
    read('score'),
    read('train'),
    read('publish'),
  ]);
  if (!curate || !horizon || !features || !score || !train || !publish) return null;
  return { curate, horizon, features, score, train, publish };
}

/** The figures of a run, published or not. */
export async function figuresOf({ engine }: Pick<Context, 'engine'>, run: RunName, done: Compared): Promise<Figures> {
  const rows = async (name: string, sql: string) => {
    const found = await rowsOf(engine, bind(name, sql, runParameters(run)), shape);
    return found.map(({ metric, value }): [string, number] => [metric, value]);
  };
  const { curate, horizon, features, score, train, publish } = done;
  return {
    scores: `${methodName('en', train.basis)} (${train.verdict})`,
    numbers: new Map([
      ...(await rows('replay-exports', exportsSql)),
      ['orders_curated', curate.orders],
      ['horizon_days', horizon.horizonDays],
      ['buyers', features.buyers],
      ['at_high_risk', score.high],
      ['at_medium_risk', score.medium],
      ['at_low_risk', score.low],
      ...(await rows('replay-metrics', metricsSql)),
    ]),
    lists: new Map(publish.lists.map(({ campaign, rows: people }) => [campaign, people])),
  };
}
