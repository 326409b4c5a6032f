import { pick } from '../lake/column.ts';
import { campaignResults } from '../lake/tables/campaigns.ts';
import type { Night } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { sqlFile } from '../platform/statement.ts';
import { measuredLift } from '../statistics/measured-lift.ts';
import { previousParameters } from './membership.ts';

const resultsBeforeSql = sqlFile(import.meta.url, 'results-before.sql');

const shape = {
  columns: pick(
    campaignResults.columns,
    'campaign',
    'verdict',
    'lift_points',
    'lift_low',
    'controls',
    'controls_reactivated',
  ),
  key: ['campaign'],
};

/** A share of fewer customers says too little. */
const fewestControls = 50;

/** What the night before had measured of earlier campaigns. */
export interface EarlierResults {
  /**
   * Lift in points of all campaigns together, where it has been shown. That of one campaign is not taken: of many, chance
   * alone lets one or two look as if they worked.
   */
  readonly lift: number | null;
  /** Share of a campaign's control that bought without being contacted, where enough of them have been seen. */
  readonly reactivation: ReadonlyMap<string, number>;
}

/** What results of earlier campaigns say of the ones to come. */
export async function earlierResults({ engine }: Context, night: Night): Promise<EarlierResults> {
  const rows = await rowsOf(engine, resultsBeforeSql(previousParameters(night)), shape);
  const seen = rows.filter((row) => row.controls >= fewestControls);
  return {
    lift: measuredLift(rows.find((row) => row.campaign === 'all') ?? null),
    reactivation: new Map(seen.map((row) => [row.campaign, row.controls_reactivated / row.controls])),
  };
}
