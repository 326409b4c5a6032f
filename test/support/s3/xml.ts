const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};
const characters = Object.fromEntries(Object.entries(entities).map(([character, entity]) => [entity, character]));

export const escapeXml = (text: string): string => text.replace(/[<>&'"]/g, (found) => entities[found]!);

const unescapeXml = (text: string): string => text.replace(/&(?:lt|gt|amp|apos|quot);/g, (found) => characters[found]!);

/** Texts of all elements of a name, in order; elements of that name do not nest in S3's requests. */
export const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, text]) => unescapeXml(text!));

/** An element with text or with elements inside, which are XML already. */
export const element = (name: string, text: string | number | boolean): string =>
  `<${name}>${escapeXml(String(text))}</${name}>`;
export const parent = (name: string, ...inside: readonly string[]): string => `<${name}>${inside.join('')}</${name}>`;
