import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html, nothing } from '../html.ts';
import type { CohortCell } from '../report-data.ts';
import { type LegendKey, legend } from './legend.ts';

/** What fits on a page: two years of cohorts, each followed for two years. */
const mostCohorts = 24;
const mostMonths = 24;
const levels = 9;

interface Cohort {
  readonly month: number;
  readonly customers: number;
  readonly isCensored: boolean;
  readonly cells: ReadonlyMap<number, CohortCell>;
}

function cohortsOf(cells: readonly CohortCell[]): Cohort[] {
  const groups = new Map<number, CohortCell[]>();
  for (const cell of cells) {
    const group = groups.get(cell.cohort_month) ?? [];
    group.push(cell);
    groups.set(cell.cohort_month, group);
  }
  return [...groups].map(([month, group]) => ({
    month,
    customers: group[0]?.cohort_customers ?? 0,
    isCensored: group.some((cell) => cell.is_left_censored),
    cells: new Map(group.map((cell) => [cell.month_number, cell])),
  }));
}

function heatCell(
  cell: CohortCell | undefined,
  darkest: number,
  format: Format,
  labels: ReportLabels['cohorts'],
): Html {
  if (!cell || cell.active_pct === null || cell.active_customers === null) return html`<td></td>`;
  const level = darkest > 0 ? Math.round((cell.active_pct / darkest) * levels) : 0;
  const spoken = labels.cell(
    format.month(cell.cohort_month),
    format.whole(cell.month_number),
    format.whole(cell.active_customers),
    format.whole(cell.cohort_customers),
  );
  const state = cell.is_complete ? '' : ` · ${labels.running}`;
  const text = format.decimal(cell.active_pct, cell.active_pct < 9.95 ? 1 : 0);
  return html`<td class="h${level}${cell.is_complete ? '' : ' running'}" title="${spoken}${state}"><data value="${cell.active_pct}">${text}</data></td>`;
}

/** A table whose cells are coloured by the share of a cohort that bought in a month; months to come stay blank. */
export function cohortHeatMap(cells: readonly CohortCell[], format: Format, labels: ReportLabels['cohorts']): Html {
  const all = cohortsOf(cells);
  const cohorts = all.slice(-mostCohorts);
  const began = cohorts.flatMap((cohort) =>
    [...cohort.cells.values()].filter((cell) => cell.month_number > 0 && cell.active_pct !== null),
  );
  const months = Math.min(mostMonths, Math.max(1, ...began.map((cell) => cell.month_number)));
  const shown = began.filter((cell) => cell.month_number <= months);
  const darkest = Math.max(0, ...shown.map((cell) => cell.active_pct ?? 0));
  const numbers = Array.from({ length: months }, (_, i) => i + 1);
  const limited = all.length > cohorts.length;
  const limits = limited ? ` ${labels.limited(format.whole(cohorts.length), format.whole(all.length))}` : '';
  const rows = cohorts.map(
    (cohort) =>
      html`<tr><th scope="row">${format.month(cohort.month)}${
        cohort.isCensored ? html`<abbr title="${labels.censored}">*</abbr>` : nothing
      }</th><td class="size">${format.count(cohort.customers)}</td>${numbers.map((number) =>
        heatCell(cohort.cells.get(number), darkest, format, labels),
      )}</tr>\n`,
  );
  const keys: LegendKey[] = [];
  if (shown.some((cell) => !cell.is_complete)) keys.push({ sample: 'running', text: labels.running });
  if (cohorts.some((cohort) => cohort.isCensored)) keys.push({ sample: null, text: `* ${labels.censored}` });
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${labels.caption}">
<table class="heat">
<caption><span>${labels.caption}<small>${labels.note}${limits}</small></span></caption>
<thead><tr><th scope="col" rowspan="2">${labels.cohort}</th><th scope="col" rowspan="2" class="size">${labels.customers}</th><th scope="colgroup" colspan="${months}" class="over">${labels.monthsSince}</th></tr>
<tr>${numbers.map((number) => html`<th scope="col">${number}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
${legend(keys)}
`;
}
