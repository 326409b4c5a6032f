import { type Segment, segmentCells } from '../../lake/segments.ts';
import type { Language } from '../../wording/language.ts';
import { segmentName } from '../../wording/names.ts';
import type { ReportLabels } from '../../wording/report-labels.ts';
import type { Format } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RfmCell } from '../report-data.ts';

type Mood = 'good' | 'fresh' | 'wavering' | 'risk' | 'gone';

const moods: Readonly<Record<Segment, Mood>> = {
  champions: 'good',
  loyal: 'good',
  potential_loyalist: 'good',
  new: 'fresh',
  promising: 'fresh',
  needs_attention: 'wavering',
  about_to_sleep: 'wavering',
  at_risk: 'risk',
  cant_lose_them: 'risk',
  hibernating: 'gone',
  lost: 'gone',
};

const scores = [1, 2, 3, 4, 5];

/** Share in percent of a whole, or null of nothing. */
export const shareOf = (part: number, whole: number): number | null => (whole > 0 ? (part / whole) * 100 : null);

/** The grid of recency by value: buyers in each cell, its share, and the segment that it is. */
export function rfmMap(
  cells: readonly RfmCell[],
  format: Format,
  language: Language,
  labels: ReportLabels['segments'],
): Html {
  const buyers = cells.reduce((sum, cell) => sum + cell.customers, 0);
  const most = Math.max(1, ...cells.map((cell) => cell.customers));
  const counts = new Map(cells.map((cell) => [`${cell.recency_score}-${cell.value_score}`, cell.customers]));
  const cellOf = (recency: number, value: number): Html => {
    const segment = segmentCells.find((cell) => cell.recencyScore === recency && cell.valueScore === value)?.segment;
    const customers = counts.get(`${recency}-${value}`) ?? 0;
    const mood = segment ? moods[segment] : 'gone';
    const width = Math.round((customers / most) * 100);
    return html`<td class="${mood}"><span class="count">${format.count(customers)}</span> <span class="part">${format.share(shareOf(customers, buyers))}</span><span class="name">${segmentName(language, segment ?? '')}</span><span class="meter" style="width:${width}%"></span></td>`;
  };
  return html`<table class="rfm">
<caption><span>${labels.map}<small>${labels.note}</small></span></caption>
<thead><tr><td></td>${scores.map((value) => html`<th scope="col">V${value}</th>`)}</tr></thead>
<tbody>
${scores
  .toReversed()
  .map(
    (recency) => html`<tr><th scope="row">R${recency}</th>${scores.map((value) => cellOf(recency, value))}</tr>\n`,
  )}</tbody></table>
`;
}
