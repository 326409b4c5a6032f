import {
  count,
  date,
  integer,
  money,
  optionalDate,
  optionalInteger,
  optionalMoney,
  optionalReal,
  optionalText,
  type RowOf,
  real,
  text,
} from '../lake/column.ts';
import { calibrationCurves, drift, modelMetrics, models } from '../lake/tables/model.ts';
import { cohortMatrix, gapHistogram, horizons, retentionByPeriod, shopMetrics } from '../lake/tables/retention.ts';
import type { StepInput } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { ResultShape } from '../platform/query-engine.ts';

const rfmCells = {
  columns: {
    recency_score: integer('R.'),
    value_score: integer('V.'),
    segment: text('Segment of the cell.'),
    customers: count('Buyers in the cell.'),
    net_spend: money('Their net spend so far.'),
  },
  key: ['recency_score', 'value_score', 'segment'],
} as const satisfies ResultShape;

const riskBands = {
  columns: {
    risk_band: text('high, medium or low.'),
    basis: text('What the scores rest on.'),
    band_from: real('Lowest probability of the band.'),
    band_to: real('Probability below which it ends.'),
    customers: count('Buyers in the band.'),
    value_at_risk: money('Their value at risk.'),
  },
  key: ['band_from', 'risk_band'],
} as const satisfies ResultShape;

const riskBuckets = {
  columns: {
    bucket: integer('Twentieth of the probability, from 0.'),
    risk_band: text('high, medium or low.'),
    customers: count('Buyers.'),
  },
  key: ['bucket', 'risk_band'],
} as const satisfies ResultShape;

const listArms = {
  columns: {
    campaign: text('Campaign.'),
    offer: text('Offer.'),
    arm: text('treatment, control or excluded.'),
    members: count('Open episodes.'),
    new_members: count('Those that began on this night.'),
    value_at_risk: optionalMoney('Their value at risk.'),
  },
  key: ['campaign', 'offer', 'arm'],
} as const satisfies ResultShape;

const atRisk = {
  columns: {
    place: count('Place by value at risk, from 1.'),
    customer_key: text('Pseudonym.'),
    churn_probability: real('Probability.'),
    risk_band: text('high or medium.'),
    value_at_risk: money('Value at risk.'),
    last_order_on: date('Day of the latest purchase.'),
    recency_days: integer('Days since.'),
    favourite_category: optionalText('Favourite category.'),
    reason_1_code: optionalText('Reason.'),
    reason_1_value: optionalReal('Its number.'),
    reason_1_points: optionalReal('What it adds.'),
    reason_2_code: optionalText('Reason.'),
    reason_2_value: optionalReal('Its number.'),
    reason_2_points: optionalReal('What it adds.'),
    reason_3_code: optionalText('Reason.'),
    reason_3_value: optionalReal('Its number.'),
    reason_3_points: optionalReal('What it adds.'),
    campaign: optionalText('List that the customer is on.'),
    list_place: optionalInteger('Place on that list.'),
    control_places: count('Lists that hold the customer back as control.'),
    excluded_places: count('Lists that may not contact the customer.'),
  },
  key: ['place'],
} as const satisfies ResultShape;

const inputFiles = {
  columns: {
    input_rank: integer('Order of delivery.'),
    file_name: text('File.'),
    layout: text('Layout.'),
    records_read: count('Records.'),
    orders_accepted: count('Orders.'),
    lines_folded: count('Further lines.'),
    duplicates: count('Repeats.'),
    rejected: count('Rejected records.'),
    conflicts: count('Orders told twice, differently.'),
    first_order_date: optionalDate('Earliest order.'),
    last_order_date: optionalDate('Latest order.'),
  },
  key: ['input_rank'],
} as const satisfies ResultShape;

const rejections = {
  columns: { reason: text('Reason code.'), column_name: text('Column, or empty.'), records: count('Records.') },
  key: ['reason', 'column_name'],
} as const satisfies ResultShape;

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
  customers: atRisk,
  inputs: inputFiles,
  rejections,
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
export type AtRiskCustomer = Rows['customers'][number];
export type InputFile = Rows['inputs'][number];

/** Everything that stands in a report: rows of this run's tables, each sorted by its key, and what the steps handed on. */
export interface ReportData extends Omit<Rows, 'horizon' | 'models'> {
  readonly input: StepInput<'report'>;
  readonly horizon: HorizonRow;
  readonly model: ModelRow;
  /** From where on the watch speaks up. */
  readonly watch: Config['watch'];
}
