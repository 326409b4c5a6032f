import { type Html, html } from '../html.ts';

/** Room for a drawing, in its own units: one drawing for wide screens and paper, one for telephones. */
export interface Size {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
}

const sizes: readonly Size[] = [
  { name: 'wide', width: 960, height: 300 },
  { name: 'narrow', width: 360, height: 250 },
];

export interface Drawing {
  /** Makes the ids inside the page unique. */
  readonly id: string;
  readonly title: string;
  /** What a person who cannot see it should know. */
  readonly description: string;
  readonly draw: (size: Size) => Html;
}

/** Diagonal lines: the period is not over. */
export const hatchId = (id: string, size: Size): string => `${id}-${size.name}-hatch`;

/** A drawing in both sizes, of which a style sheet shows one, so that its text stays readable on every screen. */
export const drawing = ({ id, title, description, draw }: Drawing): Html =>
  html`${sizes.map(
    (
      size,
    ) => html`<svg class="${size.name}" role="img" viewBox="0 0 ${size.width} ${size.height}" aria-labelledby="${id}-${size.name}-t ${id}-${size.name}-d">
<title id="${id}-${size.name}-t">${title}</title><desc id="${id}-${size.name}-d">${description}</desc>
<defs><pattern id="${hatchId(id, size)}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>
${draw(size)}
</svg>
`,
  )}`;
