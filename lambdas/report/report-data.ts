import {
  type Columns,
  count,
  integer,
  money,
  optionalInteger,
  optionalText,
  pick,
  type RowOf,
  text,
} from '../lake/column.ts';
import { campaigns, segments } from '../lake/tables/campaign-definitions.ts';
import { campaignMembers, campaignResults } from '../lake/tables/campaigns.ts';
import { runInputs } from '../lake/tables/curated.ts';
import { customerFeatures } from '../lake/tables/features.ts';
import { receipts, rejectedRows } from '../lake/tables/ingested.ts';
import { calibrationCurves, churnScores, drift, modelMetrics, models } from '../lake/tables/model.ts';
import { cohortMatrix, gapHistogram, horizons, retentionByPeriod, shopMetrics } from '../lake/tables/retention.ts';
import { surveyScores } from '../lake/tables/surveys.ts';
import type { StepInput } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { ResultShape } from '../platform/query-engine.ts';

/** What a statement gives back, and the columns that order it. */
const shape = <C extends Columns, K extends keyof C & string>(columns: C, key: readonly K[]) => ({ columns, key });

const rfmCells = shape(
  {
    ...pick(segments.columns, 'recency_score', 'value_score', 'segment'),
    customers: count('Buyers in the cell.'),
    net_spend: money('Their net spend so far.'),
  },
  ['recency_score', 'value_score', 'segment'],
);

const riskBands = shape(
  {
    ...pick(churnScores.columns, 'risk_band', 'basis', 'band_from', 'band_to', 'value_at_risk'),
    customers: count('Buyers in the band.'),
  },
  ['band_from', 'risk_band'],
);

const riskBuckets = shape(
  {
    bucket: integer('Twentieth of the probability, from 0.'),
    ...pick(churnScores.columns, 'risk_band'),
    customers: count('Buyers.'),
  },
  ['bucket', 'risk_band'],
);

const listArms = shape(
  {
    ...pick(campaigns.columns, 'campaign', 'name', 'hint'),
    ...pick(campaignMembers.columns, 'offer', 'arm', 'value_at_risk'),
    members: count('Open episodes.'),
    new_members: count('Those that began on this night.'),
  },
  ['campaign', 'offer', 'arm'],
);

const namedResults = shape(
  {
    ...campaignResults.columns,
    name: optionalText('Name of the campaign; null for one that has ended, and for the pool.'),
  },
  ['campaign'],
);

const atRisk = shape(
  {
    place: count('Place by value at risk, from 1.'),
    ...pick(
      churnScores.columns,
      'customer_key',
      'churn_probability',
      'risk_band',
      'value_at_risk',
      'reason_1_code',
      'reason_1_value',
      'reason_1_points',
      'reason_2_code',
      'reason_2_value',
      'reason_2_points',
      'reason_3_code',
      'reason_3_value',
      'reason_3_points',
    ),
    ...pick(customerFeatures.columns, 'last_order_on', 'recency_days', 'favourite_category'),
    list_name: optionalText('Campaign that the customer fits.'),
    list_place: optionalInteger('Place on its list.'),
    arm: optionalText('Whether that campaign contacts the customer.'),
  },
  ['place'],
);

const inputFiles = shape(
  {
    ...pick(runInputs.columns, 'input_rank'),
    ...pick(
      receipts.columns,
      'file_name',
      'layout',
      'records_read',
      'lines_folded',
      'duplicates',
      'rejected',
      'conflicts',
      'first_order_date',
      'last_order_date',
    ),
    accepted: count('Orders, or records of people that were taken.'),
  },
  ['input_rank'],
);

const rejections = shape(
  {
    ...pick(rejectedRows.columns, 'reason'),
    column_name: text('Column, or empty.'),
    records: count('Records.'),
  },
  ['reason', 'column_name'],
);

/** What the report's statements give back. */
export const shapes = {
  horizon: horizons,
  metrics: shopMetrics,
  periods: retentionByPeriod,
  cohorts: cohortMatrix,
  rfm: rfmCells,
  bands: riskBands,
  buckets: riskBuckets,
  models,
  modelMetrics,
  calibration: calibrationCurves,
  drift,
  gaps: gapHistogram,
  lists: listArms,
  results: namedResults,
  customers: atRisk,
  inputs: inputFiles,
  rejections,
  surveys: surveyScores,
} as const satisfies Readonly<Record<string, ResultShape>>;

type Rows = { readonly [K in keyof typeof shapes]: readonly RowOf<(typeof shapes)[K]['columns']>[] };

export type HorizonRow = Rows['horizon'][number];
export type MetricRow = Rows['metrics'][number];
export type PeriodRow = Rows['periods'][number];
export type CohortCell = Rows['cohorts'][number];
export type RfmCell = Rows['rfm'][number];
export type RiskBand = Rows['bands'][number];
export type RiskBucket = Rows['buckets'][number];
export type ModelRow = Rows['models'][number];
export type ModelMetric = Rows['modelMetrics'][number];
export type CalibrationBin = Rows['calibration'][number];
export type DriftRow = Rows['drift'][number];
export type GapRow = Rows['gaps'][number];
export type ListArm = Rows['lists'][number];
export type CampaignResult = Rows['results'][number];
export type AtRiskCustomer = Rows['customers'][number];
export type SurveyRow = Rows['surveys'][number];
export type InputFile = Rows['inputs'][number];

/** Everything that stands in a report: rows of this run's tables, each sorted by its key, and what the steps handed on. */
export interface ReportData extends Omit<Rows, 'horizon' | 'models'> {
  readonly input: StepInput<'report'>;
  readonly horizon: HorizonRow;
  readonly model: ModelRow;
  /** From where on the watch speaks up. */
  readonly watch: Config['watch'];
}
