import type { CampaignCode, OfferCode } from '../lake/campaign-codes.ts';
import type { CampaignSettings } from './definitions.ts';

/** A campaign that comes with winback: its words are in wording/, everything else is here. */
export type BuiltInCampaign = Omit<CampaignSettings, 'name' | 'title' | 'hint' | 'offer'> & {
  readonly name: CampaignCode;
  readonly offer: OfferCode;
};

/** Customers worth winning back: they have come back before, are overdue by their own rhythm and not gone for good. */
const winBack = {
  group: 'win_back',
  enters: {
    orders: { min: 2 },
    risk: { min: 2 },
    recency_horizons: { min: 0.15, max: 1.5 },
    overdue_pct: { min: 101 },
    net_spend: { min: 1 },
  },
  max_days: 90,
  again_after_days: 60,
} as const;

const tier = {
  group: 'tier',
  counts_as_contact: false,
  ends_on_purchase: false,
  max_days: 3650,
  again_after_days: 0,
} as const;

/**
 * The built-in campaigns in the order in which they choose: of those in one group, a customer enters the first that they
 * fit; of all groups, as many as `publish.max_contacts` allows.
 */
export const builtInCampaigns: readonly BuiltInCampaign[] = [
  {
    name: 'service_recovery',
    group: 'care',
    enters: { orders: { min: 0 }, days_since_trouble: { min: 2, max: 14 } },
    stays: { orders: { min: 0 } },
    max_days: 14,
    offer: 'apology',
  },
  { ...winBack, name: 'win_back_high', value_pct: { from: 0, to: 20 }, offer: 'personal_call' },
  { ...winBack, name: 'win_back_medium', value_pct: { from: 20, to: 50 }, offer: 'coupon_15' },
  { ...winBack, name: 'win_back_low', value_pct: { from: 50, to: 100 }, offer: 'reminder' },
  {
    name: 'second_order',
    group: 'win_back',
    enters: { orders: { max: 1 }, recency_horizons: { min: 0.15, max: 1.5 }, net_spend: { min: 1 } },
    max_days: 60,
    offer: 'free_shipping',
  },
  {
    name: 'lapsed_coupon',
    group: 'win_back',
    enters: { recency_horizons: { min: 1.5, max: 4 }, net_spend: { min: 1 } },
    max_days: 30,
    again_after_days: 120,
    offer: 'coupon_15',
  },
  {
    name: 'birthday',
    group: 'birthday',
    enters: { days_to_birthday: { max: 7 } },
    ends_on_purchase: false,
    max_days: 14,
    again_after_days: 300,
    offer: 'birthday_gift',
  },
  {
    name: 'first_purchase_anniversary',
    group: 'anniversary',
    enters: { days_to_anniversary: { max: 7 }, net_spend: { min: 1 } },
    ends_on_purchase: false,
    max_days: 14,
    again_after_days: 300,
    offer: 'anniversary_coupon',
  },
  {
    name: 'welcome',
    group: 'after_purchase',
    enters: { orders: { max: 1 }, tenure_days: { max: 6 }, net_spend: { min: 1 } },
    max_days: 14,
    offer: 'welcome_coupon',
  },
  {
    name: 'post_purchase',
    group: 'after_purchase',
    enters: { orders: { min: 2 }, recency_days: { min: 3, max: 10 }, net_spend: { min: 1 } },
    max_days: 7,
    again_after_days: 60,
    offer: 'thanks_and_tips',
  },
  {
    name: 'tenth_order',
    group: 'tenth_order',
    enters: { orders: { min: 10 }, orders_past_ten: { max: 0 }, recency_days: { max: 13 }, net_spend: { min: 1 } },
    max_days: 60,
    again_after_days: 1,
    offer: 'free_item',
  },
  {
    ...tier,
    name: 'tier_platinum',
    enters: { orders: { min: 3 }, year_spend_top_pct: { max: 4 }, net_spend: { min: 1 } },
    stays: { year_spend_top_pct: { max: 7 } },
    offer: 'platinum_benefits',
  },
  {
    ...tier,
    name: 'tier_gold',
    enters: { orders: { min: 2 }, year_spend_top_pct: { min: 5, max: 14 }, net_spend: { min: 1 } },
    stays: { year_spend_top_pct: { min: 4, max: 19 } },
    offer: 'gold_benefits',
  },
  {
    ...tier,
    name: 'tier_silver',
    enters: {
      orders: { min: 2 },
      orders_180d: { min: 1 },
      year_spend_top_pct: { min: 15, max: 39 },
      net_spend: { min: 1 },
    },
    stays: { year_spend_top_pct: { min: 12, max: 49 } },
    offer: 'silver_benefits',
  },
  {
    name: 'vip',
    group: 'loyalty',
    enters: {
      orders: { min: 3 },
      spend_top_pct: { max: 4 },
      risk: { max: 2 },
      recency_horizons: { max: 1 },
      net_spend: { min: 1 },
    },
    stays: { spend_top_pct: { max: 7 } },
    ends_on_purchase: false,
    max_days: 180,
    again_after_days: 1,
    offer: 'early_access',
  },
  {
    name: 'frequent_buyer',
    group: 'loyalty',
    enters: { orders_180d: { min: 4 }, recency_horizons: { max: 1 }, net_spend: { min: 1 } },
    max_days: 60,
    again_after_days: 120,
    offer: 'reward_coupon',
  },
];
