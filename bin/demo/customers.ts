import { type Random, randomFor } from '../../lambdas/model/random.ts';
import { chance, gamma, pickWeighted } from './distributions.ts';
import { inventPerson, type Person } from './persons.ts';
import { type Category, type Channel, categories, categoryTraits, channels } from './shop.ts';
import { streams } from './streams.ts';

export type CustomerKind = 'regular' | 'occasional' | 'one_and_done';

/** How a simulated customer behaves: the hidden truth that a model can only estimate. */
export interface Habits {
  kind: CustomerKind;
  favourite: Category;
  homeChannel: Channel;
  /** Came for a discount, and looks for one at every order. */
  couponHunter: boolean;
  /** While alive and on average over the seasons; 0 for one_and_done. */
  purchasesPerYear: number;
  /** Hazard of dropping out. Infinite for one_and_done, who is lost with the first purchase. */
  dropoutsPerYear: number;
  /** What an order aims at, in cents; the basket comes near it. */
  typicalOrderValue: number;
}

export interface Customer {
  /** Position in the order of joining, from 0. */
  index: number;
  /** Day of the first purchase, with its fraction. */
  joinedDay: number;
  habits: Habits;
  person: Person;
}

/** Purchases per year of the occasional: gamma with this shape and mean (the NBD part of Pareto/NBD). */
const purchaseRates = { shape: 2.4, mean: 4.1 };
/** Dropouts per year: gamma with this shape and mean (the Pareto part). */
const dropoutRates = { occasional: { shape: 1.2, mean: 0.6 }, regular: { shape: 1.2, mean: 0.4 } };
/** Days between the orders of a regular: gamma over customers. */
const rhythms = { shape: 8, mean: 60 };
/** Order values in cents: the customer's mean is inverse gamma with this shape (the gamma–gamma model). */
const orderValues = { shape: 3.5, mean: 3_400 };

const couponHunters = { share: 0.16, dropoutFactor: 1.7 };
const channelTraits: Readonly<Record<Channel, { share: number; dropoutFactor: number }>> = {
  web: { share: 62, dropoutFactor: 1.05 },
  app: { share: 23, dropoutFactor: 0.7 },
  pos: { share: 15, dropoutFactor: 1.25 },
};

/**
 * The customer at a position in the order of joining: habits drawn from Pareto/NBD rates (Schmittlein, Morrison and
 * Colombo 1987) and gamma–gamma spend (Fader, Hardie and Lee 2005), both shifted by favourite category, channel and
 * taste for coupons. The same seed, index and day give the same customer whoever else exists.
 */
export function createCustomer(seed: number, index: number, joinedDay: number): Customer {
  const random = randomFor(seed, streams.customers, index);
  const habits = drawHabits(random);
  return { index, joinedDay, habits, person: inventPerson(index, joinedDay, random) };
}

function drawHabits(random: Random): Habits {
  const favourite = pickWeighted(random, categories, (category) => categoryTraits[category].favoured);
  const homeChannel = pickWeighted(random, channels, (channel) => channelTraits[channel].share);
  const couponHunter = chance(random, couponHunters.share);
  const traits = categoryTraits[favourite];
  const kind = drawKind(random, favourite, couponHunter);
  const dropoutFactor =
    traits.dropoutFactor * channelTraits[homeChannel].dropoutFactor * (couponHunter ? couponHunters.dropoutFactor : 1);
  const { shape, mean } = orderValues;
  const spend = { typicalOrderValue: (mean * traits.spendFactor * (shape - 1)) / gamma(random, shape) };
  const common = { kind, favourite, homeChannel, couponHunter, ...spend };
  if (kind === 'one_and_done') return { ...common, purchasesPerYear: 0, dropoutsPerYear: Number.POSITIVE_INFINITY };
  const dropoutsPerYear = meanGamma(random, dropoutRates[kind]) * dropoutFactor;
  const purchasesPerYear =
    kind === 'regular' ? 365 / meanGamma(random, rhythms) : meanGamma(random, purchaseRates) * traits.purchaseFactor;
  return { ...common, purchasesPerYear, dropoutsPerYear };
}

function drawKind(random: Random, favourite: Category, couponHunter: boolean): CustomerKind {
  const traits = categoryTraits[favourite];
  if (chance(random, traits.oneAndDone * (couponHunter ? 1.3 : 1))) return 'one_and_done';
  return chance(random, traits.regular) ? 'regular' : 'occasional';
}

function meanGamma(random: Random, { shape, mean }: { shape: number; mean: number }): number {
  return (gamma(random, shape) / shape) * mean;
}
