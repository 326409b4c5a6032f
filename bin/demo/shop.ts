import type { NameLanguage } from './names.ts';
import { dayOfDate, monthOfDay, weekdayOfDay } from './shop-clock.ts';

export const shopSource = 'demo-roastery';
export const shopTimeZone = 'Europe/Budapest';
export const shopCurrency = 'EUR';
export const shopDomain = 'demo-roastery.example';

export const categories = ['beans', 'tea', 'equipment', 'gifts', 'accessories'] as const;
export type Category = (typeof categories)[number];

export const channels = ['web', 'app', 'pos'] as const;
export type Channel = (typeof channels)[number];

export interface Product {
  sku: string;
  name: string;
  category: Category;
  /** Euro cents, tax in. */
  unitPrice: number;
}

/** What the shop sells, cheapest first within a category. */
export const catalogue: Readonly<Record<Category, readonly Product[]>> = {
  beans: [
    product('BN-101', 'House espresso 250 g', 'beans', 850),
    product('BN-102', 'Colombia Huila, washed, 250 g', 'beans', 1_090),
    product('BN-103', 'Ethiopia "Guji" natural 250 g', 'beans', 1_290),
    product('BN-104', 'Decaf, Swiss Water process, 250 g', 'beans', 1_190),
    product('BN-105', 'Kenya AA 250 g', 'beans', 1_450),
    product('BN-201', 'House espresso 1 kg', 'beans', 2_790),
    product('BN-202', 'Brazil Cerrado 1 kg', 'beans', 3_190),
  ],
  tea: [
    product('TE-101', 'Peppermint, loose, 80 g', 'tea', 550),
    product('TE-102', 'Earl Grey, loose, 100 g', 'tea', 690),
    product('TE-103', 'Rooibos & orange 100 g', 'tea', 750),
    product('TE-104', 'Sencha 100 g', 'tea', 990),
    product('TE-105', 'Oolong “Alishan” 75 g', 'tea', 1_690),
    product('TE-106', 'Gyokuro 50 g', 'tea', 2_450),
  ],
  equipment: [
    product('EQ-101', 'AeroPress', 'equipment', 3_490),
    product('EQ-102', 'Teapot, cast iron, 0.8 l', 'equipment', 4_590),
    product('EQ-103', 'Hand grinder', 'equipment', 6_900),
    product('EQ-104', 'Gooseneck kettle 0.9 l', 'equipment', 8_900),
    product('EQ-105', 'Electric grinder', 'equipment', 18_900),
  ],
  gifts: [
    product('GI-101', 'Drip bag sampler, 8 pcs', 'gifts', 1_490),
    product('GI-102', 'Gift card 25', 'gifts', 2_500),
    product('GI-103', 'Tea chest "Four seasons"', 'gifts', 3_290),
    product('GI-104', 'Gift box, beans & mug', 'gifts', 3_990),
    product('GI-105', 'Advent calendar, 24 coffees', 'gifts', 5_990),
  ],
  accessories: [
    product('AC-101', 'Filter papers, size 02 (100 pcs)', 'accessories', 590),
    product('AC-102', 'Tea strainer', 'accessories', 790),
    product('AC-103', 'Cleaning tablets', 'accessories', 990),
    product('AC-104', 'Cup, 0.2 l', 'accessories', 1_290),
    product('AC-105', 'Storage tin, airtight', 'accessories', 1_890),
  ],
};

function product(sku: string, name: string, category: Category, unitPrice: number): Product {
  return { sku, name, category, unitPrice };
}

/** What goes with being drawn to a category: how often it is, how customers behave who favour it. */
export interface CategoryTraits {
  /** Share of customers who favour it, relative. */
  favoured: number;
  /** Share of lines outside the favourite, relative. */
  alsoBought: number;
  /** Chance that somebody who favours it buys once and is gone. */
  oneAndDone: number;
  /** Chance that somebody who stays buys on a rhythm of their own. */
  regular: number;
  /** Factors on purchase rate, dropout rate and order value. */
  purchaseFactor: number;
  dropoutFactor: number;
  spendFactor: number;
  /** Chance that an order led by it is sent back, in part or whole. */
  returned: number;
}

