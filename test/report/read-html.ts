/** The part of a page between a section's opening tag and its end. */
export function sectionOf(page: string, id: string): string {
  const from = page.indexOf(`<section id="${id}"`);
  if (from < 0) throw new Error(`the page has no section ${id}`);
  return page.slice(from, page.indexOf('</section>', from));
}

/** The exact values that the figures of a piece of markup carry, in order. */
export const valuesOf = (markup: string): string[] =>
  [...markup.matchAll(/<data value="([^"]*)">/g)].map((match) => match[1] ?? '');

/** Rows of the body of the table with this caption. */
export function bodyRows(markup: string, caption: string): string[] {
  const at = markup.indexOf(`<caption><span>${caption}`);
  if (at < 0) throw new Error(`no table with caption ${caption}`);
  const body = markup.slice(markup.indexOf('<tbody', at), markup.indexOf('</tbody>', at));
  return body.split('<tr').slice(1);
}

/** The text of a piece of markup as a reader sees it. */
export const textOf = (markup: string): string =>
  markup
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

const voidElements = new Set(['meta', 'br', 'hr', 'img', 'input', 'link', '!doctype']);

/** The first tag that is not closed, or closed without being open; null where all are paired. */
export function unpairedTag(page: string): string | null {
  const open: string[] = [];
  for (const [, slash, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z!][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/gi)) {
    const tag = name.toLowerCase();
    if (voidElements.has(tag) || rest.endsWith('/')) continue;
    if (!slash) open.push(tag);
    else if (open.pop() !== tag) return `</${tag}>`;
  }
  return open.length > 0 ? `<${open.at(-1)}>` : null;
}
