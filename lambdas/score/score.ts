import type { RowOf } from '../lake/column.ts';
import { churnScores } from '../lake/tables/model.ts';
import { runPrefix } from '../lake/zones.ts';
import { type FeatureRows, featureRows } from '../model/feature-rows.ts';
import { loadModel } from '../model/model-file.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { LakeAccessError } from '../platform/errors.ts';
import { readSlices, sliceRows, writeTable } from '../platform/parquet.ts';
import { type Judgement, judgeByModel, judgeByRules } from './judge.ts';
import type { Reason } from './reasons.ts';

type ScoreRow = RowOf<typeof churnScores.columns>;

type Bands = Config['publish'];

const bands = ['high', 'medium', 'low'] as const;

function bandOf(risk: number, { high_risk_from, medium_risk_from }: Bands) {
  if (risk >= high_risk_from) return { risk_band: 'high', band_from: high_risk_from, band_to: 1 };
  if (risk >= medium_risk_from) return { risk_band: 'medium', band_from: medium_risk_from, band_to: high_risk_from };
  return { risk_band: 'low', band_from: 0, band_to: medium_risk_from };
}

const tenThousandths = (amount: number): bigint => BigInt(Math.round(amount * 10_000));

function reasonColumns(reasons: readonly Reason[]) {
  const [first, second, third] = reasons;
  return {
    reason_1_code: first?.code ?? null,
    reason_1_value: first?.value ?? null,
    reason_1_points: first?.points ?? null,
    reason_2_code: second?.code ?? null,
    reason_2_value: second?.value ?? null,
    reason_2_points: second?.points ?? null,
    reason_3_code: third?.code ?? null,
    reason_3_value: third?.value ?? null,
    reason_3_points: third?.points ?? null,
  };
}

function* scoreRows(rows: FeatureRows, judged: Judgement, horizonDays: number, bands: Bands): Generator<ScoreRow> {
  const gaps = rows.numbers('gap_count');
  const gapDays = rows.numbers('gap_sum_days');
  const lastOrder = rows.numbers('last_order_on');
  for (let i = 0; i < rows.rows; i++) {
    const probability = judged.risk[i] as number;
    const spend = Math.max(0, judged.spend[i] as number);
    const averageGap = gaps[i] === 0 ? null : (gapDays[i] as number) / (gaps[i] as number);
    const nextOrder = averageGap === null ? null : (lastOrder[i] as number) + Math.round(averageGap);
    yield {
      customer_key: rows.customerKeys[i] as string,
      churn_probability: probability,
      basis: judged.basis,
      ...bandOf(probability, bands),
      spend_if_active: tenThousandths(spend),
      value_at_risk: tenThousandths(probability * spend),
      p_alive: judged.alive?.[i] ?? null,
      expected_orders: judged.expectedOrders?.[i] ?? null,
      average_gap_days: averageGap,
      expected_next_order_on: nextOrder,
      ...reasonColumns(judged.reasons[i] ?? []),
      model_id: judged.modelId,
      horizon_days: horizonDays,
    };
  }
}

/** Scores one file of features and writes its part of churn_scores. */
export async function scoreFile(
  context: Context,
  input: StepInput<'score'>,
  index: number,
): Promise<StepOutputs['score']> {
  const { night, horizon, train, features } = input;
  const { store, config } = context;
  const file = features.featureFiles[index];
  const found = file && (await store.read(file.key));
  if (!found) throw new LakeAccessError(`the feature file ${file?.key} is missing`, 'Run the night again.');
  const { body } = found;
  const model = train.basis === 'rules' ? null : await loadModel(store, train.modelId);
  const count = { scored: 0, high: 0, medium: 0, low: 0 };
  function* scored(): Generator<ScoreRow> {
    for (const slice of readSlices(body, sliceRows)) {
      const rows = featureRows(slice);
      const judged = model
        ? judgeByModel(model, train.modelId, rows, config.publish.medium_risk_from)
        : judgeByRules(rows, horizon.horizonDays);
      for (const row of scoreRows(rows, judged, horizon.horizonDays, config.publish)) {
        count.scored++;
        count[row.risk_band as (typeof bands)[number]]++;
        yield row;
      }
    }
  }
  const part = `part-${String(index).padStart(5, '0')}.parquet`;
  await writeTable(store, churnScores, runPrefix(churnScores, night.run) + part, scored());
  return count;
}

/**
 * Counts what the parts have scored and registers the partition.
 * @param parts what scoring each feature file returned
 * @throws LakeAccessError when not every buyer was scored once
 */
export async function finishScore(
  context: Context,
  input: StepInput<'score'>,
  parts: readonly StepOutputs['score'][],
): Promise<StepOutputs['score']> {
  const total = { scored: 0, high: 0, medium: 0, low: 0 };
  for (const part of parts) {
    for (const name of ['scored', 'high', 'medium', 'low'] as const) total[name] += part[name];
  }
  if (total.scored !== input.features.buyers) {
    throw new LakeAccessError(`${total.scored} of ${input.features.buyers} buyers were scored`, 'Run the night again.');
  }
  await context.engine.register(churnScores, input.night.run);
  return total;
}

/** Scores every buyer, file by file, and registers the partition once all of them are there. */
export async function score(context: Context, input: StepInput<'score'>): Promise<StepOutputs['score']> {
  const parts: StepOutputs['score'][] = [];
  for (const index of input.features.featureFiles.keys()) parts.push(await scoreFile(context, input, index));
  return finishScore(context, input, parts);
}
