import { noCurrency } from '../lake/currency.ts';
import type { Language } from '../wording/language.ts';
import { reportLabels } from '../wording/report-labels.ts';
import { formatFor } from './format.ts';
import { type Html, html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { results } from './sections/campaigns.ts';
import { customers } from './sections/customers.ts';
import { definitions } from './sections/definitions.ts';
import { horizon } from './sections/horizon.ts';
import { lists } from './sections/lists.ts';
import { model } from './sections/model.ts';
import { overview } from './sections/overview.ts';
import { quality } from './sections/quality.ts';
import { cohorts, retention } from './sections/retention.ts';
import { risk } from './sections/risk.ts';
import { segments } from './sections/segments.ts';
import { surveys } from './sections/surveys.ts';
import { watch } from './sections/watch.ts';
import { stylesheet } from './theme.css.ts';
import type { SectionName, View } from './view.ts';

const sections = {
  overview,
  customers,
  lists,
  results,
  risk,
  retention,
  cohorts,
  segments,
  surveys,
  model,
  watch,
  horizon,
  quality,
  definitions,
} as const satisfies Readonly<Record<SectionName, (view: View) => Html>>;

const names = Object.keys(sections) as SectionName[];

/**
 * The report as one HTML document: no script, no address of anything outside it, no time. The same data give the same
 * bytes.
 */
export function page(data: ReportData, language: Language, shop: string): string {
  const { night } = data.input;
  const labels = reportLabels(language);
  const format = formatFor(language, night.currency);
  const shown = names.filter((name) => name !== 'surveys' || data.surveys.length > 0);
  const view: View = { data, format, labels, language };
  const scope = labels.scope(
    format.longDate(night.run.asOf),
    format.longDate(night.firstOrderDate),
    format.longDate(Math.min(night.lastOrderDate, night.run.asOf)),
  );
  const amounts = night.currency === noCurrency ? null : ` ${labels.amountsIn(night.currency)}`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${labels.title} · ${shop} · ${format.longDate(night.run.asOf)}</title>
<style>${stylesheet}</style>
</head>
<body>
<header><p class="shop">${shop}</p>
<h1>${labels.title}</h1>
<p class="scope">${scope}${amounts}</p>
<nav aria-label="${labels.contents}">${shown.map((name) => html`<a href="#${name}">${labels.headings[name]}</a>`)}</nav></header>
<main>
${shown.map((name) => sections[name](view))}</main>
<footer><p>${labels.definitions.run(night.run.runId, data.model.model_id)}</p></footer>
</body>
</html>
`.markup;
}
