import { type Html, html } from '../html.ts';
import type { Size } from './drawing.ts';
import { linear, round } from './scale.ts';

/** Room around a plot for its axes. */
export const margin = { top: 14, right: 14, bottom: 46, left: 52 };

export interface Plot {
  readonly size: Size;
  readonly base: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A plot whose axes run from 0 to the given ends. */
export function plotOf(size: Size, endX: number, endY: number): Plot {
  const base = size.height - margin.bottom;
  return {
    size,
    base,
    x: linear([0, endX], [margin.left, size.width - margin.right]),
    y: linear([0, endY], [base, margin.top]),
  };
}

/** Horizontal lines with their figures, figures along the bottom, and what is told from left to right. */
export function axes(
  { size, base, x, y }: Plot,
  rows: readonly { readonly value: number; readonly text: string }[],
  columns: readonly { readonly value: number; readonly text: string }[],
  name: string,
): Html {
  return html`${rows.map(
    ({
      value,
      text,
    }) => html`<line class="grid" x1="${margin.left}" x2="${size.width - margin.right}" y1="${y(value)}" y2="${y(value)}"/>
<text class="tick" text-anchor="end" x="${margin.left - 6}" y="${round(y(value) + 4)}">${text}</text>`,
  )}
${columns.map(
  ({ value, text }) => html`<text class="tick" text-anchor="middle" x="${x(value)}" y="${base + 17}">${text}</text>\n`,
)}<text class="axis" text-anchor="middle" x="${round((margin.left + size.width) / 2)}" y="${size.height - 8}">${name}</text>`;
}
