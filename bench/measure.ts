/**
 * How long judging campaigns takes, and how often its intervals hold the truth where amounts are nasty.
 * `npx tsx bench/measure.ts [--customers N] [--campaigns N]`
 */
import { parseArgs } from 'node:util';
import { judge } from '../lambdas/measure/judge.ts';
import { meanSpend, type Planted, plantedOutcome } from '../test/measure/simulated-campaign.ts';

const { values } = parseArgs({
  options: { customers: { type: 'string', default: '1000000' }, campaigns: { type: 'string', default: '1000' } },
});

function timed(): void {
  const outcome = plantedOutcome(
    { customers: Number(values.customers), controlShare: 0.1, rate: 0.1, lift: 0.04, spread: 1 },
    1,
  );
  const before = process.cpuUsage().user;
  judge([outcome], { expectedLift: 0.02 });
  const seconds = (process.cpuUsage().user - before) / 1e6;
  const megabytes = process.memoryUsage.rss() / 2 ** 20;
  console.log(`${values.customers} customers: ${seconds.toFixed(1)} CPU s, ${megabytes.toFixed(0)} MB resident`);
}

/** Coverage of the lift and of the revenue lift in percent, and how often an effect is claimed. */
function coverage(name: string, planted: Planted): void {
  const { rate, lift, spread = 0, spendFactor = 1 } = planted;
  const truth = meanSpend(spread) * ((rate + lift) * spendFactor - rate);
  const found = { rate: 0, claims: 0, revenue: 0, revenueClaims: 0, told: 0 };
  const campaigns = Number(values.campaigns);
  for (let seed = 0; seed < campaigns; seed++) {
    const { lift: shown, revenueLift } = judge([plantedOutcome(planted, seed)], {
      expectedLift: 0.02,
      replicates: 399,
    });
    if (!shown || !revenueLift) throw new Error('an arm is empty');
    if (shown.low <= lift && lift <= shown.high) found.rate++;
    if (shown.low > 0 || shown.high < 0) found.claims++;
    const { low, high } = revenueLift;
    if (low === null || high === null) continue;
    found.told++;
    if (low <= truth && truth <= high) found.revenue++;
    if (low > 0 || high < 0) found.revenueClaims++;
  }
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  console.log(
    `${name}: lift ${percent(found.rate, campaigns)} held, ${percent(found.claims, campaigns)} claimed; ` +
      `revenue ${percent(found.revenue, found.told)} held, ${percent(found.revenueClaims, found.told)} claimed`,
  );
}

timed();
const usual: Planted = { customers: 2000, controlShare: 0.1, rate: 0.1, lift: 0.04, spread: 0.8 };
coverage('2,000 customers, 10 % control, +4 points', usual);
coverage('the same without effect', { ...usual, lift: 0 });
coverage('amounts with a long tail', { ...usual, spread: 1.2 });
coverage('a very long tail, no effect', { ...usual, spread: 1.6, lift: 0 });
coverage('baskets 15 % smaller when contacted', { ...usual, spendFactor: 0.85 });
coverage('baskets 30 % smaller when contacted', { ...usual, spendFactor: 0.7 });
coverage('half in control', { ...usual, controlShare: 0.5 });
