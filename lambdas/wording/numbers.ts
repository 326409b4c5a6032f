import { noCurrency } from '../lake/currency.ts';
import { type Language, locales } from './language.ts';

const daysPerMonth = 365.25 / 12;

/** How numbers are written in one language. All of it is a function of language, currency and value alone. */
export interface Numbers {
  /** A whole number with its thousands separated. */
  whole(value: number | bigint): string;
  /** A number with at most `digits` decimals (1 unless told). */
  decimal(value: number, digits?: number): string;
  /** A number with exactly `digits` decimals, as columns of figures need them. */
  fixed(value: number, digits: number): string;
  /** A share given in percent, with exactly `digits` decimals (1 unless told): 33.4 is 33.4 %. */
  percent(value: number, digits?: number): string;
  /** An amount in ten-thousandths of the currency unit, with the currency's code; XXX shows none. */
  money(value: bigint, whole?: boolean): string;
  /** An amount in currency units, rounded to whole ones. */
  amount(value: number): string;
  /** A count of days: "1 day", "12 days". */
  days(value: number): string;
  /** A stretch of days in the unit that a person would choose: days, months or years. */
  span(days: number): string;
  /** The form that a counted noun takes. */
  form<T>(count: number, forms: { readonly one: T; readonly other: T }): T;
}

const decimalText = (value: bigint): `${number}` => {
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}` as `${number}`;
};

function makeNumbers(language: Language, currency: string): Numbers {
  const locale = locales[language];
  const cache = new Map<string, Intl.NumberFormat>();
  const format = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const found = cache.get(key) ?? new Intl.NumberFormat(locale, options);
    cache.set(key, found);
    return found;
  };
  const plurals = new Intl.PluralRules(locale);
  const money: Intl.NumberFormatOptions =
    currency === noCurrency
      ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
      : { style: 'currency', currency, currencyDisplay: 'code' };
  const wholeMoney = { ...money, minimumFractionDigits: 0, maximumFractionDigits: 0 };
  const unit = (value: number, name: string, digits = 0): string =>
    format({ style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: digits }).format(value);

  return {
    whole: (value) => format({ maximumFractionDigits: 0 }).format(value),
    decimal: (value, digits = 1) => format({ maximumFractionDigits: digits }).format(value),
    fixed: (value, digits) => format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    percent: (value, digits = 1) =>
      format({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value / 100),
    money: (value, whole = false) => format(whole ? wholeMoney : money).format(decimalText(value)),
    amount: (value) => format(wholeMoney).format(value),
    days: (value) => unit(value, 'day'),
    span(days) {
      if (days < 60) return unit(days, 'day');
      return days < 730 ? unit(days / daysPerMonth, 'month') : unit(days / 365.25, 'year', 1);
    },
    form: (count, forms) => (plurals.select(count) === 'one' ? forms.one : forms.other),
  };
}

const made = new Map<string, Numbers>();

/**
 * The way numbers are written in a language.
 * @param currency ISO 4217 code of amounts; XXX, or none, where it is not known
 */
export function numbersOf(language: Language, currency = noCurrency): Numbers {
  const key = `${language}-${currency}`;
  const found = made.get(key) ?? makeNumbers(language, currency);
  made.set(key, found);
  return found;
}
