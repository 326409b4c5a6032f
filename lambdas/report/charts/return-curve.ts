import { kaplanMeier, survivalAt } from '../../model/kaplan-meier.ts';
import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { GapRow, HorizonRow } from '../report-data.ts';
import { axes, margin, plotOf } from './axes.ts';
import { drawing } from './drawing.ts';
import { round, ticks } from './scale.ts';

/** Points of the curve: enough for the eye. */
const mostPoints = 120;

/** Share of gaps that last longer than so many days, corrected for those still open, with the horizon. */
export function returnCurve(
  gaps: readonly GapRow[],
  horizon: HorizonRow,
  format: Format,
  words: ReportLabels['horizon'],
): Html {
  const curve = kaplanMeier(gaps);
  const days = horizon.horizon_days;
  const end = Math.max(days * 1.2, Math.min(horizon.observed_to_days, days * 4));
  const share = (value: number) => format.percent(100 * value, 0);
  const marks = [30, 60, 90, 180, 365].filter((day) => day < end);
  const description = [...new Set([...marks, days])]
    .sort((a, b) => a - b)
    .map((day) => words.point(format.days(day), share(survivalAt(curve, day))))
    .join('; ');
  const steps = ticks(end).filter((step) => step <= end);
  return html`<figure><figcaption>${words.chart}<small>${words.note(format.days(days))}</small></figcaption>
${drawing({
  id: 'return',
  title: words.chart,
  description,
  draw(size) {
    const plot = plotOf(size, end, 1);
    const step = end / mostPoints;
    const points = Array.from({ length: mostPoints + 1 }, (_, i) => {
      const at = survivalAt(curve, Math.floor(i * step));
      return `${i === 0 ? 'M' : 'L'}${plot.x(i * step)} ${plot.y(at)}`;
    });
    const rows = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: share(value) }));
    const columns = steps.map((value) => ({ value, text: format.whole(value) }));
    const isRight = days > end * 0.6;
    return html`${axes(plot, rows, columns, words.axis)}
<path class="line curve" d="${points.join('')}"/>
<line class="cut" x1="${plot.x(days)}" x2="${plot.x(days)}" y1="${margin.top}" y2="${plot.base}"/>
<text class="cut-label" text-anchor="${isRight ? 'end' : 'start'}" x="${round(plot.x(days) + (isRight ? -5 : 5))}" y="${margin.top + 12}">${words.mark(format.days(days))}</text>`;
  },
})}</figure>
`;
}
