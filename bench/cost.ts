/**
 * What a night costs on paper, from what it was metered to use and list prices.
 * Run: npx tsx bench/cost.ts [customers …]
 */
import { functionSpecs } from '../infra/functions/specs.ts';
import { readDeployment } from '../infra/settings.ts';
import { tables } from '../lambdas/lake/contract.ts';
import { functionCost, leastBilledBytes, scanCost } from '../lambdas/platform/cost.ts';

/** Prices and how long nights are kept: of the deployment that the environment names, else the defaults. */
const { prices, night: kept } = readDeployment(process.env).shop;

/** Each month, whatever the size: keys, the secret, alarms, own metrics (the dashboard is within the free three). */
const standing = 3 * prices.kms_key_month + prices.secret_month + 10 * prices.alarm_month + 3 * prices.metric_month;

/** Metered on a night with training of the demo shop (8,000 customers, 4.3 orders each): bytes per customer, times read. */
const tableReads: Readonly<Record<string, readonly [bytesPerCustomer: number, timesRead: number]>> = {
  order_versions: [179, 2],
  order_line_versions: [53, 2],
  customer_sightings: [128, 2],
  orders: [101, 12],
  order_lines: [56, 2],
  identities: [49, 2],
  customers: [49, 5],
  customer_features: [58, 8],
  churn_scores: [77, 8],
  campaign_members: [9, 8],
};
/** Athena writes Snappy where the metered files are Zstandard. */
const snappy = 1.5;
/** Kept of each night. */
const bytesPerCustomerAndNight = snappy * (101 + 56 + 49 + 49 + 58 + 77 + 9) + 83;

const statements = 62;
const billedStatements = 45;
const transitions = 41;
const s3Calls = { put: 61, get: 132 };
/** Reckoned: a night that is kept no longer leaves every run table by one statement, and what it left is listed. */
const runTables = tables.filter(({ kind }) => kind === 'run').length;
const tidying = { statements: runTables, lists: 2 * runTables, gets: 30 };

/** Assumed: seconds until a statement's result is there, besides reading at this rate; rows that a function takes a second. */
const secondsPerStatement = 2.5;
const bytesPerSecond = 1_000_000_000;
const rowsPerSecond = { scorePart: 50_000, curate: 100_000, publish: 50_000 };
/** Assumed: a training of a million rows in six threads; none has more. */
const secondsPerMillionTrained = 300;
const trainedEveryNights = 7;
const rowsPerScoredFile = 500_000;

function night(customers: number) {
  const reads = Object.values(tableReads);
  const scanned = reads.reduce((sum, [bytes, times]) => sum + bytes * times * snappy * customers, 0);
  const billed = Math.max(scanned, billedStatements * leastBilledBytes);
  const waiting = statements * secondsPerStatement + scanned / bytesPerSecond;
  const gb = (memoryMb: number): number => memoryMb / 1024;
  const training = (Math.min(customers * 4, 1_000_000) / 1_000_000) * secondsPerMillionTrained;
  const gbSeconds =
    waiting * gb(2048) +
    tidying.statements * secondsPerStatement * gb(functionSpecs.tidy.memoryMb) +
    (customers / rowsPerSecond.scorePart) * gb(functionSpecs.scorePart.memoryMb) +
    (customers / rowsPerSecond.curate) * gb(functionSpecs.curate.memoryMb) +
    (customers / rowsPerSecond.publish) * gb(functionSpecs.publish.memoryMb) +
    (training / trainedEveryNights) * gb(functionSpecs.train.memoryMb);
  const parts = Math.ceil(customers / rowsPerScoredFile);
  const calls = 17 + parts;
  const costs = {
    athena: scanCost(prices, billed),
    lambda: functionCost(prices, gbSeconds) + (calls / 1e6) * prices.lambda_million_calls,
    states: (transitions / 1000) * prices.step_functions_thousand_transitions,
    s3:
      ((s3Calls.put + tidying.lists) / 1000) * prices.s3_thousand_puts +
      ((s3Calls.get + tidying.gets + parts * 4) / 1000) * prices.s3_thousand_gets +
      ((s3Calls.put + s3Calls.get) / 10_000) * prices.kms_ten_thousand_requests,
  };
  const keptGb = (bytesPerCustomerAndNight * customers) / 1e9;
  return { scanned, gbSeconds, costs, keptGb, total: Object.values(costs).reduce((sum, cost) => sum + cost, 0) };
}

const usd = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;

const asked = process.argv.slice(2).map(Number);
console.log(
  '| customers | scanned | GB-seconds | Athena | Lambda | Step Functions | S3, KMS | one night | 30 nights and standing | kept of each night | keeping them, a month |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const customers of asked.length > 0 ? asked : [10_000, 1_000_000, 50_000_000]) {
  const { scanned, gbSeconds, costs, total, keptGb } = night(customers);
  const month = 30 * total + standing;
  console.log(
    `| ${customers.toLocaleString('en')} | ${(scanned / 1e9).toFixed(2)} GB | ${Math.round(gbSeconds).toLocaleString('en')} | ${usd(costs.athena)} | ` +
      `${usd(costs.lambda)} | ${usd(costs.states)} | ${usd(costs.s3)} | **${usd(total)}** | ${usd(month)} | ${keptGb.toFixed(3)} GB | ${usd(keptGb * kept.keep_days * prices.s3_gb_month)} |`,
  );
}
