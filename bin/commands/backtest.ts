import { curate } from '../../lambdas/curate/curate.ts';
import { features } from '../../lambdas/features/features.ts';
import { horizon } from '../../lambdas/horizon/horizon.ts';
import { text } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { ModelMetric } from '../../lambdas/model/model-file.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import type { Context } from '../../lambdas/platform/context.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind, runParameters } from '../../lambdas/platform/statement.ts';
import { chosenName, type Shortage, type Trial, trial } from '../../lambdas/train/trial.ts';
import { counted } from '../../lambdas/wording/counts.ts';
import { type Arguments, asOfOption, type Command, lakeOptions } from '../command.ts';
import { forgetting } from '../forget-run.ts';
import { lakeFolder, openLocalLake } from '../local-lake.ts';
import { type Terminal, tableLines } from '../terminal.ts';
import { configOf, nightOptions } from './run.ts';

/** Settings with `--horizon` and `--dates` laid over them. */
async function settingsOf(given: Arguments): Promise<Config> {
  const config = await configOf(given);
  const dates = given.text('dates');
  if (dates === undefined) return config;
  if (!/^\d+$/.test(dates) || Number(dates) < 1 || Number(dates) > 12) {
    throw new UsageError(`--dates ${dates} is not a number of dates from 1 to 12`, 'For example --dates 5.');
  }
  return { ...config, model: { ...config.model, test_dates: Number(dates) } };
}

interface Backtest {
  readonly asOf: number;
  readonly horizonDays: number;
  readonly rule: string;
  readonly found: Trial | Shortage;
}

/** The steps of a night up to the point where a model would be trained, on a run that nobody will ever see. */
async function testMethods(lake: Context, asOf: number | null, withLibrary: boolean): Promise<Backtest> {
  const night = await claim(lake, asOf, 'backtest');
  const { run } = night;
  return forgetting(lake, run, async (context) => {
    context.progress(0.05, 'reading orders');
    await curate(context, { night });
    const chosen = await horizon(context, { night });
    const { horizonDays } = chosen;
    const rule = 'select rule from horizons_runs where as_of = :as_of and run_id = :run_id';
    const [told] = await rowsOf(context.engine, bind('horizon-rule', rule, runParameters(run)), {
      columns: { rule: text('How H came about.') },
      key: ['rule'],
    });
    context.progress(0.2, 'describing customers');
    const described = await features(context, { night, horizon: chosen });
    const found = await trial(context, { night, horizon: chosen, features: described }, { withLibrary });
    return { asOf: run.asOf, horizonDays, rule: told?.rule ?? '', found };
  });
}

const columns = [
  ['roc_auc', 'ROC AUC', 3],
  ['pr_auc', 'PR AUC', 3],
  ['brier', 'Brier', 3],
  ['log_loss', 'log loss', 3],
  ['calibration_error', 'calib. error', 3],
  ['lift_10', 'lift at 10%', 2],
  ['retained_lift_10', 'safest 10%', 2],
] as const;

const populationNames: Readonly<Record<string, string>> = { all: 'all buyers', active_h: 'not yet lapsed' };

function figure(row: ModelMetric | undefined, digits: number): string {
  if (!row || row.value === null) return '–';
  const half = row.low === null || row.high === null ? null : Math.max(row.high - row.value, row.value - row.low);
  return `${row.value.toFixed(digits)}${half === null ? '' : ` ±${half.toFixed(digits)}`}`;
}

