import { isoDate } from '../lake/day.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import {
  type CalibrationRow,
  type ChurnModel,
  type ModelMetric,
  storeModel,
  trainingLine,
} from '../model/model-file.ts';
import { type GateVerdict, rulesModelId, type StepInput, type StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { asPublished, type Believed } from './beliefs.ts';
import { type Champion, type Contest, contest, findChampion } from './champion.ts';
import { type DriftRow, driftRows, judgeDrift, readBuyers } from './drift.ts';
import { type Fitted, fitChosen, makeModel } from './fit-model.ts';
import { keptAtLevel } from './level.ts';
import { maturedPredictions } from './matured-predictions.ts';
import { writeModelTables } from './model-tables.ts';
import { type LabelledRows, readSnapshots } from './snapshots.ts';
import { chosenName, type Trial, trial } from './trial.ts';
import { type Fold, walkForward } from './walk-forward.ts';

type TrainInput = StepInput<'train'>;
type TrainOutput = StepOutputs['train'];

/** What was seen of the model in force before anything new is trained. */
interface Watch {
  readonly metrics: readonly ModelMetric[];
  readonly calibration: readonly CalibrationRow[];
  readonly drift: readonly DriftRow[];
  readonly gates: readonly GateVerdict[];
  /** What stops a promotion. */
  readonly alarms: readonly string[];
}

async function watchOver(context: Context, input: TrainInput, champion: Champion | null, buyers: FeatureRows) {
  const { night } = input;
  const limits = context.config.watch;
  const matured = await maturedPredictions(context, night);
  const drift = champion ? driftRows(champion.model, night.run.asOf, buyers, limits) : [];
  const moved = judgeDrift(drift, limits);
  const alarms = [
    ...matured.gates.filter((gate) => gate.verdict === 'warned'),
    ...(drift.some((row) => row.verdict === 'alarm') ? moved : []),
  ].map((gate) => gate.message);
  return { ...matured, drift, gates: [...matured.gates, ...moved], alarms } satisfies Watch;
}

/**
 * Days during which an alarm stops the new model, from the day on which one could first take the champion's place: long
 * enough for a person to look. What lasts longer is the shop's new normal, and a model that learned it is judged like any
 * other.
 */
const patienceDays = 28;

const patientUntil = ({ config }: Context, { horizon }: TrainInput, champion: Champion): number =>
  champion.trainedOn + Math.max(config.model.retrain_after_days, horizon.horizonDays) + patienceDays;

/** That a model is replaced although the watch still warns. */
const overruled = ({ alarms }: Watch): string | null =>
  alarms.length === 0
    ? null
    : `the watch still warns, but has stopped new models for its ${patienceDays} days: ${alarms.join('; ')}`;

const shiftOf = ({ method }: ChurnModel): number => (method.basis === 'blend' ? (method.calibrator?.shift ?? 0) : 0);

/**
 * The champion at the level of tonight: forest and regression stay as they were trained, the shift is that of tonight's
 * snapshots. Where it moves, that is a model with a file and an id of its own.
 */
async function atTonightsLevel(
  { store }: Context,
  { night, horizon }: TrainInput,
  champion: Champion,
  rows: LabelledRows,
  believed: Believed,
  buyers: FeatureRows,
): Promise<{ readonly champion: Champion; readonly moved: string }> {
  const { model } = champion;
  const occasion = { date: night.run.asOf, horizonDays: horizon.horizonDays, known: rows, buyers };
  const tonight = { ...model, method: keptAtLevel(model, occasion, believed), card: { ...model.card, believed } };
  const [before, after] = [shiftOf(model), shiftOf(tonight)];
  if (before === after) return { champion, moved: '' };
  const moved = `; its level was moved by ${after.toFixed(2)} in log odds (before: ${before.toFixed(2)})`;
  return { champion: { ...champion, model: tonight, modelId: await storeModel(store, tonight) }, moved };
}

/** Keeps the champion. Figures are tonight's where there was a trial, else those of its card. */
async function keep(
  context: Context,
  { night }: TrainInput,
  champion: Champion,
  watch: Watch,
  because: { readonly reason: string; readonly trial?: Trial; readonly contest?: Contest },
): Promise<TrainOutput> {
  const { card } = champion.model;
  const output = {
    modelId: champion.modelId,
    basis: card.basis,
    verdict: 'kept',
    reason: because.reason,
    trainedOn: champion.trainedOn,
    gates: watch.gates,
  } as const;
  const contested = because.contest?.metrics ?? [];
  const isJudged = because.trial !== undefined || because.contest !== undefined;
  await writeModelTables(context, night, {
    output,
    model: champion.model,
    judgedOn: isJudged ? night.run.asOf : champion.judgedOn,
    judgedWith: isJudged ? trainingLine(context.config.model) : champion.judgedWith,
    metrics: [...(because.trial?.metrics ?? card.metrics), ...contested, ...watch.metrics],
    calibration: [...(because.trial?.calibration ?? card.calibration), ...watch.calibration],
    drift: watch.drift,
  });
  return output;
}

async function rules(context: Context, { night }: TrainInput, watch: Watch, reason: string): Promise<TrainOutput> {
  const trainedOn = night.run.asOf;
  const { gates, metrics, calibration, drift } = watch;
  const output = {
    modelId: rulesModelId,
    basis: 'rules',
    verdict: 'not_enough_data',
    reason,
    trainedOn,
    gates,
  } as const;
  const judgedWith = trainingLine(context.config.model);
  const tables = { output, model: null, judgedOn: trainedOn, judgedWith, metrics, calibration, drift };
  await writeModelTables(context, night, tables);
  return output;
}

const disagreement = ({ referee }: Fitted): string | null =>
  referee && referee.disagreements > 0
    ? `ml-random-forest disagrees with our scorer on ${referee.disagreements} of ${referee.rows} rows`
    : null;

/** Trains what won on everything that is known, and puts it in force; a forest that the library reads differently never. */
async function promote(
  context: Context,
  input: TrainInput,
  found: Trial,
  buyers: FeatureRows,
  watch: Watch,
  old: { readonly champion: Champion; readonly contest: Contest } | null,
): Promise<TrainOutput> {
  const { rows, believed } = found;
  const winner = old?.contest.winner ?? 'challenger';
  let choice = winner === 'challenger' ? found.choice : { ...found.choice, basis: winner };
  const fitBest = () => fitChosen(context, rows, { basis: choice.basis, beliefs: believed }, input, buyers);
  let fitted = await fitBest();
  const objection = disagreement(fitted);
  if (objection && old) return keep(context, input, old.champion, watch, { reason: objection, trial: found });
  if (objection) {
    choice = { ...choice, basis: 'logistic', reason: `${objection}; ${choice.reason}` };
    fitted = await fitBest();
  }
  const reason = [old?.contest.reason, old && overruled(watch), choice.reason].filter(Boolean).join('; ');
  const inForce = chosenName(choice);
  const model = await makeModel(context, input, rows, buyers, fitted, {
    reason,
    inForce,
    metrics: [...found.metrics, ...(old?.contest.metrics ?? [])],
    calibration: found.calibration.filter((row) => row.method === inForce),
    believed,
    replaced: old?.champion.modelId ?? null,
  });
  const modelId = await storeModel(context.store, model);
  const { basis, verdict } = model.card;
  const trainedOn = input.night.run.asOf;
  const output = { modelId, basis, verdict, reason, trainedOn, gates: watch.gates } as const;
  await writeModelTables(context, input.night, {
    output,
    model,
    judgedOn: trainedOn,
    judgedWith: trainingLine(model.card.training),
    metrics: [...model.card.metrics, ...watch.metrics],
    calibration: [...found.calibration, ...watch.calibration],
    drift: watch.drift,
  });
  return output;
}

/** The champion against what tonight's trial chose; a champion trained otherwise is fitted anew as it was, where it must be. */
async function holdAgainst(context: Context, champion: Champion, found: Trial, horizonDays: number): Promise<Contest> {
  const training = trainingLine(context.config.model);
  const { card } = champion.model;
  const challenger = { method: chosenName(found.choice), training, beliefsOn: found.believedOn };
  const isTested = found.folds.some((fold) => fold.testOn >= champion.trainedOn);
  if (isTested || trainingLine(card.training) === training)
    return contest(champion, challenger, found.folds, found.rows, horizonDays);
  const settings = { ...context.config.model, ...card.training };
  const refit: Fold[] = [];
  for (const { testOn } of found.folds) {
    const fold = await walkForward(found.rows, testOn, horizonDays, settings);
    if (fold) refit.push(fold);
  }
  return contest(champion, challenger, found.folds, found.rows, horizonDays, asPublished(refit));
}

/**
 * Watches over the model in force, and when a training is due learns from past snapshots what loss looks like. A new model
 * takes the place of the one in force only where it is better by more than noise on time that neither has learned from;
 * an alarm of the watch stops it. Writes the model, models, model_metrics, calibration_curves and drift. Without enough
 * data it says so with counts, and rules are in force.
 */
export async function train(context: Context, input: TrainInput): Promise<TrainOutput> {
  const { night, horizon, features } = input;
  const champion = await findChampion(context, night, horizon.horizonDays);
  const buyers = await readBuyers(context.store, features.featureFiles);
  const watch = await watchOver(context, input, champion, buyers);
  if (champion && !horizon.trainingDue) {
    const { trainedOn, reason } = champion.model.card;
    return keep(context, input, champion, watch, { reason: `trained on ${trainedOn}; ${reason}` });
  }
  if (champion && watch.alarms.length > 0 && night.run.asOf < patientUntil(context, input, champion)) {
    const until = isoDate(patientUntil(context, input, champion));
    const reason = `the watch stops any new model until ${until}, or until it is quiet: ${watch.alarms.join('; ')}`;
    const rows = await readSnapshots(context.store, features.snapshotFiles);
    const kept = await atTonightsLevel(context, input, champion, rows, champion.model.card.believed, buyers);
    return keep(context, input, kept.champion, watch, { reason: reason + kept.moved });
  }
  const found = await trial(context, input);
  if ('shortage' in found) return rules(context, input, watch, found.shortage);
  context.progress(0.9, 'training on all that is known');
  if (!champion) return promote(context, input, found, buyers, watch, null);
  const judged = await holdAgainst(context, champion, found, horizon.horizonDays);
  if (judged.winner) return promote(context, input, found, buyers, watch, { champion, contest: judged });
  const kept = await atTonightsLevel(context, input, champion, found.rows, found.believed, buyers);
  const reason = judged.reason + kept.moved;
  return keep(context, input, kept.champion, watch, { reason, trial: found, contest: judged });
}
