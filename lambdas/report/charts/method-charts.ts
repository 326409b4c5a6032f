import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { CalibrationBin } from '../report-data.ts';
import { axes, margin, plotOf } from './axes.ts';
import { drawing } from './drawing.ts';
import { linear, round, ticks } from './scale.ts';

type Words = ReportLabels['model'];

const quarters = [0, 0.25, 0.5, 0.75, 1];

/** Told probability against the share lost, a dot per tenth, with the line on which both agree. */
export function calibrationChart(bins: readonly CalibrationBin[], note: string, format: Format, words: Words): Html {
  const share = (value: number) => format.percent(100 * value, 0);
  const point = (bin: CalibrationBin) =>
    words.calibration.point(share(bin.mean_probability), share(bin.lost_rate), format.whole(bin.customers));
  return html`<figure><figcaption>${words.calibration.chart}<small>${note}</small></figcaption>
${drawing({
  id: 'calibration',
  title: words.calibration.chart,
  description: bins.map(point).join('; '),
  draw(size) {
    const plot = plotOf(size, 1, 1);
    const labelled = quarters.map((value) => ({ value, text: share(value) }));
    return html`${axes(plot, labelled, labelled, words.calibration.told)}
<line class="cut" x1="${plot.x(0)}" y1="${plot.y(0)}" x2="${plot.x(1)}" y2="${plot.y(1)}"/>
${bins.map(
  (bin) =>
    html`<g><title>${point(bin)}</title><circle class="dot" cx="${plot.x(bin.mean_probability)}" cy="${plot.y(bin.lost_rate)}" r="5"/></g>\n`,
)}<text class="axis" x="${margin.left}" y="${margin.top - 4}">${words.calibration.came}</text>`;
  },
})}</figure>
`;
}

/** Share lost per tenth of the customers, the riskiest first, with the share among all. */
export function liftChart(bins: readonly CalibrationBin[], format: Format, words: Words): Html {
  const customers = bins.reduce((sum, bin) => sum + bin.customers, 0);
  const base = bins.reduce((sum, bin) => sum + bin.customers * bin.lost_rate, 0) / Math.max(1, customers);
  const ranked = bins.toReversed();
  const share = (value: number) => format.percent(100 * value, 0);
  const label = (bin: CalibrationBin, i: number) =>
    words.lift.bar(String(i + 1), share(bin.lost_rate), format.fixed(base === 0 ? 0 : bin.lost_rate / base, 1));
  const steps = ticks(Math.max(0.1, ...bins.map((bin) => bin.lost_rate)));
  return html`<figure><figcaption>${words.lift.chart}<small>${words.lift.note}</small></figcaption>
${drawing({
  id: 'lift',
  title: words.lift.chart,
  description: ranked.map(label).join('; '),
  draw(size) {
    const plot = plotOf(size, 1, steps.at(-1) ?? 1);
    const slot = linear([0, ranked.length], [margin.left, size.width - margin.right]);
    const rows = steps.map((value) => ({ value, text: share(value) }));
    const bars = ranked.map((bin, i) => {
      const width = round((slot(i + 1) - slot(i)) * 0.72);
      const x = round(slot(i) + (slot(i + 1) - slot(i)) * 0.14);
      const y = plot.y(bin.lost_rate);
      return html`<g><title>${label(bin, i)}</title><rect class="bar" x="${x}" y="${y}" width="${width}" height="${round(plot.base - y)}" rx="2"/>
<text class="tick" text-anchor="middle" x="${round(x + width / 2)}" y="${plot.base + 17}">${i + 1}</text></g>\n`;
    });
    return html`${axes(plot, rows, [], words.lift.tenth)}
${bars}<line class="cut" x1="${margin.left}" x2="${size.width - margin.right}" y1="${plot.y(base)}" y2="${plot.y(base)}"/>
<text class="cut-label" text-anchor="end" x="${size.width - margin.right}" y="${round(plot.y(base) - 5)}">${words.lift.base(share(base))}</text>`;
  },
})}</figure>
`;
}
