import type { CampaignResultLabels } from '../../wording/campaign-results.ts';
import type { Format } from '../format.ts';
import { type Html, html } from '../html.ts';
import { margin } from './axes.ts';
import { drawing } from './drawing.ts';
import { linear, round, ticks } from './scale.ts';

/** The lift of a campaign with the ends of its interval, in percentage points. */
export interface ShownLift {
  readonly name: string;
  readonly lift: number;
  readonly low: number;
  readonly high: number;
}

/** Lifts that there is room for. */
export const mostLifts = 8;

/** Rows that share the height, so that a single lift does not stand lost in it. */
const fewestRows = 4;

/** Round figures from below the lowest value to above the highest, 0 among them. */
function figuresAround(lifts: readonly ShownLift[]): number[] {
  const lowest = Math.min(0, ...lifts.map(({ low }) => low));
  const highest = Math.max(0, ...lifts.map(({ high }) => high));
  const steps = ticks(Math.max(highest, -lowest, 1));
  const below = steps.slice(1, 1 + steps.findIndex((step) => step >= -lowest)).map((step) => -step);
  const above = steps.slice(0, 1 + steps.findIndex((step) => step >= highest));
  return [...below.reverse(), ...above];
}

/** Lifts one under the other, each a dot on its interval, against the line of no effect. */
export function liftsChart(lifts: readonly ShownLift[], format: Format, words: CampaignResultLabels): Html {
  const figures = figuresAround(lifts);
  const points = (value: number) => (value === 0 ? '0' : format.signed(value));
  const told = ({ name, lift, low, high }: ShownLift) =>
    `${name}: ${words.points(points(lift))} (${words.range(points(low), points(high))})`;
  return html`<figure><figcaption>${words.chart.title}<small>${words.chart.note}</small></figcaption>
${drawing({
  id: 'lifts',
  title: words.chart.title,
  description: lifts.map(told).join('; '),
  draw(size) {
    const base = size.height - margin.bottom;
    const x = linear([figures[0] ?? 0, figures.at(-1) ?? 1], [margin.right, size.width - margin.right]);
    const row = linear([0, Math.max(lifts.length, fewestRows)], [margin.top, base]);
    const marks = lifts.map((each, i) => {
      const y = round(row(i + 1) - 5);
      return html`<g><title>${told(each)}</title><text class="tick" x="${margin.right}" y="${round(y - 8)}">${each.name}</text>
<line class="line" x1="${x(each.low)}" x2="${x(each.high)}" y1="${y}" y2="${y}"/><circle class="dot" cx="${x(each.lift)}" cy="${y}" r="5"/></g>\n`;
    });
    const columns = figures.map(
      (value) =>
        html`<line class="${value === 0 ? 'cut' : 'grid'}" x1="${x(value)}" x2="${x(value)}" y1="${margin.top}" y2="${base}"/>
<text class="tick" text-anchor="middle" x="${x(value)}" y="${base + 17}">${points(value)}</text>\n`,
    );
    return html`${columns}${marks}<text class="axis" text-anchor="middle" x="${round(size.width / 2)}" y="${size.height - 8}">${words.chart.axis}</text>`;
  },
})}</figure>
`;
}
