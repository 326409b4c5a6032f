import { type Html, html } from '../html.ts';

export interface LegendKey {
  /** Class of the sample: `bar`, `dot`, `censored` or `running`; none for a remark. */
  readonly sample: 'bar' | 'dot' | 'censored' | 'running' | null;
  readonly text: string;
}

/** What the marks of a chart mean; nothing where there are none. */
export const legend = (keys: readonly LegendKey[]): Html | null =>
  keys.length > 0
    ? html`<p class="legend">${keys.map(
        ({ sample, text }) =>
          html`<span>${sample === null ? null : html`<i class="key ${sample}-key"></i>`}${text}</span> `,
      )}</p>`
    : null;
