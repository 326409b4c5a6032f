import { cohortHeatMap } from '../charts/cohort-heat-map.ts';
import { retentionChart } from '../charts/retention-chart.ts';
import { type Html, html } from '../html.ts';
import type { PeriodRow } from '../report-data.ts';
import { type TableColumn, tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

const mostMonths = 24;
const mostQuarters = 8;

const ofKind = (view: View, kind: string): PeriodRow[] =>
  view.data.periods.filter((period) => period.period_kind === kind).sort((a, b) => a.period_start - b.period_start);

function columnsOf({ format, labels }: View, name: (day: number) => string): TableColumn<PeriodRow>[] {
  const words = labels.retention;
  const state = (period: PeriodRow): Html | null => {
    if (!period.is_complete) return html` <small>${words.running}</small>`;
    return period.is_left_censored ? html` <small>${words.censored}</small>` : null;
  };
  const counted = (head: string, value: (period: PeriodRow) => number | null): TableColumn<PeriodRow> => ({
    head,
    numeric: true,
    cell: (period) => format.count(value(period)),
  });
  return [
    { head: words.columns.period, names: true, cell: (period) => [name(period.period_start), state(period)] },
    counted(words.columns.start, (period) => period.customers_start),
    counted(words.columns.kept, (period) => period.customers_retained),
    counted(words.columns.lost, (period) => period.customers_lost),
    counted(words.columns.fresh, (period) => period.customers_new),
    counted(words.columns.reactivated, (period) => period.customers_reactivated),
    counted(words.columns.end, (period) => period.customers_end),
    { head: words.retained, numeric: true, cell: (period) => format.share(period.retained_pct) },
    {
      head: words.columns.change,
      numeric: true,
      cell: ({ retained_change_points: change }) =>
        change === null
          ? format.real(null)
          : html`<data value="${change}">${words.points(format.signed(change))}</data>`,
    },
    { head: words.crr, numeric: true, cell: (period) => format.share(period.crr_pct) },
  ];
}

/** How many customers stay, month by month and quarter by quarter. */
export function retention(view: View): Html {
  const { format, labels } = view;
  const months = ofKind(view, 'month').slice(-mostMonths);
  const quarters = ofKind(view, 'quarter').slice(-mostQuarters);
  if (months.length === 0) return section(view, 'retention', paragraph(labels.none));
  const byMonth = tableView({
    caption: labels.retention.months,
    columns: columnsOf(view, format.month),
    rows: months.toReversed(),
  });
  const byQuarter = tableView({
    caption: labels.retention.quarters,
    columns: columnsOf(view, format.quarter),
    rows: quarters.toReversed(),
  });
  return section(
    view,
    'retention',
    retentionChart(months, format, labels.retention),
    ...(quarters.length > 0 ? [byQuarter] : []),
    html`<details><summary>${labels.retention.months}</summary>${byMonth}</details>\n`,
  );
}

/** Which month's new customers came back, and when. */
export const cohorts = (view: View): Html =>
  section(
    view,
    'cohorts',
    view.data.cohorts.length > 0
      ? cohortHeatMap(view.data.cohorts, view.format, view.labels.cohorts)
      : paragraph(view.labels.none),
  );
