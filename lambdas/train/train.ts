import { isoDate, parseIsoDate } from '../lake/day.ts';
import { modelMetrics, models } from '../lake/tables/model.ts';
import { runPrefix } from '../lake/zones.ts';
import type { BgNbdFit } from '../model/bgnbd.ts';
import { featureImportance } from '../model/forest.ts';
import { refereeForest } from '../model/library-forest.ts';
import { takeRows } from '../model/matrix.ts';
import { type FittedMethod, fitBaseline, fitPurchaseProcess, type MethodInput } from '../model/methods.ts';
import { type ChurnModel, loadModel, type ModelCard, type ModelMetric, storeModel } from '../model/model-file.ts';
import { type Night, rulesModelId, type StepInput, type StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { type Choice, chooseMethod } from './choose-method.ts';
import { enoughData } from './enough-data.ts';
import { fitCalibratorAhead, fitChurnForest, fitSpendForest, inputOf } from './fit-forest.ts';
import { at, type LabelledRows, latestDate, readSnapshots, where } from './snapshots.ts';
import { type Fold, metricsOf, walkForward } from './walk-forward.ts';

/** Rows on which ml-random-forest must agree with our scorer, vote for vote, before a forest is promoted. */
const refereeRows = 500;

interface Fitted {
  readonly method: FittedMethod;
  readonly referee: ModelCard['referee'];
  readonly choice: Choice;
}

function referee(forest: Parameters<typeof refereeForest>[0], { vector }: MethodInput): ModelCard['referee'] {
  const step = Math.max(1, Math.floor(vector.rows / refereeRows));
  const sample = takeRows(
    vector,
    Array.from({ length: Math.min(refereeRows, vector.rows) }, (_, i) => i * step),
  );
  const { rows, disagreements } = refereeForest(forest, sample);
  return { rows, disagreements };
}

/** Fits the chosen method on everything that is known; a forest that the library reads differently is not taken. */
async function fitChosen(
  context: Context,
  rows: LabelledRows,
  choice: Choice,
  bgNbd: BgNbdFit,
  horizonDays: number,
): Promise<Fitted> {
  const methods = inputOf(rows, horizonDays, bgNbd);
  if (choice.basis !== 'forest') {
    return { method: fitBaseline(choice.basis, methods, rows.lost, bgNbd), referee: null, choice };
  }
  const settings = context.config.model;
  const forest = await fitChurnForest(settings, methods.vector, rows.lost);
  const judged = referee(forest, methods);
  if (judged && judged.disagreements > 0) {
    const reason = `ml-random-forest disagrees with our scorer on ${judged.disagreements} of ${judged.rows} rows`;
    return fitChosen(context, rows, { basis: 'logistic', keepCalibrator: false, reason }, bgNbd, horizonDays);
  }
  const calibrator = choice.keepCalibrator ? await fitCalibratorAhead(settings, rows, horizonDays, bgNbd) : null;
  return { method: { basis: 'forest', forest, calibrator }, referee: judged, choice };
}

const share = (lost: Uint8Array): number => (100 * lost.reduce((sum, value) => sum + value, 0)) / lost.length;

async function trainModel(context: Context, rows: LabelledRows, folds: readonly Fold[], input: StepInput<'train'>) {
  const { horizonDays } = input.horizon;
  const settings = context.config.model;
  const bgNbd = fitPurchaseProcess(at(rows, latestDate(rows) as number).rows);
  const fitted = await fitChosen(context, rows, chooseMethod(folds), bgNbd, horizonDays);
  const { method, referee: judged, choice } = fitted;
  const buyers = where(rows, (row) => rows.lost[row] === 0);
  const spendInput = inputOf(buyers, horizonDays, bgNbd);
  const spend = await fitSpendForest(settings, spendInput.vector, buyers.spend);
  const importance = method.basis === 'forest' ? featureImportance(method.forest) : new Float64Array();
  const { names } = spendInput.vector;
  const card: ModelCard = {
    formatVersion: 1,
    basis: method.basis,
    verdict: method.basis === 'forest' ? 'promoted' : 'baseline',
    reason: choice.reason,
    label: `no purchase in the ${horizonDays} days after the date`,
    horizonDays,
    trainedOn: isoDate(input.night.run.asOf),
    snapshotDates: [...new Set(rows.dates)].sort((a, b) => a - b).map(isoDate),
    trainer: settings.trainer,
    rows: rows.rows.rows,
    customers: new Set(rows.rows.customerKeys).size,
    churnRatePct: share(rows.lost),
    sampleRatePct: input.features.sampleRatePct,
    seed: settings.seed,
    features: names,
    featureImportance: Object.fromEntries([...importance].map((value, f) => [names[f] as string, value])),
    referee: judged,
    metrics: metricsOf(folds),
  };
  const model: ChurnModel = { method, spend, bgNbd, card };
  return { model, modelId: await storeModel(context.store, model) };
}

async function writeTables(
  { store, engine }: Context,
  night: Night,
  output: StepOutputs['train'],
  card: ModelCard | null,
  isCalibrated: boolean,
  metrics: readonly ModelMetric[],
): Promise<void> {
  const row = {
    model_id: output.modelId,
    basis: output.basis,
    trained_on: output.trainedOn,
    trainer: card?.trainer ?? '',
    is_champion: true,
    verdict: output.verdict,
    reason: output.reason,
    horizon_days: card?.horizonDays ?? 0,
    rows: card?.rows ?? 0,
    customers: card?.customers ?? 0,
    churn_rate_pct: card?.churnRatePct ?? null,
    sample_rate_pct: card?.sampleRatePct ?? 100,
    is_calibrated: isCalibrated,
  };
  const sorted = [...metrics].sort((a, b) => {
    const [left, right] = [a, b].map((m) => `${m.method} ${m.population} ${m.test_on} ${m.metric}`) as [string, string];
    return left < right ? -1 : 1;
  });
  await writeTable(store, models, `${runPrefix(models, night.run)}part-00000.parquet`, [row]);
  await writeTable(store, modelMetrics, `${runPrefix(modelMetrics, night.run)}part-00000.parquet`, sorted);
  await engine.register(models, night.run);
  await engine.register(modelMetrics, night.run);
}

const isCalibrated = (model: ChurnModel): boolean =>
  model.method.basis === 'forest' && model.method.calibrator !== null;

async function keepPrevious(context: Context, night: Night): Promise<StepOutputs['train'] | null> {
  if (!night.previous || night.previous.modelId === rulesModelId) return null;
  const model = await loadModel(context.store, night.previous.modelId);
  const trainedOn = parseIsoDate(model.card.trainedOn) as number;
  const reason = `trained on ${model.card.trainedOn}; ${model.card.reason}`;
  const output = {
    modelId: night.previous.modelId,
    basis: model.card.basis,
    verdict: 'kept',
    reason,
    trainedOn,
  } as const;
  await writeTables(context, night, output, model.card, isCalibrated(model), model.card.metrics);
  return output;
}

/**
 * Learns from past snapshots what loss looks like, and judges each method only on time after its training window. Writes
 * the model, models and model_metrics. Without enough data it says so with counts, and rules are in force.
 */
export async function train(context: Context, input: StepInput<'train'>): Promise<StepOutputs['train']> {
  const { night, horizon, features } = input;
  const kept = horizon.trainingDue ? null : await keepPrevious(context, night);
  if (kept) return kept;

  const rows = await readSnapshots(context.store, features.snapshotFiles);
  const folds: Fold[] = [];
  const shortage = enoughData(context.config.model, night, horizon, features.buyers, rows);
  for (const [index, testOn] of (shortage ? [] : horizon.testDates).entries()) {
    context.progress(index / (horizon.testDates.length + 1), `testing on ${isoDate(testOn)}`);
    const fold = await walkForward(rows, testOn, horizon.horizonDays, context.config.model);
    if (fold) folds.push(fold);
  }
  if (shortage || folds.length === 0) {
    const reason = shortage ?? 'no past date has both lost and kept customers before and after it';
    const trainedOn = night.run.asOf;
    const output = { modelId: rulesModelId, basis: 'rules', verdict: 'not_enough_data', reason, trainedOn } as const;
    await writeTables(context, night, output, null, false, []);
    return output;
  }
  context.progress(horizon.testDates.length / (horizon.testDates.length + 1), 'training on all that is known');
  const { model, modelId } = await trainModel(context, rows, folds, input);
  const { basis, verdict, reason } = model.card;
  const output = { modelId, basis, verdict, reason, trainedOn: night.run.asOf } as const;
  await writeTables(context, night, output, model.card, isCalibrated(model), model.card.metrics);
  return output;
}
