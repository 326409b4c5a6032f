import type { Random } from '../../lambdas/model/random.ts';
import { chance, pick, pickWeighted } from './distributions.ts';
import { type Category, catalogue, categories, categoryTraits, type Product } from './shop.ts';
import { dayOfMonth, monthOfDay } from './shop-clock.ts';

export interface OrderLine {
  product: Product;
  quantity: number;
}

/** What is in an order. Money in cents. `total` = sum of quantity × unit price − `discount`: tax in, delivery free. */
export interface Basket {
  lines: OrderLine[];
  discount: number;
  total: number;
}

const mostLines = 4;
const mostOfOne = 6;
const discountRates = [0.1, 0.1, 0.15, 0.2];
/** Days of a month on which the shop gives discounts to everybody; those of November are around Black Friday. */
const campaignDays: Readonly<Record<number, readonly [number, number]>> = { 1: [7, 14], 6: [10, 17], 11: [22, 30] };
const giftSeasonFactor = 4;

/**
 * A basket that comes near a value: mostly from the favourite category, more gifts before Christmas. At least one line
 * and never two lines of one product.
 */
export function fillBasket(random: Random, favourite: Category, value: number, day: number): Basket {
  const lines: OrderLine[] = [];
  let rest = value;
  while (lines.length < mostLines && (lines.length === 0 || rest > 500)) {
    const category = lines.length === 0 || chance(random, 0.55) ? favourite : otherCategory(random, day);
    const product = affordable(random, category, rest);
    if (lines.some((line) => line.product === product)) break;
    const share = chance(random, 0.5) ? 0.6 : 1;
    const quantity = Math.min(mostOfOne, Math.max(1, Math.round((rest * share) / product.unitPrice)));
    lines.push({ product, quantity });
    rest -= quantity * product.unitPrice;
  }
  const total = lines.reduce((sum, line) => sum + valueOfLine(line), 0);
  return { lines, discount: 0, total };
}

export function valueOfLine({ product, quantity }: OrderLine): number {
  return product.unitPrice * quantity;
}

/** The basket with the discount somebody gets that day, if any: at campaigns nearly everybody, else mostly hunters. */
export function withDiscount(random: Random, basket: Basket, isCouponHunter: boolean, day: number): Basket {
  if (!chance(random, discountChance(isCouponHunter, day))) return basket;
  const discount = Math.round(basket.total * pick(random, discountRates));
  return { ...basket, discount, total: basket.total - discount };
}

function discountChance(isCouponHunter: boolean, day: number): number {
  if (isCouponHunter) return 0.85;
  const campaign = campaignDays[monthOfDay(day)];
  return campaign !== undefined && dayOfMonth(day) >= campaign[0] && dayOfMonth(day) <= campaign[1] ? 0.6 : 0.05;
}

function otherCategory(random: Random, day: number): Category {
  const giftFactor = monthOfDay(day) >= 11 ? giftSeasonFactor : 1;
  return pickWeighted(
    random,
    categories,
    (category) => categoryTraits[category].alsoBought * (category === 'gifts' ? giftFactor : 1),
  );
}

function affordable(random: Random, category: Category, value: number): Product {
  const products = catalogue[category];
  const within = products.filter(({ unitPrice }) => unitPrice <= value * 1.2);
  return within.length === 0 ? products[0]! : pick(random, within);
}
