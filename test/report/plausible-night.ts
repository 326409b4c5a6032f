import type { RowOf } from '../../lambdas/lake/column.ts';
import { campaigns } from '../../lambdas/lake/tables/campaign-definitions.ts';
import { campaignMembers } from '../../lambdas/lake/tables/campaigns.ts';
import { runInputs } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { receipts, rejectedRows } from '../../lambdas/lake/tables/ingested.ts';
import { calibrationCurves, churnScores, drift, modelMetrics, models } from '../../lambdas/lake/tables/model.ts';
import {
  cohortMatrix,
  gapHistogram,
  horizons,
  retentionByPeriod,
  shopMetrics,
} from '../../lambdas/lake/tables/retention.ts';
import { ingestKey, runPrefix, tablePrefix } from '../../lambdas/lake/zones.ts';
import type { StepInput } from '../../lambdas/pipeline.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { campaignDefinitions } from '../../lambdas/publish/definitions.ts';
import { day, type TestLake } from '../support/lake.ts';
import {
  asOf,
  cohortRows,
  contestRows,
  draws,
  featureRow,
  firstOrder,
  horizonDays,
  memberRows,
  metricRows,
  metricsOfShop,
  periodRows,
  scoreRow,
} from './plausible-rows.ts';

/** What a test may want to be otherwise. */
export interface NightOptions {
  readonly buyers?: number;
  readonly basis?: 'forest' | 'rules';
  readonly categories?: readonly string[];
}

export interface PlausibleNight {
  readonly input: StepInput<'report'>;
  readonly scores: readonly RowOf<typeof churnScores.columns>[];
  readonly features: readonly RowOf<typeof customerFeatures.columns>[];
  readonly periods: readonly RowOf<typeof retentionByPeriod.columns>[];
  readonly cells: readonly RowOf<typeof cohortMatrix.columns>[];
  readonly members: readonly RowOf<typeof campaignMembers.columns>[];
}

/** Tenths that come true to a point, and features of which one moved far. */
async function putWatch(lake: TestLake): Promise<void> {
  await lake.put(
    calibrationCurves,
    ['active_h', 'all'].flatMap((population) =>
      Array.from({ length: 10 }, (_, i) => ({
        split: 'walk_forward',
        method: 'forest',
        population,
        test_on: asOf - horizonDays,
        bin: i + 1,
        customers: 190,
        mean_probability: 0.05 + 0.09 * i,
        lost_rate: 0.06 + 0.09 * i,
      })),
    ),
  );
  const moved = (feature: string, psi: number, verdict: string) => ({
    feature,
    verdict,
    psi,
    psi_season: verdict === 'seasonal' ? 0.04 : null,
    psi_labelled: psi + 0.1,
    mean_then: 3,
    mean_now: 3 + psi,
    rows_then: 5_000,
    rows_now: 5_281,
    trained_on: asOf - 40,
  });
  await lake.put(drift, [
    moved('churn_probability', 0.02, 'steady'),
    moved('orders_30d', 0.31, 'alarm'),
    moved('recency_days', 0.28, 'seasonal'),
  ]);
}

const gapRows = () =>
  Array.from({ length: 40 }, (_, i) => ({ days: 5 * (i + 1), purchases: 400 - 10 * i, censored: 30 }));

async function putInputs(lake: TestLake): Promise<void> {
  const files = [
    ['web-orders-2009-2010.csv.gz', 525_461, 25_900, 486_000, 6_865, 6_696],
    ['web-orders-2010-2011.csv.gz', 541_910, 24_446, 506_000, 5_268, 6_196],
  ] as const;
  const ingests = files.map((_, i) => `${i}`.repeat(64));
  const inputs = files.map(([name], i) => ({
    ingest_id: ingests[i] ?? '',
    input_rank: i + 1,
    file_name: name,
    file_sha256: 'a'.repeat(64),
    source: 'shop',
  }));
  await lake.store.write(`${runPrefix(runInputs, lake.night.run)}inputs.json`, encodeJsonRows(runInputs, inputs));
  await lake.engine.register(runInputs, lake.night.run);
  const told = files.map(([name, read, accepted, folded, duplicates, rejected], i) => ({
    ingest_id: ingests[i] ?? '',
    file_sha256: 'a'.repeat(64),
    file_name: name,
    file_bytes: 1000,
    source: 'shop',
    kind: 'orders',
    layout: 'uci_online_retail',
    encoding: 'utf-8',
    parser_version: '1',
    delivered_at: '2011-09-11T00:00:00Z',
    ingested_at: '2011-09-11T00:00:00Z',
    verdict: 'accepted',
    reason: null,
    records_read: read,
    orders_accepted: accepted,
    people_accepted: 0,
    lines_folded: folded,
    duplicates,
    rejected,
    conflicts: 0,
    orders_without_customer: 300,
    first_order_date: i === 0 ? firstOrder : day('2010-12-01'),
    last_order_date: i === 0 ? day('2010-12-09') : asOf,
    totals: '{}',
    has_updated_at: false,
  }));
  for (const receipt of told) {
    await lake.store.write(`${tablePrefix(receipts)}${receipt.ingest_id}.json`, encodeJsonRows(receipts, [receipt]));
  }
  const rejected = ['bad_amount', 'bad_amount', 'missing_time'].map((reason, i) => ({
    ingest_id: ingests[0] ?? '',
    file_name: files[0][0],
    record_no: i + 1,
    reason,
    column_name: reason === 'bad_amount' ? 'Price' : null,
  }));
  await writeTable(lake.store, rejectedRows, ingestKey(rejectedRows, ingests[0] ?? ''), rejected);
}

