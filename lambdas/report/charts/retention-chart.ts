import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html, nothing } from '../html.ts';
import type { PeriodRow } from '../report-data.ts';
import { drawing, hatchId, type Size } from './drawing.ts';
import { type LegendKey, legend } from './legend.ts';
import { linear, round, ticks } from './scale.ts';

const id = 'retention';
const margin = { top: 16, right: 8, bottom: 30, left: 44 };

interface Layout {
  readonly size: Size;
  readonly slot: number;
  readonly x: (index: number) => number;
  readonly y: (percent: number) => number;
  readonly base: number;
}

function layoutOf(size: Size, periods: readonly PeriodRow[], top: number): Layout {
  const base = size.height - margin.bottom;
  const slot = (size.width - margin.left - margin.right) / Math.max(periods.length, 12);
  return {
    size,
    slot,
    base,
    x: (index) => round(margin.left + slot * index),
    y: linear([0, top], [base, margin.top]),
  };
}

function gridLines(layout: Layout, steps: readonly number[], format: Format): Html {
  return html`${steps.map(
    (
      step,
    ) => html`<line class="grid" x1="${margin.left}" x2="${layout.size.width - margin.right}" y1="${layout.y(step)}" y2="${layout.y(step)}"/>
<text class="tick" text-anchor="end" x="${margin.left - 6}" y="${layout.y(step) + 4}">${format.percent(step, 0)}</text>`,
  )}`;
}

const stateOf = (period: PeriodRow, labels: ReportLabels['retention']): string | null => {
  if (!period.is_complete) return labels.running;
  if (period.is_left_censored) return labels.censored;
  return period.retained_pct === null ? labels.nobody : null;
};

function bar(
  layout: Layout,
  period: PeriodRow,
  index: number,
  format: Format,
  labels: ReportLabels['retention'],
): Html {
  const x = round(layout.x(index) + layout.slot * 0.14);
  const width = round(layout.slot * 0.72);
  const state = stateOf(period, labels);
  const label = [
    format.month(period.period_start),
    ...(period.retained_pct === null ? [] : [`${labels.retained} ${format.percent(period.retained_pct)}`]),
    ...(period.crr_pct === null ? [] : [`${labels.crr} ${format.percent(period.crr_pct)}`]),
    ...(state ? [state] : []),
  ].join(' · ');
  if (!period.is_complete) {
    return html`<g><title>${label}</title><rect class="running" x="${x}" y="${margin.top}" width="${width}" height="${round(layout.base - margin.top)}" fill="url(#${hatchId(id, layout.size)})"/></g>`;
  }
  if (period.retained_pct === null) {
    return html`<g><title>${label}</title><text class="tick" text-anchor="middle" x="${round(x + width / 2)}" y="${layout.base - 4}">–</text></g>`;
  }
  const y = layout.y(period.retained_pct);
  const value =
    layout.slot >= 34
      ? html`<text class="bar-value" text-anchor="middle" x="${round(x + width / 2)}" y="${layout.base - 7}">${format.decimal(period.retained_pct, 0)}</text>`
      : nothing;
  return html`<g><title>${label}</title><rect class="${period.is_left_censored ? 'bar censored' : 'bar'}" x="${x}" y="${y}" width="${width}" height="${round(layout.base - y)}" rx="2"/>${value}</g>`;
}

function crrLine(layout: Layout, periods: readonly PeriodRow[]): Html {
  const points = periods.flatMap((period, index) =>
    period.crr_pct === null
      ? []
      : [{ index, x: round(layout.x(index) + layout.slot / 2), y: layout.y(period.crr_pct) }],
  );
  const path = points.map((point, i) => {
    const follows = points[i - 1]?.index === point.index - 1;
    return `${follows ? 'L' : 'M'}${point.x} ${point.y}`;
  });
  return html`<path class="line" d="${path.join('')}"/>${points.map(
    (point) =>
      html`<circle class="dot" cx="${point.x}" cy="${point.y}" r="${layout.size.name === 'wide' ? 3.5 : 2.5}"/>`,
  )}`;
}

function monthLabels(layout: Layout, periods: readonly PeriodRow[], format: Format): Html {
  const { size, slot } = layout;
  const every = Math.max(1, Math.ceil(96 / slot));
  const labelled = periods.flatMap((period, index) =>
    (periods.length - 1 - index) % every === 0 ? [{ period, center: layout.x(index) + slot / 2 }] : [],
  );
  return html`${labelled.map(({ period, center }) => {
    const isAtEdge = center + 36 > size.width;
    const place = isAtEdge ? { anchor: 'end', x: size.width } : { anchor: 'middle', x: round(center) };
    return html`<text class="tick" text-anchor="${place.anchor}" x="${place.x}" y="${size.height - 9}">${format.month(period.period_start)}</text>`;
  })}`;
}

/** Bars of the share retained and dots of the textbook rate, one per month, oldest first. */
export function retentionChart(periods: readonly PeriodRow[], format: Format, labels: ReportLabels['retention']): Html {
  const highest = Math.max(100, ...periods.map((period) => period.crr_pct ?? 0));
  const steps = ticks(highest);
  const top = steps.at(-1) ?? 100;
  const latest = periods.findLast((period) => period.retained_pct !== null);
  const description = latest
    ? `${format.month(latest.period_start)}: ${labels.retained} ${format.percent(latest.retained_pct ?? 0)}. ${labels.theNumbersBelow}`
    : labels.nobody;
  const keys: LegendKey[] = [{ sample: 'bar', text: labels.retained }];
  if (periods.some((period) => period.crr_pct !== null)) keys.push({ sample: 'dot', text: labels.crr });
  if (periods.some((period) => period.is_left_censored && period.retained_pct !== null)) {
    keys.push({ sample: 'censored', text: labels.censored });
  }
  if (periods.some((period) => !period.is_complete)) keys.push({ sample: 'running', text: labels.running });
  return html`<figure><figcaption>${labels.chart}<small>${labels.note(format.days(periods[0]?.active_window_days ?? 0))}</small></figcaption>
${drawing({
  id,
  title: labels.chart,
  description,
  draw(size) {
    const layout = layoutOf(size, periods, top);
    return html`${gridLines(layout, steps, format)}
${periods.map((period, index) => html`${bar(layout, period, index, format, labels)}\n`)}${crrLine(layout, periods)}
${monthLabels(layout, periods, format)}`;
  },
})}${legend(keys)}</figure>
`;
}
