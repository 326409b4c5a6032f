import type { z } from 'zod';
import { segmentCells } from '../lake/segments.ts';
import type { TableRow } from '../lake/table.ts';
import {
  type CampaignMeasure,
  type campaignFilters,
  campaignMeasures,
  type campaignRules,
  type campaigns,
  type segments,
} from '../lake/tables/campaign-definitions.ts';
import type { Config } from '../platform/config/config.ts';
import { type CampaignRule, campaignAttributes, campaignSchema, type OwnCampaign } from '../platform/config/publish.ts';
import { campaignWords, segmentName } from '../wording/names.ts';
import { type BuiltInCampaign, builtInCampaigns } from './campaigns.ts';
import { drawOf } from './control-draws.ts';

/** A campaign as a shop or winback writes it down: what is left out has the default of the settings. */
export type CampaignSettings = z.input<typeof campaignSchema>;

type Campaign = TableRow<typeof campaigns>;
type Rule = TableRow<typeof campaignRules>;
type Filter = TableRow<typeof campaignFilters>;

/** All that a night's campaigns are, as rows of the tables that define them. */
export interface Definitions {
  readonly campaigns: readonly Campaign[];
  readonly rules: readonly Rule[];
  readonly filters: readonly Filter[];
}

/** Decimal text as ten-thousandths. */
export function tenThousandths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
}

/** Unless a campaign says otherwise, those who have returned everything are not in it. */
const fewestOrders = 1;

function ruleRow(campaign: string, name: 'enters' | 'stays', rule: CampaignRule, horizonDays: number): Rule {
  const { recency_horizons, segments: fitting } = rule;
  const inDays = (horizons: number | undefined) =>
    horizons === undefined ? undefined : Math.round(horizons * horizonDays);
  const bounds = Object.keys(campaignMeasures).flatMap((measure) => {
    const given = rule[measure as CampaignMeasure];
    const also = measure === 'recency_days' ? recency_horizons : undefined;
    const least = measure === 'orders' ? fewestOrders : null;
    return [
      [`min_${measure}`, given?.min ?? inDays(also?.min) ?? least],
      [`max_${measure}`, given?.max ?? inDays(also?.max) ?? null],
    ];
  });
  return {
    campaign,
    rule: name,
    segments: fitting ? `,${fitting.join(',')},` : null,
    ...(Object.fromEntries(bounds) as Omit<Rule, 'campaign' | 'rule' | 'segments'>),
  };
}

const filterRows = (campaign: OwnCampaign): Filter[] =>
  campaignAttributes.flatMap((attribute) => {
    const { only = [], not = [] } = campaign[attribute] ?? {};
    const rows = (values: readonly string[], is_excluded: boolean) =>
      [...new Set(values)].map((value) => ({ campaign: campaign.name, attribute, value, is_excluded }));
    return [...rows(only, false), ...rows(not, true)];
  });

/** What a contact is taken to bring: what the campaign states, else what all together have shown, else what is assumed. */
const liftOf = ({ assumed_lift }: OwnCampaign, { publish }: Config, measuredLift: number | null) => ({
  expected_lift: assumed_lift ?? measuredLift ?? publish.assumed_lift,
  is_lift_measured: assumed_lift === undefined && measuredLift !== null,
});

/** Campaigns that this shop has, in the order in which they choose: its own first, then the built-in ones it wants. */
function chosen({ publish, shop }: Config): readonly OwnCampaign[] {
  const taken = new Set<string>([...publish.without, ...publish.campaigns.map((campaign) => campaign.name)]);
  const asTheShopHasIt = (campaign: BuiltInCampaign) =>
    campaignSchema.parse({
      ...campaign,
      ...campaignWords(shop.language, campaign.name),
      ...publish.built_in[campaign.name],
    });
  return [...publish.campaigns, ...builtInCampaigns.filter(({ name }) => !taken.has(name)).map(asTheShopHasIt)];
}

/**
 * The campaigns of a night as rows: who enters and stays, where recency is in days of this night's horizon.
 * @param measuredLift points that campaigns have been shown to bring: takes the place of what is assumed
 */
export function campaignDefinitions(config: Config, horizonDays: number, measuredLift: number | null): Definitions {
  const list = chosen(config);
  return {
    campaigns: list.map((campaign, index) => ({
      campaign: campaign.name,
      priority: index + 1,
      campaign_group: campaign.group,
      name: campaign.title,
      hint: campaign.hint,
      offer: campaign.offer,
      value_from_pct: campaign.value_pct.from,
      value_to_pct: campaign.value_pct.to,
      max_members: campaign.max_members ?? null,
      max_days: campaign.max_days,
      again_after_days: campaign.again_after_days,
      ends_on_purchase: campaign.ends_on_purchase,
      counts_as_contact: campaign.counts_as_contact,
      control_pct: campaign.control_pct,
      ...drawOf(campaign.name),
      contact_cost: tenThousandths(campaign.contact_cost),
      ...liftOf(campaign, config, measuredLift),
    })),
    rules: list.flatMap(({ name, enters, stays }) => [
      ruleRow(name, 'enters', enters, horizonDays),
      ruleRow(name, 'stays', stays, horizonDays),
    ]),
    filters: list.flatMap(filterRows),
  };
}

/** The 25 cells of the RFM grid with the segment of each. */
export const segmentRows = ({ shop }: Config): TableRow<typeof segments>[] =>
  segmentCells.map(({ recencyScore, valueScore, segment }) => ({
    recency_score: recencyScore,
    value_score: valueScore,
    segment,
    name: segmentName(shop.language, segment),
  }));
