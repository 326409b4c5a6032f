import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, nothing } from '../../lambdas/report/html.ts';

const read = (markup: string): string =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('html', () => {
  it('lets no text out of its place, and gives it back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`;
        const inside = markup.slice('<p title="'.length, -'</p>'.length);
        expect(inside.match(/[<>"']/g)?.join('')).toBe('">');
        expect(read(inside)).toBe(`${text}">${text}`);
      }),
    );
  });

  it('keeps markup, joins lists and drops null', () => {
    expect(html`<ul>${['a', 'b'].map((text) => html`<li>${text}</li>`)}${null}${nothing}${3}</ul>`.markup).toBe(
      '<ul><li>a</li><li>b</li>3</ul>',
    );
  });
});
