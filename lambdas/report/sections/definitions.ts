import { type Html, html } from '../html.ts';
import { industryContext, industrySources } from '../industry-context.ts';
import type { MetricRow } from '../report-data.ts';
import { tableView } from '../table-view.ts';
import { section, type View } from '../view.ts';

function metricValue({ value, unit }: MetricRow, { format }: View): Html {
  if (unit === 'percent') return format.share(value);
  const digits = value !== null && Number.isInteger(value) ? 0 : 2;
  return html`${format.real(value, digits)} <small>${unit}</small>`;
}

/** What each figure means, and every figure of the shop with its definition and window. */
export function definitions(view: View): Html {
  const { data, labels } = view;
  const words = labels.definitions;
  const metrics = tableView({
    caption: words.metrics,
    columns: [
      { head: words.metricColumns.metric, names: true, cell: (row) => html`<code>${row.metric}</code>` },
      { head: words.metricColumns.value, numeric: true, cell: (row) => metricValue(row, view) },
      { head: words.metricColumns.definition, cell: (row) => row.definition },
      { head: words.metricColumns.window, cell: (row) => row.covered_days ?? '–' },
    ],
    rows: data.metrics,
    cards: true,
  });
  const context = tableView({
    caption: words.context,
    columns: [
      { head: words.contextColumns.claim, names: true, cell: (row) => row.claim },
      { head: words.contextColumns.figure, cell: (row) => row.figure },
      {
        head: words.contextColumns.source,
        cell: (row) => row.sources.map((source) => industrySources[source]).join('; '),
      },
    ],
    rows: industryContext,
    cards: true,
  });
  return section(
    view,
    'definitions',
    html`<dl class="terms">${words.terms.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>\n`)}</dl>\n`,
    ...(data.metrics.length > 0 ? [metrics] : []),
    context,
  );
}
