import { optionalDate, optionalText, text } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import type { Interval } from '../model/bootstrap.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import { baselines, lossProbabilities, type MethodName } from '../model/methods.ts';
import { type ChurnModel, isUsable, loadCard, loadModel, type ModelMetric, trainingLine } from '../model/model-file.ts';
import { type Night, rulesModelId } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import {
  type Baseline,
  bestOf,
  by,
  criteria,
  type Difference,
  decisive,
  differenceOf,
  type Foretold,
  isBetter,
  judgeable,
  meanOf,
} from './compare.ts';
import { inputOf } from './fit-forest.ts';
import { type Beliefs, keptAtLevel } from './level.ts';
import { at, type LabelledRows, until } from './snapshots.ts';
import { type Fold, type Population, populationOf, refuseOwnWindow, type TestedMethod } from './walk-forward.ts';

/** The model in force before this night. */
export interface Champion {
  readonly modelId: string;
  readonly trainedOn: number;
  /** Day as of which it was trained or last held against a challenger, and how that one was trained. */
  readonly judgedOn: number;
  readonly judgedWith: string;
  readonly model: ChurnModel;
}

const previousModel = sqlFile(import.meta.url, './previous-model.sql');

/**
 * The model in force before this night, when it answers tonight's question: same horizon, same features, still there.
 * Otherwise there is nothing to hold a new model against.
 */
export async function findChampion(
  { store, engine }: Context,
  night: Night,
  horizonDays: number,
): Promise<Champion | null> {
  const { previous } = night;
  if (!previous || previous.modelId === rulesModelId || previous.horizonDays !== horizonDays) return null;
  if (!isUsable(await loadCard(store, previous.modelId))) return null;
  const model = await loadModel(store, previous.modelId);
  const [told] = await rowsOf(engine, previousModel(runParameters(previous)), {
    columns: { model_id: text(''), judged_on: optionalDate(''), judged_with: optionalText('') },
    key: ['model_id'],
  });
  const { modelId, trainedOn } = previous;
  const [judgedOn, judgedWith] = [told?.judged_on ?? trainedOn, told?.judged_with ?? trainingLine(model.card.training)];
  return { modelId, trainedOn, judgedOn, judgedWith, model };
}

/** A method under the name that tests give it when it is made anew. */
const recipeOf = (basis: MethodName): TestedMethod => (basis === 'blend' ? 'blend_calibrated' : basis);

/** Whether another model takes the champion's place, which one, and why, with the figures. */
export interface Contest {
  /** What is put in force instead: the challenger, or a baseline that is better than both; null where the champion stays. */
  readonly winner: 'challenger' | Baseline | null;
  readonly reason: string;
  readonly metrics: readonly ModelMetric[];
}

