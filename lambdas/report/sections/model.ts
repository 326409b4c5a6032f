import { methodName } from '../../wording/names.ts';
import { shareOf } from '../charts/rfm-map.ts';
import { type Html, html } from '../html.ts';
import type { ModelMetric } from '../report-data.ts';
import { type TableColumn, tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

const shownMetrics = ['roc_auc', 'pr_auc', 'log_loss', 'brier', 'calibration_error', 'lift_10'] as const;
const populations = ['active_h', 'all'] as const;
const methodOrder = ['forest', 'logistic', 'bgnbd', 'rfm', 'recency', 'base_rate'];

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
      return methods.length > 0 ? [{ population, testOn, methods }] : [];
    }),
  );
}

const metricValue = (metrics: readonly ModelMetric[], name: string): number | null =>
  metrics.find((metric) => metric.metric === name)?.value ?? null;

function testTable(view: View, test: ModelTest): Html {
  const { data, format, labels, language } = view;
  const words = labels.model;
  type Row = ModelTest['methods'][number];
  const first = test.methods[0]?.metrics[0];
  const columns: TableColumn<Row>[] = [
    {
      head: words.columns.method,
      names: true,
      cell: ({ method }) => [
        methodName(language, method),
        method === data.model.basis ? html` <span class="chip">${words.inForce}</span>` : null,
      ],
    },
    ...shownMetrics.map(
      (name): TableColumn<Row> => ({
        head: words.metrics[name],
        numeric: true,
        cell: ({ metrics }) => {
          const ceiling = name === 'lift_10' ? metricValue(metrics, 'lift_10_ceiling') : null;
          const figure = format.real(metricValue(metrics, name), name === 'lift_10' ? 2 : 3);
          return ceiling === null ? figure : [figure, html` <small>${words.ceiling(format.fixed(ceiling, 2))}</small>`];
        },
      }),
    ),
  ];
  return tableView({
    caption: words.caption(
      words.populations[test.population],
      format.longDate(test.testOn),
      format.days(data.model.horizon_days),
    ),
    ...(first && {
      note: words.tested(
        format.whole(first.rows),
        format.whole(first.lost),
        format.percent(shareOf(first.lost, first.rows) ?? 0),
        format.longDate(first.trained_until),
      ),
    }),
    columns,
    rows: test.methods,
  });
}

function facts({ data, format, labels }: View): string {
  const { model } = data;
  const words = labels.model;
  return [
    words.fitted(format.whole(model.rows), format.whole(model.customers), format.longDate(model.trained_on)),
    ...(model.churn_rate_pct === null ? [] : [words.lostShare(format.percent(model.churn_rate_pct))]),
    ...(model.sample_rate_pct < 100 ? [words.sample(format.percent(model.sample_rate_pct))] : []),
    model.is_calibrated ? words.calibrated : words.uncalibrated,
  ].join(' ');
}

/** The model against simpler methods, on time after what it was fitted on. */
export function model(view: View): Html {
  const { data, labels } = view;
  const tests = testsOf(data.modelMetrics);
  const newest = tests.filter((test) => test.testOn === tests[0]?.testOn);
  const older = tests.filter((test) => test.testOn !== tests[0]?.testOn);
  return section(
    view,
    'model',
    ...(data.model.basis === 'rules' ? [] : [paragraph(facts(view))]),
    ...(tests.length === 0 ? [html`<p class="empty">${labels.model.notEnough}</p>\n`] : []),
    ...newest.map((test) => testTable(view, test)),
    ...(tests.length > 0
      ? [html`<ul class="small">${labels.model.howToRead.map((text) => html`<li>${text}</li>`)}</ul>\n`]
      : []),
    ...(older.length > 0
      ? [
          html`<details><summary>${labels.model.older}</summary>${older.map((test) => testTable(view, test))}</details>\n`,
        ]
      : []),
  );
}