export const categoryTraits: Readonly<Record<Category, CategoryTraits>> = {
  beans: {
    favoured: 50,
    alsoBought: 30,
    oneAndDone: 0.16,
    regular: 0.42,
    purchaseFactor: 1.15,
    dropoutFactor: 0.85,
    spendFactor: 1,
    returned: 0.02,
  },
  tea: {
    favoured: 20,
    alsoBought: 25,
    oneAndDone: 0.2,
    regular: 0.25,
    purchaseFactor: 1,
    dropoutFactor: 1,
    spendFactor: 0.85,
    returned: 0.02,
  },
  equipment: {
    favoured: 10,
    alsoBought: 8,
    oneAndDone: 0.38,
    regular: 0.05,
    purchaseFactor: 0.75,
    dropoutFactor: 1.2,
    spendFactor: 1.9,
    returned: 0.1,
  },
  gifts: {
    favoured: 12,
    alsoBought: 12,
    oneAndDone: 0.48,
    regular: 0.03,
    purchaseFactor: 0.65,
    dropoutFactor: 1.4,
    spendFactor: 1.2,
    returned: 0.05,
  },
  accessories: {
    favoured: 8,
    alsoBought: 25,
    oneAndDone: 0.3,
    regular: 0.1,
    purchaseFactor: 0.85,
    dropoutFactor: 1.1,
    spendFactor: 0.8,
    returned: 0.04,
  },
};

export interface Country {
  code: string;
  /** Share of customers, relative. */
  share: number;
  language: NameLanguage;
  /** First digits of a mobile number; six digits follow. */
  mobilePrefixes: readonly string[];
}

export const countries: readonly Country[] = [
  { code: 'HU', share: 54, language: 'hu', mobilePrefixes: ['+36 20 5', '+36 30 5', '+36 70 5'] },
  { code: 'AT', share: 11, language: 'de', mobilePrefixes: ['+43 660 5'] },
  { code: 'DE', share: 12, language: 'de', mobilePrefixes: ['+49 1511 5'] },
  { code: 'SK', share: 5, language: 'cs', mobilePrefixes: ['+421 905 '] },
  { code: 'CZ', share: 4, language: 'cs', mobilePrefixes: ['+420 605 '] },
  { code: 'RO', share: 4, language: 'ro', mobilePrefixes: ['+40 755 '] },
  { code: 'FR', share: 4, language: 'fr', mobilePrefixes: ['+33 6 55 '] },
  { code: 'IE', share: 2, language: 'en', mobilePrefixes: ['+353 85 5'] },
  { code: 'TH', share: 2, language: 'th', mobilePrefixes: ['+66 81 5'] },
  { code: 'TW', share: 2, language: 'zh', mobilePrefixes: ['+886 955 '] },
];

/** Orders by month, January first, and by weekday, Monday first; 1 is an ordinary one. */
const monthFactors = [0.9, 0.92, 0.96, 0.95, 0.93, 0.88, 0.82, 0.85, 1, 1.08, 1.32, 1.42];
const weekdayFactors = [1.06, 1.02, 0.98, 1, 1.1, 0.98, 0.86];

/** How busy a day is against an ordinary one: season of the year times day of the week. */
export function seasonality(day: number): number {
  return monthFactors[monthOfDay(day) - 1]! * weekdayFactors[weekdayOfDay(day)]!;
}

export const peakSeasonality = Math.max(...monthFactors) * Math.max(...weekdayFactors);

/** New customers per day grow by this factor in a year. */
export const acquisitionGrowthPerYear = 1.35;

/** Orders by hour, from 7 to 22 o'clock, relative. None at night, so no order falls into the hour that clocks skip. */
export const openingHour = 7;
export const hourWeights = [2, 4, 6, 7, 7, 8, 7, 6, 6, 6, 7, 8, 10, 10, 7, 3];

export const firstDayByDefault = dayOfDate('2024-04-01');
export const lastDayByDefault = dayOfDate('2026-09-30');
