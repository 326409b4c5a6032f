import { optionalDate, text } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import { bootstrapDifference, type Interval } from '../model/bootstrap.ts';
import { logLoss, rocAuc } from '../model/evaluation.ts';
import { baselines, lossProbabilities, type MethodName, withoutSeason } from '../model/methods.ts';
import { type ChurnModel, isUsable, loadCard, loadModel, type ModelMetric } from '../model/model-file.ts';
import { type Night, rulesModelId } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { inputOf } from './fit-forest.ts';
import type { OtherForest } from './other-trainer.ts';
import { atSeason } from './season.ts';
import { at, type LabelledRows, until } from './snapshots.ts';
import { type Fold, type Population, populationOf, refuseOwnWindow, type TestedMethod } from './walk-forward.ts';

/** The model in force before this night. */
export interface Champion {
  readonly modelId: string;
  readonly trainedOn: number;
  /** Day as of which it was trained or last held against a challenger. */
  readonly judgedOn: number;
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
    columns: { model_id: text(''), judged_on: optionalDate('') },
    key: ['model_id'],
  });
  const { modelId, trainedOn } = previous;
  return { modelId, trainedOn, judgedOn: told?.judged_on ?? trainedOn, model };
}

/** A method as the walk-forward makes it anew: a blend with its season, where one is known. */
const recipeOf = (basis: MethodName | OtherForest): TestedMethod => (basis === 'blend' ? 'blend_calibrated' : basis);

const nameBefore = (tested: TestedMethod) => (tested === 'blend_calibrated' ? 'blend' : tested);

/** Whether the new model takes the champion's place, and why, with the figures. */
export interface Contest {
  readonly isReplaced: boolean;
  readonly reason: string;
  readonly metrics: readonly ModelMetric[];
}

/** What champion, challenger and best baseline foretold for the same customers, and what happened. */
interface Match {
  readonly population: Population;
  readonly dates: readonly number[];
  readonly lost: Uint8Array;
  readonly customers: number[];
  readonly champion: Float64Array;
  readonly challenger: Float64Array;
  readonly baseline: Float64Array;
  readonly baselineName: TestedMethod;
}

/** Folds with what the champion foretold: its file on dates after all that it learned from, or its method fitted anew. */
type Foretold = (fold: Fold) => Float64Array;

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}

const hasBoth = (lost: Uint8Array): boolean => lost.includes(0) && lost.includes(1);

/** Customers not yet lapsed decide, as everywhere; all of them where the former have one outcome only. */
function match(folds: readonly Fold[], challenger: TestedMethod, foretold: Foretold): Match | null {
  const on = (population: Population): Match => {
    const active = (fold: Fold, row: number) => population === 'all' || fold.isActive[row] === 1;
    const pick = (fold: Fold, scores: Float64Array) => scores.filter((_, row) => active(fold, row));
    const scoresOf = (method: TestedMethod) =>
      joined(folds.map((fold) => populationOf(fold, population, method).scores));
    const lost = Uint8Array.from(folds.flatMap((fold) => [...populationOf(fold, population, challenger).lost]));
    const best = baselines.reduce((a, b) =>
      (logLoss(scoresOf(b), lost) ?? 0) < (logLoss(scoresOf(a), lost) ?? 0) ? b : a,
    );
    return {
      population,
      dates: folds.map((fold) => fold.testOn),
      lost,
      customers: folds.flatMap((fold) => [...populationOf(fold, population, challenger).customers]),
      champion: joined(folds.map((fold) => pick(fold, foretold(fold)))),
      challenger: scoresOf(challenger),
      baseline: scoresOf(best),
      baselineName: best,
    };
  };
  if (folds.length === 0) return null;
  const active = on('active_h');
  if (hasBoth(active.lost)) return active;
  const all = on('all');
  return hasBoth(all.lost) ? all : null;
}

interface Difference {
  readonly logLoss: Interval | null;
  readonly rocAuc: Interval | null;
}

const replicates = 300;

/** a − b on the same customers, drawn together. */
const differenceOf = (a: Float64Array, b: Float64Array, { lost, customers }: Match): Difference => ({
  logLoss: bootstrapDifference(a, b, lost, 'logLoss', { seed: 1, replicates, groups: customers }),
  rocAuc: bootstrapDifference(a, b, lost, 'rocAuc', { seed: 1, replicates, groups: customers }),
});

