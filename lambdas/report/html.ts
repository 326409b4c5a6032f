declare const escaped: unique symbol;

/** Markup in which every text from outside has been escaped: only `html` makes it. */
export interface Html {
  readonly markup: string;
  readonly [escaped]: true;
}

/** What may stand in a template: markup as it is, text and numbers escaped, nothing for null, lists joined. */
export type Part = Html | string | number | null | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

function render(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(render).join('');
}

/** A template of HTML or SVG whose values are escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.reduce((before, text, i) => before + render(parts[i - 1] ?? null) + text);
  return { markup } as Html;
}

export const nothing: Html = html``;
