/** The built-in campaigns; each has a name and a hint in every language. */
export const campaignCodes = [
  'service_recovery',
  'win_back_high',
  'win_back_medium',
  'win_back_low',
  'second_order',
  'lapsed_coupon',
  'birthday',
  'first_purchase_anniversary',
  'welcome',
  'post_purchase',
  'tenth_order',
  'tier_platinum',
  'tier_gold',
  'tier_silver',
  'vip',
  'frequent_buyer',
] as const;

export type CampaignCode = (typeof campaignCodes)[number];

export const isCampaignCode = (code: string): code is CampaignCode => campaignCodes.some((known) => known === code);

/** Offers that have a name in every language. */
export const offerCodes = [
  'apology',
  'personal_call',
  'coupon_15',
  'reminder',
  'free_shipping',
  'birthday_gift',
  'anniversary_coupon',
  'welcome_coupon',
  'thanks_and_tips',
  'free_item',
  'platinum_benefits',
  'gold_benefits',
  'silver_benefits',
  'early_access',
  'reward_coupon',
] as const;

export type OfferCode = (typeof offerCodes)[number];

export const isOfferCode = (code: string): code is OfferCode => offerCodes.some((known) => known === code);
