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

/**
 * Each month, whatever the size: keys, the secret, each metric that an alarm looks at, own metrics (the dashboard is within
 * the free three).
 */
const standing = 3 * prices.kms_key_month + prices.secret_month + 19 * prices.alarm_month + 5 * prices.metric_month;

/**
 * Metered on the second night, with training, of the demo shop (4,000 customers, 4.3 orders each) over the tests' Athena, which
 * writes Snappy as Athena does: bytes per customer, times read, and whether each night leaves it anew. Smaller tables
 * are left out.
 */
const customerTables: Readonly<Record<string, readonly [bytesPerCustomer: number, timesRead: number, isRun: boolean]>> =
  {
    order_versions: [181, 4, false],
    order_line_versions: [49, 2, false],
    customer_sightings: [129, 1, false],
    orders: [236, 17, true],
    order_lines: [154, 3, true],
    identities: [50, 5, true],
    customers: [76, 5, true],
    customer_features: [91, 11, true],
    churn_scores: [79, 5, true],
    people_before: [63, 3, true],
    campaign_people: [35, 4, true],
    contact_permissions: [32, 5, true],
    customer_arms: [32, 7, true],
    episodes_before: [51, 5, true],
    campaign_measures: [71, 5, true],
    campaign_fits: [43, 3, true],
    campaign_members: [49, 6, true],
    campaign_episodes: [38, 5, true],
  };
/** Lists in five formats, of the demo's campaigns. */
const publishedPerCustomer = 1133;
/** Read once, left and trained on when training is due. */
const bytesPerSnapshot = 125;
const bytesPerCustomerAndNight = Object.values(customerTables).reduce(
  (sum, [bytes, , isRun]) => sum + (isRun ? bytes : 0),
  publishedPerCustomer,
);

const statements = 109;
const billedStatements = 74;
const transitions = 41;
const s3Calls = { put: 172, get: 140 };
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
  const trainedRows = Math.min(customers * 4, 1_000_000);
  const snapshotBytes = (trainedRows * bytesPerSnapshot) / trainedEveryNights;
  const scanned = Object.values(customerTables).reduce(
    (sum, [bytes, times]) => sum + bytes * times * customers,
    snapshotBytes,
  );
  const billed = Math.max(scanned, billedStatements * leastBilledBytes);
  const waiting = statements * secondsPerStatement + scanned / bytesPerSecond;
  const gb = (memoryMb: number): number => memoryMb / 1024;
  const training = (trainedRows / 1_000_000) * secondsPerMillionTrained;
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
  const keptGb = (bytesPerCustomerAndNight * customers + snapshotBytes) / 1e9;
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
