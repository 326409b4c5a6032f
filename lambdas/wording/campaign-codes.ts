/** Campaigns that have a name and a hint in every language. */
export const campaignCodes = ['win_back_high', 'win_back_medium', 'win_back_low', 'second_order'] as const;

export type CampaignCode = (typeof campaignCodes)[number];

export const isCampaignCode = (code: string): code is CampaignCode => campaignCodes.some((known) => known === code);

/** Offers that have a name in every language. */
export const offerCodes = ['personal_call', 'coupon_15', 'free_shipping', 'reminder'] as const;

export type OfferCode = (typeof offerCodes)[number];

export const isOfferCode = (code: string): code is OfferCode => offerCodes.some((known) => known === code);
