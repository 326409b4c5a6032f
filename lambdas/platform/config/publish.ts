import { z } from 'zod';
import { campaignCodes, isCampaignCode } from '../../lake/campaign-codes.ts';
import { segmentCells } from '../../lake/segments.ts';
import { type CampaignMeasure, campaignMeasures } from '../../lake/tables/campaign-definitions.ts';

const percent = z.number().min(0).max(100);
const days = z.int().min(1).max(3650);

/** An amount of the reporting currency as decimal text, so that it never goes through a float. */
const amount = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be decimal text such as "2.50"');

const bound = <T extends z.ZodType<number>>(value: T) =>
  z
    .strictObject({ min: value.optional(), max: value.optional() })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, 'min must not be above max');

const segment = z.enum([...new Set(segmentCells.map((cell) => cell.segment))]);

/** Bounds that a customer must be within; what is left out does not matter. */
const ruleSchema = z
  .strictObject({
    ...(Object.fromEntries(Object.keys(campaignMeasures).map((name) => [name, bound(z.int()).optional()])) as Record<
      CampaignMeasure,
      z.ZodOptional<ReturnType<typeof bound<z.ZodInt>>>
    >),
    /** Days since the latest purchase, as multiples of the horizon. */
    recency_horizons: bound(z.number().min(0)).optional(),
    /** Lifecycle segments that fit. */
    segments: z.array(segment).min(1).optional(),
  })
  .refine(({ recency_days, recency_horizons }) => recency_days === undefined || recency_horizons === undefined, {
    path: ['recency_days'],
    message: 'must not stand beside recency_horizons, which bounds the same days',
  });

export type CampaignRule = z.infer<typeof ruleSchema>;

const attribute = z
  .strictObject({
    only: z.array(z.string().min(1)).min(1).optional(),
    not: z.array(z.string().min(1)).min(1).optional(),
  })
  .superRefine(({ only = [], not = [] }, context) => {
    const both = only.find((value) => not.includes(value));
    if (both === undefined) return;
    context.addIssue({ code: 'custom', path: ['not'], message: `${JSON.stringify(both)} is among only, too` });
  });

/** Attributes of customers by whose values a campaign may choose. */
export const campaignAttributes = ['favourite_category', 'country', 'channel'] as const;

/** What a shop may set of any campaign. */
const settings = {
  /** What marketers call it. */
  title: z.string().min(1).max(80),
  /** Who is on it and what to do with the list. */
  hint: z.string().min(1).max(300),
  /** What to offer, in the shop's words. */
  offer: z.string().min(1).max(120),
  max_members: z.int().min(1),
  max_days: days,
  again_after_days: z.int().min(0).max(3650),
  /** The campaign's own control group, besides the global one. */
  control_pct: percent,
  /** What contacting one customer costs, with what the offer gives away on average. */
  contact_cost: amount,
  /** Points of reactivation that a contact brings; counts until it can be measured. Left out: `publish.assumed_lift`. */
  assumed_lift: percent,
};

/** What a shop sets of a built-in campaign; the rest stays. */
const builtInSchema = z.strictObject(settings).partial();

/** A campaign as data: built-in ones and a shop's own are the same. */
export const campaignSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^(?!(?:all|exclude|do_not_disturb|recent_buyers|control_group)$)[a-z][a-z0-9_]{0,39}$/,
      'must be lower-case letters, digits and _, and not a name that winback uses itself',
    ),
  title: settings.title,
  hint: settings.hint,
  offer: settings.offer,
  /** A customer is in at most one campaign of a group at a time. */
  group: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be lower-case letters, digits and _')
    .default('own'),
  enters: ruleSchema,
  favourite_category: attribute.optional(),
  country: attribute.optional(),
  channel: attribute.optional(),
  /** Who stays once they have entered; left out: everybody, until a purchase or `max_days`. */
  stays: ruleSchema.default({}),
  /** Slice of those who fit, by value at risk, in percent from the top. */
  value_pct: z
    .strictObject({ from: z.int().min(0).max(99), to: z.int().min(1).max(100) })
    .refine(({ from, to }) => from < to, 'from must be below to')
    .default({ from: 0, to: 100 }),
  max_members: settings.max_members.optional(),
  max_days: settings.max_days.default(30),
  again_after_days: settings.again_after_days.default(90),
  ends_on_purchase: z.boolean().default(true),
  /** Whether entering uses up one of `max_contacts`. */
  counts_as_contact: z.boolean().default(true),
  control_pct: settings.control_pct.default(0),
  contact_cost: settings.contact_cost.default('0'),
  assumed_lift: settings.assumed_lift.optional(),
});