function inputOf(lake: TestLake, basis: 'forest' | 'rules'): StepInput<'report'> {
  return {
    night: { ...lake.night, firstOrderDate: firstOrder, lastOrderDate: asOf },
    curate: {
      orders: 49_321,
      lines: 990_412,
      customers: 5_281,
      supersededOrders: 1_025,
      supersededLines: 22_523,
      ordersWithoutCustomer: 3_217,
      ordersWithoutRate: 0,
    },
    gates: {
      gates: [
        { gate: 'rejected_share', verdict: 'passed', message: 'at most 1.3 % of any file was rejected' },
        { gate: 'fresh_orders', verdict: 'warned', message: 'the newest order is 3 days older than as_of' },
      ],
    },
    horizon: {
      horizonDays,
      activeWindowDays: horizonDays,
      snapshotDates: [],
      testDates: [asOf - horizonDays],
      trainingDue: true,
    },
    train: {
      modelId: basis === 'rules' ? 'rules' : 'f0e1d2c3b4a5',
      basis,
      verdict: basis === 'rules' ? 'not_enough_data' : 'promoted',
      reason: 'see models',
      trainedOn: asOf,
      gates: [],
    },
    score: { scored: 0, high: 0, medium: 0, low: 0 },
    publish: { manifestKey: 'published/manifest.json', lists: [], control: 0 },
  };
}

/** Fills a lake with one night that looks like a real shop's: every table that the report reads. */
export async function plausibleNight(lake: TestLake, options: NightOptions = {}): Promise<PlausibleNight> {
  const { buyers = 1200, basis = 'forest', categories = ['Tea & coffee', 'Garden', 'Gifts', 'Kitchen'] } = options;
  const random = draws(7);
  const numbers = Array.from({ length: buyers }, (_, i) => i + 1);
  const features = numbers.map((buyer) => featureRow(buyer, random, categories));
  const scores = features.map((row, i) => scoreRow(i + 1, row.recency_days, random, basis));
  const periods = periodRows(random);
  const cells = cohortRows(random);
  const members = memberRows(scores);
  const horizon = {
    horizon_days: horizonDays,
    active_window_days: horizonDays,
    is_fixed: false,
    rule: '90 % of the gaps that end do so within 90 days; rounded up to whole weeks and kept between 30 and 365.',
    gaps_seen: 31_220,
    gaps_open: 5_281,
    gap_p50_days: 29,
    gap_p80_days: 71,
    gap_p90_days: 90,
    resurrection_pct: 18.3,
    observed_to_days: 540,
    history_days: asOf - firstOrder,
    is_limited_by_history: false,
  };
  const model = {
    model_id: basis === 'rules' ? 'rules' : 'f0e1d2c3b4a5',
    basis,
    trained_on: asOf,
    judged_on: asOf,
    trainer: basis === 'rules' ? '' : 'winback',
    is_champion: true,
    verdict: basis === 'rules' ? 'not_enough_data' : 'promoted',
    reason:
      basis === 'rules'
        ? '212 buyers are fewer than the 500 that a model needs.'
        : 'ROC AUC 0.772 on buyers not yet lapsed, against 0.768 for the best baseline (noise 0.021).',
    horizon_days: horizonDays,
    rows: 18_220,
    customers: 5_011,
    churn_rate_pct: basis === 'rules' ? null : 55.2,
    sample_rate_pct: 100,
    is_calibrated: false,
    level_shift: null,
    level_from: null,
    season_tests: 0,
    process_tests: 0,
    judged_with: 'winback, 100 trees, depth 12, leaves of 1 %, seed 1',
    method: basis,
    undated_refunds_pct: 3.5,
  };
  await lake.put(horizons, [horizon]);
  await lake.put(models, [model]);
  await lake.put(
    modelMetrics,
    basis === 'rules'
      ? []
      : [
          ...metricRows(asOf - horizonDays),
          ...metricRows(asOf - horizonDays - 84),
          ...metricRows(asOf - horizonDays).map((row) => ({ ...row, split: 'walk_forward_mean' })),
          ...contestRows(asOf - horizonDays),
          ...metricRows(asOf - horizonDays - 20).flatMap((row) =>
            row.method === 'forest' ? [{ ...row, split: 'matured', promised: 0.701 }] : [],
          ),
        ],
  );
  if (basis !== 'rules') await putWatch(lake);
  await lake.put(gapHistogram, gapRows());
  await lake.put(customerFeatures, features);
  await lake.put(churnScores, scores);
  await lake.put(retentionByPeriod, periods);
  await lake.put(cohortMatrix, cells);
  await lake.put(shopMetrics, metricsOfShop());
  await lake.put(campaigns, campaignDefinitions(lake.config, horizonDays, null).campaigns);
  await lake.put(campaignMembers, members);
  await putInputs(lake);
  return { input: inputOf(lake, basis), scores, features, periods, cells, members };
}
