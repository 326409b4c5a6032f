import { pick, type RowOf } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { campaigns } from '../../lambdas/lake/tables/campaign-definitions.ts';
import { campaignMembers } from '../../lambdas/lake/tables/campaigns.ts';
import type { Context } from '../../lambdas/platform/context.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { sqlFile } from '../../lambdas/platform/statement.ts';

const explainCampaignsSql = sqlFile(import.meta.url, 'explain-campaigns.sql');

const shape = {
  columns: {
    ...pick(campaigns.columns, 'priority', 'name'),
    ...pick(campaignMembers.columns, 'campaign', 'arm', 'arm_reason', 'position', 'entered_on', 'offer'),
  },
  key: ['priority'],
};

/** One campaign of the current night that a customer is in, or fits and is kept out of. */
export type OwnCampaign = RowOf<typeof shape.columns>;

/** The campaigns of a customer in the current night, in the order in which they choose. */
export const campaignsOf = ({ engine }: Pick<Context, 'engine'>, customerKey: string): Promise<OwnCampaign[]> =>
  rowsOf(engine, explainCampaignsSql({ customer_key: { token: customerKey } }), shape);

/** Where a customer stands in a campaign, as a line of text. */
export function campaignLine(own: OwnCampaign): string {
  const since = isoDate(own.entered_on);
  if (own.arm === 'treatment') return `${own.name}: on the list since ${since}, place ${own.position}`;
  if (own.arm === 'control') return `${own.name}: control group since ${since}, not contacted (${own.arm_reason})`;
  return `${own.name}: not contacted (${own.arm_reason})`;
}