export type OwnCampaign = z.infer<typeof campaignSchema>;

export const publishSchema = z
  .strictObject({
    /** Share of customers kept out of every campaign, to measure against. */
    control_pct: percent.default(10),
    /** What to do with people whose consent no export states. */
    unknown_consent: z.enum(['include', 'exclude']).default('include'),
    /** Probability from which risk is high, and from which it is medium. */
    high_risk_from: z.number().min(0).max(1).default(0.66),
    medium_risk_from: z.number().min(0).max(1).default(0.33),
    /** Most campaigns that one customer may enter within `contact_window_days`. */
    max_contacts: z.int().min(1).default(2),
    contact_window_days: days.default(30),
    /** Share of net spend that is left after goods and handling: what a won-back order earns. */
    margin_pct: percent.default(40),
    /** Points of reactivation that a contact brings, until pooled results can tell. */
    assumed_lift: percent.default(2),
    /** Customers who buy like a business are on no list: from so many orders a year, or an order of so much. */
    wholesale: z
      .strictObject({ orders_per_year: z.int().min(2).optional(), order_amount: amount.optional() })
      .prefault({}),
    /** Days since the latest purchase up to which somebody is in the exclusion audience of recent buyers. */
    recent_buyer_days: days.default(30),
    /** Built-in campaigns that this shop does not want. */
    without: z.array(z.enum(campaignCodes)).default([]),
    /** What this shop changes of built-in campaigns, by their names. */
    built_in: z.record(z.string(), builtInSchema).default({}),
    /** The shop's own campaigns; one with the name of a built-in campaign takes its place. They choose first. */
    campaigns: z.array(campaignSchema).default([]),
    files: z
      .strictObject({
        /** Country that phone numbers without country code belong to, ISO 3166-1 alpha-2. */
        phone_country: z
          .string()
          .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as HU')
          .optional(),
        /** Whether people files begin with a byte order mark, by which spreadsheets know UTF-8. */
        byte_order_mark: z.boolean().default(true),
        /** Largest upload file; longer lists are split into parts. */
        max_megabytes: z.number().min(0.001).max(50).default(45),
      })
      .prefault({}),
  })
  .refine(({ high_risk_from, medium_risk_from }) => medium_risk_from <= high_risk_from, {
    path: ['medium_risk_from'],
    message: 'must not be above high_risk_from',
  })
  .superRefine(({ built_in, without, campaigns }, context) => {
    for (const name of Object.keys(built_in)) {
      const message = !isCampaignCode(name)
        ? `there is no built-in campaign of this name, only ${campaignCodes.join(', ')}`
        : without.includes(name)
          ? 'publish.without turns this campaign off'
          : campaigns.some((own) => own.name === name) && 'a campaign of publish.campaigns takes its place';
      if (message) context.addIssue({ code: 'custom', path: ['built_in', name], message });
    }
    for (const [index, { name }] of campaigns.entries()) {
      if (campaigns.findIndex((other) => other.name === name) === index) continue;
      context.addIssue({ code: 'custom', path: ['campaigns', index, 'name'], message: `a second campaign ${name}` });
    }
  });
