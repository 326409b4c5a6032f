import { isoDate } from '../../lake/day.ts';
import { methodName } from '../../wording/names.ts';
import { calibrationChart, liftChart } from '../charts/method-charts.ts';
import { shareOf } from '../charts/rfm-map.ts';
import { type Html, html } from '../html.ts';
import type { ModelMetric } from '../report-data.ts';
import { type TableColumn, tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

const shownMetrics = ['roc_auc', 'pr_auc', 'log_loss', 'brier', 'calibration_error', 'lift_10'] as const;
const populations = ['active_h', 'all'] as const;
const methodOrder = [
  'champion',
  'challenger',
  'difference',
  'blend_calibrated',
  'blend',
  'forest',
  'forest_winback',
  'forest_ml_random_forest',
  'logistic',
  'bgnbd',
  'rfm',
  'recency',
  'base_rate',
];

/** The method in force under the name that the tests give it. */
const inForce = ({ data }: View): string => data.model.method;

/** One population at one test date: the methods in their order, each with its metrics. */
interface ModelTest {
  readonly population: (typeof populations)[number];
  readonly testOn: number;
  readonly methods: readonly { readonly method: string; readonly metrics: readonly ModelMetric[] }[];
}

function testsOf(rows: readonly ModelMetric[]): ModelTest[] {
  const dates = [...new Set(rows.map((row) => row.test_on))].sort((a, b) => b - a);
  return dates.flatMap((testOn) =>
    populations.flatMap((population) => {
      const tested = rows.filter((row) => row.test_on === testOn && row.population === population);
      const names = [...new Set(tested.map((row) => row.method))].sort(
        (a, b) => methodOrder.indexOf(a) - methodOrder.indexOf(b),
      );
      const methods = names.map((method) => ({ method, metrics: tested.filter((row) => row.method === method) }));
      return methods.length > 0 ? [{ population, testOn, methods: [...methods, ...sameForAll(tested)] }] : [];
    }),
  );
}

/** What one probability for everybody would have come to: the least that a method must beat. */
function sameForAll(tested: readonly ModelMetric[]): ModelTest['methods'] {
  const base = tested.find((row) => row.metric === 'base_log_loss' && row.value !== null);
  return base ? [{ method: 'base_rate', metrics: [{ ...base, metric: 'log_loss', low: null, high: null }] }] : [];
}

const rowOf = (metrics: readonly ModelMetric[], name: string) => metrics.find((metric) => metric.metric === name);

const metricValue = (metrics: readonly ModelMetric[], name: string): number | null =>
  rowOf(metrics, name)?.value ?? null;

/** @param dates the dates that figures are means over; none for a test of one date */
function testTable(view: View, test: ModelTest, dates: readonly number[] = []): Html {
  const { data, format, labels, language } = view;
  const words = labels.model;
  type Row = ModelTest['methods'][number];
  const first = test.methods[0]?.metrics[0];
  const population = words.populations[test.population];
  const days = format.days(data.model.horizon_days);
  const columns: TableColumn<Row>[] = [
    {
      head: words.columns.method,
      names: true,
      cell: ({ method }) => [
        methodName(language, method),
        method === inForce(view) ? html` <span class="chip">${words.inForce}</span>` : null,
      ],
    },
    ...shownMetrics.map(
      (name): TableColumn<Row> => ({
        head: words.metrics[name],
        numeric: true,
        cell: ({ metrics }) => {
          const row = rowOf(metrics, name);
          const digits = name === 'lift_10' ? 2 : 3;
          const ceiling = name === 'lift_10' ? metricValue(metrics, 'lift_10_ceiling') : null;
          const range =
            row && row.low !== null && row.high !== null
              ? html` <small>${format.fixed(row.low, digits)} – ${format.fixed(row.high, digits)}</small>`
              : null;
          const most = ceiling === null ? null : html` <small>${words.ceiling(format.fixed(ceiling, 2))}</small>`;
          return [format.real(row?.value ?? null, digits), range, most];
        },
      }),
    ),
  ];
  return tableView({
    caption:
      dates.length > 0
        ? words.mean(population, format.whole(dates.length), days)
        : words.caption(population, format.longDate(test.testOn), days),
    ...(dates.length > 0 && { note: `${words.meanTested(dates.map(isoDate).join(', '))} ${words.interval}` }),
    ...(first &&
      dates.length === 0 && {
        note: words.tested(
          format.whole(first.rows),
          format.whole(first.lost),
          format.percent(shareOf(first.lost, first.rows) ?? 0),
          format.longDate(first.trained_until ?? test.testOn),
        ),
      }),
    columns,
    rows: test.methods,
    cards: true,
  });
}

const contestMetrics = ['roc_auc', 'log_loss', 'level_log_loss'] as const;

/** The model in force and its challenger on the same customers, where they were held against each other. */
function contestTable(view: View): Html | null {
  const { data, format, labels, language } = view;
  const words = labels.model;
  const [test] = testsOf(data.modelMetrics.filter((row) => row.split === 'champion'));
  if (!test) return null;
  const figure = (name: (typeof contestMetrics)[number]): TableColumn<ModelTest['methods'][number]> => ({
    head: words.metrics[name],
    numeric: true,
    cell: ({ metrics }) => {
      const row = rowOf(metrics, name);
      const range =
        row && row.low !== null && row.high !== null
          ? html` <small>${format.fixed(row.low, 3)} – ${format.fixed(row.high, 3)}</small>`
          : null;
      return [format.real(row?.value ?? null, 3), range];
    },
  });
  return tableView({
    caption: words.contest(words.populations[test.population], format.longDate(test.testOn)),
    columns: [
      { head: words.columns.method, names: true, cell: ({ method }) => methodName(language, method) },
      ...contestMetrics.map(figure),
    ],
    rows: test.methods,
    cards: true,
  });
}

const levels = ['season', 'process', 'history'] as const;

function facts({ data, format, labels }: View): string {
  const { model } = data;
  const words = labels.model;
  const level = levels.find((kind) => kind === model.level_from) ?? null;
  return [
    words.fitted(format.whole(model.rows), format.whole(model.customers), format.longDate(model.trained_on)),
    ...(model.churn_rate_pct === null ? [] : [words.lostShare(format.percent(model.churn_rate_pct))]),
    ...(model.sample_rate_pct < 100 ? [words.sample(format.percent(model.sample_rate_pct))] : []),
    level === null ? words.uncalibrated : words.calibrated[level],
    ...(model.undated_refunds_pct ? [words.undated(format.percent(model.undated_refunds_pct))] : []),
  ].join(' ');
}

/** Told against true, and where the lost are found, for the method in force on its newest test. */
function charts(view: View): Html | null {
  const { data, format, labels } = view;
  const tested = data.calibration.filter((row) => row.split === 'walk_forward' && row.method === inForce(view));
  const newest = tested.reduce((latest, row) => Math.max(latest, row.test_on), 0);
  const of = (population: string) => tested.filter((row) => row.test_on === newest && row.population === population);
  const population = populations.find((name) => of(name).length > 0);
  if (!population) return null;
  const bins = of(population).sort((a, b) => a.bin - b.bin);
  const note = labels.model.calibration.note(labels.model.populations[population], format.longDate(newest));
  return html`<div class="pair">${calibrationChart(bins, note, format, labels.model)}${liftChart(bins, format, labels.model)}</div>
`;
}

/** The model against simpler methods, on time after what it was fitted on. */
export function model(view: View): Html {
  const { data, labels } = view;
  const of = (split: string) => testsOf(data.modelMetrics.filter((row) => row.split === split));
  const tests = of('walk_forward');
  const dates = [...new Set(tests.map((test) => test.testOn))].sort((a, b) => a - b);
  const means = dates.length > 1 ? of('walk_forward_mean') : [];
  const shown = means.length > 0 ? [] : tests.filter((test) => test.testOn === tests[0]?.testOn);
  const further = tests.filter((test) => !shown.includes(test));
  const drawn = charts(view);
  const contested = contestTable(view);
  return section(
    view,
    'model',
    ...(data.model.basis === 'rules' ? [] : [paragraph(facts(view))]),
    html`<p class="quote">${data.model.reason}</p>\n`,
    ...(tests.length === 0 ? [html`<p class="empty">${labels.model.notEnough}</p>\n`] : []),
    ...means.map((test) => testTable(view, test, dates)),
    ...shown.map((test) => testTable(view, test)),
    ...(tests.length > 0
      ? [html`<ul class="small">${labels.model.howToRead.map((text) => html`<li>${text}</li>`)}</ul>\n`]
      : []),
    ...(contested ? [contested] : []),
    ...(drawn ? [drawn] : []),
    ...(further.length > 0
      ? [
          html`<details><summary>${labels.model.older}</summary>${further.map((test) => testTable(view, test))}</details>\n`,
        ]
      : []),
  );
}
