import { z } from 'zod';
import { parseIsoDate } from '../../lake/day.ts';
import { ConfigError } from '../errors.ts';
import { explain } from './explain.ts';
import { ingestSchema } from './ingest.ts';
import { pricesSchema } from './prices.ts';
import { publishSchema } from './publish.ts';

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');
const days = z.int().min(1).max(3650);
const percent = z.number().min(0).max(100);

/** Name of a shop whose settings give it none. */
export const defaultSource = 'shop';

const shopSchema = z.strictObject({
  /** Name of the shop: part of order and customer identities, so it must not change. */
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'must be lower-case letters, digits, - and _')
    .default(defaultSource),
  /** IANA time zone in which a day of the shop begins and ends. */
  time_zone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Budapest').default('UTC'),
  /** Reporting currency, and that of exports which state none. Left out: the one currency of the exports. */
  currency: currencyCode.optional(),
  /** Language of reasons, campaigns and report. */
  language: z.enum(['en', 'hu', 'th', 'zh']).default('en'),
});

const rateSchema = z.strictObject({
  currency: currencyCode,
  /** First day on which the rate holds. */
  valid_from: z.iso.date().refine((day) => parseIsoDate(day) !== null, 'must be a day from the year 1000 on'),
  /** Units of the reporting currency for one unit of this one, as decimal text. */
  rate: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be decimal text such as "0.861200"')
    .refine((rate) => Number(rate) !== 0, 'must be above 0'),
});

/** One currency has one rate on a day. */
const ratesSchema = z.array(rateSchema).superRefine((rates, context) => {
  for (const [index, { currency, valid_from }] of rates.entries()) {
    const first = rates.findIndex((other) => other.currency === currency && other.valid_from === valid_from);
    if (first === index) continue;
    const message = `a second rate for ${currency} from ${valid_from}`;
    context.addIssue({ code: 'custom', path: [index], message });
  }
});

const horizonSchema = z.strictObject({
  /** Fixes H, the days without a purchase after which a customer counts as lost. Left out: chosen from the orders. */
  days: z.int().min(7).max(730).optional(),
  /** Fixes W, the window in which a purchase makes a customer active. Left out: H. */
  active_window_days: z.int().min(7).max(730).optional(),
});

const modelSchema = z.strictObject({
  trainer: z.enum(['winback', 'ml-random-forest']).default('winback'),
  trees: z.int().min(10).max(1000).default(100),
  max_depth: z.int().min(2).max(20).default(12),
  /** Smallest leaf as a share of the training rows; large leaves are what survives an honest test. */
  min_leaf_pct: z.number().min(0.01).max(20).default(1),
  seed: z.int().min(0).max(2147483647).default(1),
  /** Train again when the model is this old. */
  retrain_after_days: days.default(7),
  max_training_rows: z.int().min(1000).max(10_000_000).default(1_000_000),
  /** Below any of these the verdict is "not enough data" and rules are published. */
  min_buyers: z.int().min(1).default(500),
  min_history_horizons: z.number().min(1).default(3),
  min_per_class: z.int().min(1).default(100),
  /** Past dates to test on, as far as history allows. */
  test_dates: z.int().min(1).max(12).default(3),
});

const share = z.number().min(0).max(1);

/** From where on the watch over the model in force speaks up. */
const watchSchema = z.strictObject({
  /** Population stability index of a feature or of the score, against the night of training. */
  psi_warn: z.number().min(0).default(0.2),
  psi_alarm: z.number().min(0).default(0.25),
  /** ROC AUC of matured predictions below what the model card promised. */
  max_auc_drop: share.default(0.05),
  /** Calibration error of matured predictions above what the model card promised. */
  max_calibration_rise: share.default(0.05),
});

const measureSchema = z.strictObject({
  /** Days after somebody entered a campaign in which a purchase counts as a reactivation. */
  window_days: days.default(30),
});

const gatesSchema = z.strictObject({
  /** Largest share of rejected records in any input. */
  max_rejected_pct: percent.default(5),
  /** Days that may lie between the newest order and as_of. */
  max_days_without_orders: days.default(7),
  /** Smallest share of the orders of the previous night that must still be there. */
  min_orders_vs_previous_pct: percent.default(95),
});

const nightSchema = z.strictObject({
  /** Tables, lists and reports of nights before the current one are kept this long. */
  keep_days: z.int().min(30).max(3650).default(400),
});

const configSchema = z.strictObject({
  shop: shopSchema.prefault({}),
  ingest: ingestSchema.prefault({}),
  rates: ratesSchema.default([]),
  horizon: horizonSchema.prefault({}),
  model: modelSchema.prefault({}),
  watch: watchSchema.prefault({}),
  publish: publishSchema.prefault({}),
  measure: measureSchema.prefault({}),
  gates: gatesSchema.prefault({}),
  night: nightSchema.prefault({}),
  prices: pricesSchema.prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/**
 * Settings with all defaults filled in.
 * @param origin where they came from, for the error
 * @throws ConfigError naming every setting that is wrong
 */
export function parseConfig(settings: unknown, origin: string): Config {
  const parsed = configSchema.safeParse(settings, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap(explain);
  throw new ConfigError(`${origin}: ${problems.join('; ')}`, 'See docs/configuration.md for all settings.');
}