/** What a challenger is: its method under its name in the tests, how it is trained, and which shifts were believed when. */
export interface Challenger {
  readonly method: TestedMethod;
  readonly training: string;
  readonly beliefsOn: (date: number) => Beliefs;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const range = (name: string, found: Interval | null): string =>
  found ? `${name} ${signed(found.estimate)} (95% ${signed(found.low)} to ${signed(found.high)})` : '';

const sentence = ({ rocAuc: auc, levelLogLoss: loss }: Difference): string =>
  [range('ROC AUC', auc), range('log loss at the level that came true', loss)].filter(Boolean).join(', ');

/** The tests of a contest with the champion among them. */
interface Match {
  readonly folds: readonly Fold[];
  readonly population: Population;
  readonly champion: Foretold;
  readonly challenger: Foretold;
  readonly baseline: Baseline;
}

function metricsOf(
  { folds, population, champion, challenger, baseline }: Match,
  difference: Difference,
): ModelMetric[] {
  const tested = folds.map((fold) => populationOf(fold, population, baseline));
  const common = {
    split: 'champion',
    population,
    test_on: Math.max(...folds.map((fold) => fold.testOn)),
    promised: null,
    rows: tested.reduce((sum, { lost }) => sum + lost.length, 0),
    lost: tested.reduce((sum, { lost }) => sum + lost.reduce((a, b) => a + b, 0), 0),
    trained_until: null,
  };
  const nowhere = { low: null, high: null };
  const plain = (method: string, foretold: Foretold) => {
    const figures = { roc_auc: rocAuc, log_loss: logLoss, level_log_loss: criteria.levelLogLoss };
    return Object.entries(figures).map(([metric, measure]) => ({
      ...common,
      ...nowhere,
      method,
      metric,
      value: meanOf(folds, population, foretold, measure),
    }));
  };
  const apart = (metric: string, found: Interval | null): ModelMetric[] =>
    found ? [{ ...common, method: 'difference', metric, value: found.estimate, low: found.low, high: found.high }] : [];
  return [
    ...plain('champion', champion),
    ...plain('challenger', challenger),
    ...plain(baseline, by(baseline)),
    ...apart('roc_auc', difference.rocAuc),
    ...apart('level_log_loss', difference.levelLogLoss),
  ];
}

/** Who is put in force, and why: the challenger has to be better, or the champion to have fallen behind a baseline. */
function judge({ folds, population, champion, challenger, baseline }: Match) {
  const isAbove = (a: Foretold, b: Foretold) => isBetter(differenceOf(folds, population, a, b));
  const difference = differenceOf(folds, population, challenger, champion);
  const verdict = (winner: Contest['winner'], why: string) => ({ winner, why, difference });
  const hasFallen = isAbove(by(baseline), champion);
  if (hasFallen && isAbove(by(baseline), challenger)) {
    return verdict(baseline, `${baseline} is better than both by more than noise`);
  }
  if (isBetter(difference)) return verdict('challenger', 'better by more than noise');
  if (!hasFallen) return verdict(null, 'not better by more than noise and .002');
  return verdict('challenger', `not better by more than noise, but ${baseline} is better than the old one`);
}

/** What the champion's own file foretells on dates after all that it learned from, at the level of each date. */
const championAlone =
  ({ model, trainedOn }: Champion, { beliefsOn }: Challenger, rows: LabelledRows, horizonDays: number): Foretold =>
  (fold) => {
    refuseOwnWindow({ ...fold, trainedUntil: trainedOn - horizonDays });
    const tested = at(rows, fold.testOn);
    const known = until(rows, fold.testOn - horizonDays);
    const method = keptAtLevel(
      model,
      { date: fold.testOn, horizonDays, known, buyers: tested.rows },
      beliefsOn(fold.testOn),
    );
    return lossProbabilities(method, inputOf(tested, horizonDays, model.bgNbd));
  };

/**
 * Holds the challenger against the champion, by the criteria by which methods are chosen, as means over the dates.
 *
 * Where there are test dates after the champion's training, the champion itself is judged on them, against the
 * challenger's method fitted on what was known at each date: nothing that either learned from reaches past the date.
 * Where there are none yet, a challenger of another method is judged by the methods on all test dates, each fitted anew;
 * one of the same method, trained alike, has nothing to show before a horizon has passed since the champion was trained.
 * Both foretell at the level of the date, as a night would have done.
 *
 * The champion stays unless the challenger is better by more than noise and by .002, or the champion has fallen behind the
 * best baseline in the same sense. It then makes room for the challenger, or for that baseline where it beats the
 * challenger too.
 * @param refit the champion's method fitted anew with its own settings at each test, where the challenger's are others
 */
export function contest(
  champion: Champion,
  challenger: Challenger,
  all: readonly Fold[],
  rows: LabelledRows,
  horizonDays: number,
  refit: readonly Fold[] = all,
): Contest {
  const { model } = champion;
  const name = recipeOf(model.method.basis);
  const trainedAs = trainingLine(model.card.training);
  const isAlike = name === challenger.method && trainedAs === challenger.training;
  const since = isoDate(champion.trainedOn);
  const after = all.filter((fold) => fold.testOn >= champion.trainedOn);
  if (after.length === 0 && isAlike) {
    const reason =
      `the new model is made as the one of ${since} was (${name}), and nothing has been seen yet that neither learned ` +
      `from: the first test of both is possible on ${isoDate(champion.trainedOn + horizonDays)}`;
    return { winner: null, reason, metrics: [] };
  }
  const byFile = championAlone(champion, challenger, rows, horizonDays);
  const anew: Foretold = (fold) => by(name)(refit.find(({ testOn }) => testOn === fold.testOn) ?? fold);
  const some = after.length > 0 ? after : all;
  const population = decisive(some);
  const folds = judgeable(some, population);
  if (folds.length === 0) return { winner: null, reason: 'no test date has both lost and kept customers', metrics: [] };
  const foretold = new Map(folds.map((fold) => [fold, (after.length > 0 ? byFile : anew)(fold)]));
  const baseline = bestOf(folds, population, baselines, 'levelLogLoss');
  const found: Match = {
    folds,
    population,
    champion: (fold) => foretold.get(fold) as Float64Array,
    challenger: by(challenger.method),
    baseline,
  };
  const { winner, why, difference } = judge(found);
  const who = population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const what = after.length > 0 ? `the model of ${since} (${name})` : `the method of the model of ${since} (${name})`;
  const dates = folds.map((fold) => isoDate(fold.testOn)).join(', ');
  const tested = folds.reduce((sum, fold) => sum + populationOf(fold, population, baseline).lost.length, 0);
  const trained = trainedAs === challenger.training ? '' : `, ${challenger.training}`;
  const reason = `challenger (${challenger.method}${trained}) against ${what}: ${sentence(difference)}, ${why}; on ${tested} ${who}, tested on ${dates}`;
  return { winner, reason, metrics: metricsOf(found, difference) };
}
