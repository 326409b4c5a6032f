import { calibrationCurve } from '../model/evaluation.ts';
import type { CalibrationRow, ModelMetric } from '../model/model-file.ts';
import { estimate, type Outcomes, type Replicated, replicated, resample } from './intervals.ts';
import { type Fold, type Population, populationOf, populations } from './walk-forward.ts';

/** Figures that are shares or probabilities. */
const atMostOne = new Set(['roc_auc', 'pr_auc', 'brier', 'calibration_error', 'base_rate']);

/** The 95 % interval of a metric over one or more dates. */
export const intervalOf = (metric: string, parts: readonly Replicated[]) =>
  estimate(parts, atMostOne.has(metric) ? 1 : undefined);

/** What one method foretold for one population at one date, judged. */
export interface Judged {
  readonly method: string;
  readonly population: Population;
  readonly testOn: number;
  readonly trainedUntil: number | null;
  readonly outcomes: Outcomes;
  readonly metrics: Readonly<Record<string, Replicated>>;
}

/** Every method on every population of every fold. */
export function judgeFolds(folds: readonly Fold[]): Judged[] {
  const methods = [...new Set(folds.flatMap((fold) => [...fold.foretold.keys()]))];
  return folds.flatMap((fold) => {
    const { testOn, trainedUntil } = fold;
    return populations.flatMap((population) => {
      const resamples = resample(populationOf(fold, population, 'forest').customers);
      return methods.map((method): Judged => {
        const outcomes = populationOf(fold, population, method);
        const metrics = replicated(outcomes, true, resamples);
        return { method, population, testOn, trainedUntil, outcomes, metrics };
      });
    });
  });
}

const counts = ({ outcomes: { lost } }: Judged) => ({
  rows: lost.length,
  lost: lost.reduce((sum, value) => sum + value, 0),
});

/** Judged predictions as rows of model_metrics. */
export function metricRows(judged: readonly Judged[], split: 'walk_forward' | 'matured'): ModelMetric[] {
  return judged.flatMap((one) =>
    Object.entries(one.metrics).map(([metric, part]) => ({
      split,
      method: one.method,
      population: one.population,
      test_on: one.testOn,
      metric,
      ...intervalOf(metric, [part]),
      promised: null,
      ...counts(one),
      trained_until: one.trainedUntil,
    })),
  );
}

/** Means over the dates of each method and population, under the latest date. */
export function meanRows(judged: readonly Judged[]): ModelMetric[] {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const name = `${one.method} ${one.population}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const latest = group.reduce((a, b) => (b.testOn > a.testOn ? b : a));
    if (!first) return [];
    const total = group.map(counts);
    return Object.keys(first.metrics).map((metric) => ({
      split: 'walk_forward_mean',
      method: first.method,
      population: first.population,
      test_on: latest.testOn,
      metric,
      ...intervalOf(
        metric,
        group.flatMap(({ metrics }) => metrics[metric] ?? []),
      ),
      promised: null,
      rows: total.reduce((sum, { rows }) => sum + rows, 0),
      lost: total.reduce((sum, { lost }) => sum + lost, 0),
      trained_until: latest.trainedUntil,
    }));
  });
}

/** Told and true rate per tenth, as rows of calibration_curves. */
export function calibrationRows(judged: readonly Judged[], split: 'walk_forward' | 'matured'): CalibrationRow[] {
  return judged.flatMap(({ method, population, testOn, outcomes }) =>
    calibrationCurve(outcomes.scores, outcomes.lost).map((bin, i) => ({
      split,
      method,
      population,
      test_on: testOn,
      bin: i + 1,
      customers: bin.n,
      mean_probability: bin.meanScore,
      lost_rate: bin.positiveRate,
    })),
  );
}
