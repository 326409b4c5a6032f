import type { Language } from '../../wording/language.ts';
import { bandName } from '../../wording/names.ts';
import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RiskBand, RiskBucket } from '../report-data.ts';
import { drawing, type Size } from './drawing.ts';
import { linear, round, ticks } from './scale.ts';

const margin = { top: 34, right: 10, bottom: 46, left: 52 };
const bucketCount = 20;
const order = ['low', 'medium', 'high'];

interface Bar {
  readonly bucket: number;
  readonly band: string;
  readonly from: number;
  readonly customers: number;
}

/** Bars of one bucket stand on each other where a cut-off lies inside it. */
function stack(buckets: readonly RiskBucket[]): Bar[] {
  const sorted = [...buckets].sort(
    (a, b) => a.bucket - b.bucket || order.indexOf(a.risk_band) - order.indexOf(b.risk_band),
  );
  const height = new Map<number, number>();
  return sorted.map(({ bucket, risk_band, customers }) => {
    const from = height.get(bucket) ?? 0;
    height.set(bucket, from + customers);
    return { bucket, band: risk_band, from, customers };
  });
}

export interface RiskHistogram {
  readonly buckets: readonly RiskBucket[];
  readonly bands: readonly RiskBand[];
  readonly isRank: boolean;
  readonly days: string;
}

/** Buyers in twentieths of the probability, coloured by band, with the cut-offs. */
export function riskHistogram(
  { buckets, bands, isRank, days }: RiskHistogram,
  format: Format,
  language: Language,
  labels: ReportLabels['risk'],
): Html {
  const bars = stack(buckets);
  const highest = Math.max(1, ...bars.map((bar) => bar.from + bar.customers));
  const steps = ticks(highest);
  const top = steps.at(-1) ?? 1;
  const place = (value: number): string => (isRank ? format.decimal(value, 2) : format.percent(value * 100, 0));

  function draw(size: Size): Html {
    const base = size.height - margin.bottom;
    const x = linear([0, 1], [margin.left, size.width - margin.right]);
    const y = linear([0, top], [base, margin.top]);
    const rects = bars.map((bar) => {
      const from = bar.bucket / bucketCount;
      const to = (bar.bucket + 1) / bucketCount;
      const height = round(y(bar.from) - y(bar.from + bar.customers));
      const label = labels.bar(place(from), place(to), format.whole(bar.customers));
      return html`<g><title>${label} (${bandName(language, bar.band)})</title><rect class="band-${bar.band}" x="${round(x(from) + 1)}" width="${round(x(to) - x(from) - 2)}" y="${y(bar.from + bar.customers)}" height="${height}"/></g>\n`;
    });
    const cuts = bands
      .filter((band) => band.band_from > 0)
      .map((band, i) => {
        const at = x(band.band_from);
        const top = size.name === 'narrow' ? 10 + 14 * i : 12;
        const side = band.band_from > 0.7 ? { anchor: 'end', x: round(at - 5) } : { anchor: 'start', x: round(at + 5) };
        const label = `${bandName(language, band.risk_band)} ≥ ${place(band.band_from)}`;
        return html`<line class="cut" x1="${at}" x2="${at}" y1="${top - 8}" y2="${base}"/>
<text class="cut-label" text-anchor="${side.anchor}" x="${side.x}" y="${top}">${label}</text>`;
      });
    return html`${steps.map(
      (
        step,
      ) => html`<line class="grid" x1="${margin.left}" x2="${size.width - margin.right}" y1="${y(step)}" y2="${y(step)}"/>
<text class="tick" text-anchor="end" x="${margin.left - 6}" y="${y(step) + 4}">${format.whole(step)}</text>`,
    )}
${rects}${cuts}
${[0, 0.25, 0.5, 0.75, 1].map(
  (value) =>
    html`<text class="tick" text-anchor="${value === 1 ? 'end' : 'middle'}" x="${x(value)}" y="${base + 17}">${place(value)}</text>`,
)}
<text class="axis" text-anchor="middle" x="${round((margin.left + size.width) / 2)}" y="${size.height - 8}">${isRank ? labels.rank : labels.probability}</text>`;
  }

  const description = bands
    .map((band) => `${bandName(language, band.risk_band)}: ${format.whole(band.customers)}`)
    .join(', ');
  const note = isRank ? labels.rankNote : labels.note(days);
  return html`<figure><figcaption>${labels.chart}<small>${note}</small></figcaption>
${drawing({ id: 'risk', title: labels.chart, description, draw })}</figure>
`;
}
