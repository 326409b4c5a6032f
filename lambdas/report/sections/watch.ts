import { methodName } from '../../wording/names.ts';
import { shareOf } from '../charts/rfm-map.ts';
import { type Html, html, type Part } from '../html.ts';
import type { DriftRow, ModelMetric } from '../report-data.ts';
import { type TableColumn, tableView } from '../table-view.ts';
import { section, type View } from '../view.ts';

const shown = ['roc_auc', 'log_loss', 'brier', 'calibration_error'] as const;

/** One earlier night: its metrics on one population. */
interface MaturedNight {
  readonly on: number;
  readonly metrics: readonly ModelMetric[];
}

function maturedTable(view: View, population: 'active_h' | 'all'): Html | null {
  const { data, format, labels, language } = view;
  const words = labels.watch;
  const rows = data.modelMetrics.filter((row) => row.split === 'matured' && row.population === population);
  const nights = [...new Set(rows.map((row) => row.test_on))]
    .sort((a, b) => b - a)
    .map((on): MaturedNight => ({ on, metrics: rows.filter((row) => row.test_on === on) }));
  if (nights.length === 0) return null;
  const first = ({ metrics }: MaturedNight) => metrics[0];
  const figure = (name: string): TableColumn<MaturedNight> => ({
    head: labels.model.metrics[name as (typeof shown)[number]],
    numeric: true,
    cell: ({ metrics }): Part => {
      const row = metrics.find((metric) => metric.metric === name);
      const promised = row?.promised ?? null;
      return [
        format.real(row?.value ?? null),
        promised === null ? null : html` <small>${words.promised(format.fixed(promised, 3))}</small>`,
      ];
    },
  });
  return tableView<MaturedNight>({
    caption: words.matured,
    note: words.maturedNote(labels.model.populations[population]),
    columns: [
      { head: words.columns.night, names: true, cell: ({ on }) => format.day(on) },
      { head: words.columns.method, cell: (night) => methodName(language, first(night)?.method ?? '') },
      { head: words.columns.customers, numeric: true, cell: (night) => format.count(first(night)?.rows ?? 0) },
      {
        head: words.columns.lost,
        numeric: true,
        cell: (night) => format.share(shareOf(first(night)?.lost ?? 0, first(night)?.rows ?? 0)),
      },
      ...shown.map(figure),
    ],
    rows: nights,
    cards: true,
  });
}

/** Features that the report names; the table `drift` has them all. */
const mostFeatures = 10;

function driftTable(view: View): Html {
  const { data, format, labels } = view;
  const words = labels.watch;
  const [first] = data.drift;
  if (!first) return html`<p class="empty">${words.noDrift}</p>\n`;
  const weight = { alarm: 3, warned: 2, seasonal: 1, steady: 0 } as const;
  const verdictOf = ({ verdict }: DriftRow) => (verdict in weight ? (verdict as keyof typeof weight) : 'steady');
  const sorted = [...data.drift].sort((a, b) => weight[verdictOf(b)] - weight[verdictOf(a)] || b.psi - a.psi);
  const rows = sorted.slice(0, mostFeatures);
  const { psi_warn, psi_alarm } = data.watch;
  return tableView<DriftRow>({
    caption: words.drift,
    note: `${words.driftNote(format.longDate(first.trained_on), format.decimal(psi_warn, 2), format.decimal(psi_alarm, 2))} ${words.limited(format.whole(rows.length), format.whole(sorted.length))}`,
    columns: [
      { head: words.driftColumns.feature, names: true, cell: (row) => html`<code>${row.feature}</code>` },
      {
        head: words.driftColumns.verdict,
        cell: (row) => html`<span class="chip ${verdictOf(row)}">${words.verdicts[verdictOf(row)]}</span>`,
      },
      { head: words.driftColumns.psi, numeric: true, cell: (row) => format.real(row.psi) },
      { head: words.driftColumns.season, numeric: true, cell: (row) => format.real(row.psi_season) },
      { head: words.driftColumns.labelled, numeric: true, cell: (row) => format.real(row.psi_labelled) },
      { head: words.driftColumns.before, numeric: true, cell: (row) => format.real(row.mean_then, 2) },
      { head: words.driftColumns.tonight, numeric: true, cell: (row) => format.real(row.mean_now, 2) },
    ],
    rows,
    cards: true,
  });
}

/** What became of earlier predictions, and how far buyers and scores have moved since the model was trained. */
export function watch(view: View): Html {
  const matured = maturedTable(view, 'active_h');
  const all = maturedTable(view, 'all');
  return section(
    view,
    'watch',
    ...(matured || all ? [] : [html`<p class="empty">${view.labels.watch.nothingMatured}</p>\n`]),
    ...(matured ? [matured] : []),
    ...(all ? [html`<details><summary>${view.labels.model.populations.all}</summary>${all}</details>\n`] : []),
    driftTable(view),
  );
}