/** One table: the methods of one population on one date, or on the mean of all. */
function methodTable(rows: readonly ModelMetric[], inForce: string, terminal: Terminal): string[] {
  const methods = [...new Set(rows.map((row) => row.method))];
  const of = (method: string, metric: string) => rows.find((row) => row.method === method && row.metric === metric);
  const auc = (method: string) => of(method, 'roc_auc')?.value ?? 0;
  const lines = methods
    .sort((a, b) => auc(b) - auc(a))
    .map((method) => [
      `${method}${method === inForce ? ' *' : ''}`,
      ...columns.map(([metric, , digits]) => figure(of(method, metric), digits)),
    ]);
  const [first] = methods;
  const baseRate = first === undefined ? undefined : of(first, 'base_rate');
  const base = first === undefined ? undefined : of(first, 'base_log_loss');
  const ceiling = first === undefined ? undefined : of(first, 'lift_10_ceiling');
  const safest = first === undefined ? undefined : of(first, 'retained_lift_10_ceiling');
  const [head = '', ...body] = tableLines(['method', ...columns.map(([, name]) => name)], lines);
  return [
    terminal.style('dim', head),
    ...body,
    `  ${counted(baseRate?.rows ?? 0)} customers, ${figure(baseRate && { ...baseRate, value: 100 * (baseRate.value ?? 0), low: null }, 1)}% lost; a constant base rate has log loss ${figure(base, 3)}; lift can reach ${figure(ceiling, 2)}, that of the kept among the safest ${figure(safest, 2)}`,
  ];
}

function print({ asOf, horizonDays, rule, found }: Backtest, terminal: Terminal): void {
  terminal.line(terminal.style('bold', `Backtest as of ${isoDate(asOf)}, horizon ${horizonDays} days`));
  terminal.line(`  ${rule}`);
  if ('shortage' in found) {
    terminal.line(`  ${found.shortage}`);
    return;
  }
  const inForce = chosenName(found.choice);
  const block = (title: string, rows: readonly ModelMetric[]) => {
    terminal.line();
    terminal.line(`  ${terminal.style('bold', title)}`);
    for (const line of methodTable(rows, inForce, terminal)) terminal.line(line);
  };
  for (const { testOn, trainedUntil } of found.folds.toReversed()) {
    for (const population of ['active_h', 'all']) {
      const rows = found.metrics.filter(
        (row) => row.split === 'walk_forward' && row.test_on === testOn && row.population === population,
      );
      const title = `Tested on ${isoDate(testOn)}, ${populationNames[population]}; fitted on snapshots up to ${isoDate(trainedUntil)}`;
      if (rows.length > 0) block(title, rows);
    }
  }
  for (const population of ['active_h', 'all']) {
    const rows = found.metrics.filter((row) => row.split === 'walk_forward_mean' && row.population === population);
    block(`Mean over ${found.folds.length} dates, ${populationNames[population]}`, rows);
  }
  terminal.line();
  terminal.line(`  * would score. ${found.choice.reason}`);
  terminal.line('  ± half of the 95% interval (bootstrap over customers). Nothing was published.');
}

function asJson({ asOf, horizonDays, rule, found }: Backtest) {
  const common = { as_of: isoDate(asOf), horizon_days: horizonDays, horizon_rule: rule };
  if ('shortage' in found) return { ...common, verdict: 'not_enough_data', reason: found.shortage };
  const dated = (row: ModelMetric) => ({
    ...row,
    test_on: isoDate(row.test_on),
    trained_until: row.trained_until === null ? null : isoDate(row.trained_until),
  });
  return {
    ...common,
    verdict: ['blend', 'forest'].includes(found.choice.basis) ? 'promoted' : 'baseline',
    in_force: chosenName(found.choice),
    reason: found.choice.reason,
    metrics: found.metrics.map(dated),
    calibration: found.calibration.map((row) => ({ ...row, test_on: isoDate(row.test_on) })),
  };
}

export const backtest: Command = {
  name: 'backtest',
  usage: 'backtest [--lake DIR] [--as-of DATE] [--horizon DAYS] [--dates N] [--with-library] [--config FILE]',
  summary: 'Test every way to score on past dates of the lake, as training does, and print the table.',
  options: {
    ...nightOptions,
    dates: { type: 'string', value: 'N', help: 'past dates to test on, as far as history allows (default: 3)' },
    'with-library': { type: 'boolean', help: 'test the forest of ml-random-forest too' },
    ...lakeOptions,
  },
  async run(given, terminal) {
    const lake = await openLocalLake(lakeFolder(given), await settingsOf(given), terminal, true);
    try {
      const result = await testMethods(lake, asOfOption(given), given.has('with-library'));
      terminal.endProgress();
      terminal.json(asJson(result));
      print(result, terminal);
      return exitCodes.ok;
    } finally {
      lake.close();
    }
  },
};