/** Better by more than noise in log loss or ROC AUC, and worse by more than noise in neither. */
export function isBetter({ logLoss: loss, rocAuc: auc }: Difference): boolean {
  const better = (loss?.high ?? 0) < 0 || (auc?.low ?? 0) > 0;
  const worse = (loss?.low ?? 0) > 0 || (auc?.high ?? 0) < 0;
  return better && !worse;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const range = (name: string, found: Interval | null): string =>
  found ? `${name} ${signed(found.estimate)} (95 % ${signed(found.low)} to ${signed(found.high)})` : '';

const sentence = ({ rocAuc: auc, logLoss: loss }: Difference): string =>
  [range('ROC AUC', auc), range('log loss', loss)].filter(Boolean).join(', ');

function metricsOf(found: Match, difference: Difference): ModelMetric[] {
  const common = {
    split: 'champion',
    population: found.population,
    test_on: Math.max(...found.dates),
    promised: null,
    rows: found.lost.length,
    lost: found.lost.reduce((sum, value) => sum + value, 0),
    trained_until: null,
  };
  const plain = (method: string, scores: Float64Array) =>
    [
      ['roc_auc', rocAuc(scores, found.lost)],
      ['log_loss', logLoss(scores, found.lost)],
    ].map(([metric, value]) => ({ ...common, method, metric, value, low: null, high: null }) as ModelMetric);
  const apart = (metric: string, interval: Interval | null): ModelMetric[] =>
    interval
      ? [{ ...common, method: 'difference', metric, value: interval.estimate, low: interval.low, high: interval.high }]
      : [];
  return [
    ...plain('champion', found.champion),
    ...plain('challenger', found.challenger),
    ...plain(found.baselineName, found.baseline),
    ...apart('roc_auc', difference.rocAuc),
    ...apart('log_loss', difference.logLoss),
  ];
}

/**
 * Holds the challenger against the champion.
 *
 * Where there are test dates after the champion's training, the champion itself is judged on them, against the
 * challenger's method fitted on what was known at each date: nothing that either learned from reaches past the date.
 * Where there are none yet, a challenger of another method is judged by the methods on all test dates, each fitted anew;
 * one of the same method has nothing to show before a horizon has passed since the champion was trained.
 * Either has its level moved to the season of the date, as a night would have done, or neither.
 *
 * The champion stays unless the challenger is better by more than noise, or the champion has fallen behind the best
 * baseline by more than noise.
 * @param challenger the method that `chooseMethod` found not worse than the best baseline, or that baseline
 */
export function contest(
  champion: Champion,
  challenger: TestedMethod,
  folds: readonly Fold[],
  rows: LabelledRows,
  horizonDays: number,
): Contest {
  const { method, bgNbd } = champion.model;
  const name = recipeOf(method.basis);
  const isAlike = name === recipeOf(nameBefore(challenger));
  const since = isoDate(champion.trainedOn);
  const after = folds.filter((fold) => fold.testOn >= champion.trainedOn);
  const byFile: Foretold = (fold) => {
    refuseOwnWindow({ ...fold, trainedUntil: champion.trainedOn - horizonDays });
    const known = until(rows, fold.testOn - horizonDays);
    const isLevel = challenger === 'blend';
    const then = isLevel ? withoutSeason(method) : atSeason(champion.model, known, horizonDays, fold.testOn);
    return lossProbabilities(then, inputOf(at(rows, fold.testOn), horizonDays, bgNbd));
  };
  const byMethod: Foretold = (fold) => populationOf(fold, 'all', name).scores;
  if (after.length === 0 && isAlike) {
    const reason =
      `the new model is made as the one of ${since} was (${name}), and nothing has been seen yet that neither learned ` +
      `from: the first test of both is possible on ${isoDate(champion.trainedOn + horizonDays)}`;
    return { isReplaced: false, reason, metrics: [] };
  }
  const found = after.length > 0 ? match(after, challenger, byFile) : match(folds, challenger, byMethod);
  if (!found) return { isReplaced: false, reason: 'no test date has both lost and kept customers', metrics: [] };
  const difference = differenceOf(found.challenger, found.champion, found);
  const fallen = isBetter(differenceOf(found.baseline, found.champion, found));
  const isReplaced = isBetter(difference) || fallen;
  const who = found.population === 'active_h' ? 'customers not yet lapsed' : 'all customers';
  const what = after.length > 0 ? `the model of ${since} (${name})` : `the method of the model of ${since} (${name})`;
  const dates = found.dates.map(isoDate).join(', ');
  const why = isBetter(difference)
    ? 'better by more than noise'
    : fallen
      ? `not better by more than noise, but ${found.baselineName} is better than the old one`
      : 'not better by more than noise';
  const reason = `challenger (${challenger}) against ${what}: ${sentence(difference)}, ${why}; on ${found.lost.length} ${who}, tested on ${dates}`;
  return { isReplaced, reason, metrics: metricsOf(found, difference) };
}
