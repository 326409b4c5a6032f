import type { Language } from '../wording/language.ts';
import type { ReportLabels } from '../wording/report-labels.ts';
import type { Format } from './format.ts';
import { type Html, html } from './html.ts';
import type { ReportData } from './report-data.ts';

/** What every section is made from. */
export interface View {
  readonly data: ReportData;
  readonly format: Format;
  readonly labels: ReportLabels;
  readonly language: Language;
}

export type SectionName = keyof ReportLabels['headings'];

/** A part of the page with its heading, which contents link to. */
export const section = (view: View, name: SectionName, ...content: readonly Html[]): Html =>
  html`<section id="${name}" aria-labelledby="${name}-heading">
<h2 id="${name}-heading">${view.labels.headings[name]}</h2>
${content}</section>
`;

export const paragraph = (text: string): Html => html`<p>${text}</p>\n`;
