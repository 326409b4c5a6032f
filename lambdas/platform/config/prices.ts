import { z } from 'zod';

const usd = z.number().min(0).max(1_000_000);

/**
 * What AWS charges, in US dollars: list prices of eu-central-1 (Frankfurt) without tax and free tier, as published in
 * November 2026. The run ledger reckons the cost of a step with the first two, bench/cost.ts that of a night with all.
 */
export const pricesSchema = z.strictObject({
  /** Athena, for a terabyte (10^12 bytes) that statements scan. */
  athena_tb: usd.default(5),
  /** Lambda on arm64, for a gigabyte of memory and a second. */
  lambda_gb_second: usd.default(0.0000133334),
  lambda_million_calls: usd.default(0.2),
  step_functions_thousand_transitions: usd.default(0.025),
  s3_thousand_puts: usd.default(0.0054),
  s3_thousand_gets: usd.default(0.00043),
  s3_gb_month: usd.default(0.0245),
  kms_ten_thousand_requests: usd.default(0.03),
  kms_key_month: usd.default(1),
  secret_month: usd.default(0.4),
  alarm_month: usd.default(0.1),
  metric_month: usd.default(0.3),
});

export type Prices = z.infer<typeof pricesSchema>;
