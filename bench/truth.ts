import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDemoShop } from '../bin/demo/write-demo-shop.ts';
import { ingestAll, namedExports } from '../bin/ingest-files.ts';
import { openLocalLake, readConfigFile } from '../bin/local-lake.ts';
import { runNight } from '../bin/night.ts';
import { openTerminal } from '../bin/terminal.ts';
import { flag, integer, real, text } from '../lambdas/lake/column.ts';
import { isoDate, parseIsoDate } from '../lambdas/lake/day.ts';
import type { Run } from '../lambdas/lake/zones.ts';
import { bootstrapDifference } from '../lambdas/model/bootstrap.ts';
import { calibrationCurve, expectedCalibrationError, rocAuc } from '../lambdas/model/evaluation.ts';
import { claim } from '../lambdas/night/claim.ts';
import type { IdentifyingContext } from '../lambdas/platform/context.ts';
import { normalEmail } from '../lambdas/platform/normal-forms.ts';
import { rowsOf } from '../lambdas/platform/query-engine.ts';

/**
 * The scores of simulated shops against what only the simulation knows: who is truly lost on the night, for good.
 * Run: npx tsx bench/truth.ts [--seeds 3] [--customers 4000]
 */
const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '3' }, customers: { type: 'string', default: '4000' } },
});
const nights = ['2025-09-30', '2026-03-31', '2026-09-30'];

/** What a night said of a customer, and the truth. */
interface Known {
  readonly probability: number;
  readonly recency: number;
  readonly isActive: boolean;
  readonly lost: number;
}

/** Last day as a customer by normal e-mail address; null for those who are still customers at the end. */
function truthOf(file: string): Map<string, number | null> {
  const [head = [], ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const [email, lost] = [head.indexOf('email'), head.indexOf('lost_on')];
  return new Map(rows.map((cells) => [normalEmail(cells[email] ?? '') ?? '', parseIsoDate(cells[lost] ?? '')]));
}

const scored = {
  columns: {
    identity_key: text('An e-mail address as a pseudonym.'),
    probability: real('The score.'),
    recency_days: integer('Days since the last purchase.'),
    is_active: flag('Bought in the H days up to the night.'),
  },
  key: ['identity_key'],
};

/** The scores of a night beside the truth, for customers with an e-mail address. */
async function knownOn(
  { engine, keys }: IdentifyingContext,
  { asOf, runId }: Run,
  truth: ReadonlyMap<string, number | null>,
): Promise<Known[]> {
  const of = (name: string) =>
    `(select * from ${name}_runs where as_of = date '${isoDate(asOf)}' and run_id = '${runId}')`;
  const sql = `
    select i.identity_key, s.churn_probability as probability, f.recency_days,
      f.recency_days < s.horizon_days as is_active
    from ${of('identities')} as i
    inner join ${of('churn_scores')} as s on i.customer_key = s.customer_key
    inner join ${of('customer_features')} as f on s.customer_key = f.customer_key`;
  const rows = new Map((await rowsOf(engine, { name: 'truth', sql }, scored)).map((row) => [row.identity_key, row]));
  return [...truth].flatMap(([email, lostOn]) => {
    const row = rows.get(keys.pseudonym('email', email));
    if (!row) return [];
    const { probability, recency_days: recency, is_active: isActive } = row;
    return [{ probability, recency, isActive, lost: lostOn !== null && lostOn <= asOf ? 1 : 0 }];
  });
}

function report(title: string, known: readonly Known[]): void {
  const lost = known.map((one) => one.lost);
  const score = known.map((one) => one.probability);
  const recency = known.map((one) => one.recency);
  const apart = bootstrapDifference(score, recency, lost, 'rocAuc', { seed: 1, replicates: 200 });
  const share = lost.reduce((sum, value) => sum + value, 0) / lost.length;
  const [auc, plain] = [rocAuc(score, lost) ?? Number.NaN, rocAuc(recency, lost) ?? Number.NaN];
  console.log(
    `${title}: ${known.length} customers, ${(100 * share).toFixed(1)} % truly lost; ROC AUC ${auc.toFixed(3)}, ` +
      `recency ${plain.toFixed(3)}, difference ${apart?.estimate.toFixed(3)} (95 % ${apart?.low.toFixed(3)} to ${apart?.high.toFixed(3)}); ` +
      `mean distance of score and truth ${expectedCalibrationError(score, lost)?.toFixed(3)}`,
  );
  const curve = calibrationCurve(score, lost);
  console.log(`  score      ${curve.map((bin) => bin.meanScore.toFixed(2)).join('  ')}`);
  console.log(`  truly lost ${curve.map((bin) => bin.positiveRate.toFixed(2)).join('  ')}`);
}

const all: Known[] = [];
for (let seed = 7; seed < 7 + Number(options.seeds); seed++) {
  const folder = mkdtempSync(join(tmpdir(), 'winback-truth-'));
  try {
    const shop = await writeDemoShop(join(folder, 'shop'), { seed, customers: Number(options.customers) });
    const truth = truthOf(shop.truthFile);
    const config = await readConfigFile(shop.configFile);
    const lake = await openLocalLake(join(folder, 'lake'), config, openTerminal(true, false), false);
    try {
      await ingestAll(lake, await namedExports(shop.exportFiles.map((path) => ({ path, kind: 'orders' }))));
      for (const day of nights) {
        const night = await claim(lake, parseIsoDate(day));
        const { train, horizon } = await runNight(lake, night);
        const known = await knownOn(lake, night.run, truth);
        const name = `shop ${seed}, ${day}, ${train.basis}, H ${horizon.horizonDays}`;
        report(`${name}, all buyers`, known);
        report(
          `${name}, not yet lapsed`,
          known.filter((one) => one.isActive),
        );
        all.push(...known);
      }
    } finally {
      lake.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
report('all shops and nights, all buyers', all);
report(
  'all shops and nights, not yet lapsed',
  all.filter((one) => one.isActive),
);
