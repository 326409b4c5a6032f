import { returnCurve } from '../charts/return-curve.ts';
import { type Html, html, type Part } from '../html.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

/** How the horizon came about, and the evidence for it. */
export function horizon(view: View): Html {
  const { data, format, labels } = view;
  const words = labels.horizon;
  const row = data.horizon;
  const days = (value: number | null): Part =>
    value === null ? format.real(null) : html`<data value="${value}">${format.days(Math.round(value))}</data>`;
  const facts: [string, Part][] = [
    [words.facts.seen, format.count(row.gaps_seen)],
    [words.facts.open, format.count(row.gaps_open)],
    [words.facts.p50, days(row.gap_p50_days)],
    [words.facts.p80, days(row.gap_p80_days)],
    [words.facts.p90, days(row.gap_p90_days)],
    [words.facts.resurrection, format.share(row.resurrection_pct)],
    [words.facts.observed, days(row.observed_to_days)],
    [words.facts.history, days(row.history_days)],
  ];
  return section(
    view,
    'horizon',
    html`<p class="quote">${row.rule}</p>\n`,
    ...(row.is_limited_by_history ? [paragraph(words.limited)] : []),
    ...(data.gaps.length > 0 ? [returnCurve(data.gaps, row, format, words)] : []),
    tableView({
      caption: words.table,
      columns: [
        { head: words.columns.what, names: true, cell: ([name]) => name },
        { head: words.columns.value, numeric: true, cell: ([, value]) => value },
      ],
      rows: facts,
    }),
  );
}
