import { isoDate } from '../lake/day.ts';
import { type Language, locales } from '../wording/language.ts';
import { type Numbers, numbersOf } from '../wording/numbers.ts';
import { type Html, html } from './html.ts';

const dayMs = 86_400_000;
const missing = '–';

/** How figures are written in a report: for a person, with the exact value of the table beside it for a program. */
export interface Format extends Numbers {
  /** 10 September 2011 */
  longDate(day: number): string;
  /** Sep 2011 */
  month(day: number): string;
  /** Q3 2011 */
  quarter(day: number): string;
  /** A whole number as an element that carries its value. */
  count(value: number | null): Html;
  /** A percentage as an element that carries its value. */
  share(value: number | null, digits?: number): Html;
  /** A number with decimals as an element that carries its value. */
  real(value: number | null, digits?: number): Html;
  /** A difference with its sign. */
  signed(value: number, digits?: number): string;
  /** An amount, in ten-thousandths, as an element that carries its decimal value. */
  sum(value: bigint | null, whole?: boolean): Html;
  /** A day as YYYY-MM-DD. */
  day(value: number): Html;
}

const decimal = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
};

const figure = (value: number | string | null, text: () => string): Html =>
  value === null
    ? html`<span class="missing">${missing}</span>`
    : html`<data value="${String(value)}">${text()}</data>`;

export function formatFor(language: Language, currency: string): Format {
  const numbers = numbersOf(language, currency);
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: 'UTC' });
    return (day: number): string => format.format(new Date(day * dayMs));
  };
  return {
    ...numbers,
    longDate: dates({ dateStyle: 'long' }),
    month: dates({ year: 'numeric', month: 'short' }),
    quarter(day) {
      const date = new Date(day * dayMs);
      return `Q${Math.floor(date.getUTCMonth() / 3) + 1} ${date.getUTCFullYear()}`;
    },
    count: (value) => figure(value, () => numbers.whole(value ?? 0)),
    share: (value, digits) => figure(value, () => numbers.percent(value ?? 0, digits)),
    real: (value, digits = 3) => figure(value, () => numbers.fixed(value ?? 0, digits)),
    signed: (value, digits = 1) => `${value < 0 ? '−' : '+'}${numbers.fixed(Math.abs(value), digits)}`,
    sum: (value, whole) => figure(value === null ? null : decimal(value), () => numbers.money(value ?? 0n, whole)),
    day: (value) => html`<time datetime="${isoDate(value)}">${isoDate(value)}</time>`,
  };
}
