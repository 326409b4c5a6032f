import { type Random, randomFor } from '../../lambdas/model/random.ts';
import { fillBasket, withDiscount } from './baskets.ts';
import type { Customer, Habits } from './customers.ts';
import { chance, exponential, gamma, pick, wholeBetween } from './distributions.ts';
import { type Buyer, eventsOfPurchase, type Order, refundedAt, timeOnDay } from './orders.ts';
import { asTyped } from './persons.ts';
import { type Channel, channels, peakSeasonality, seasonality } from './shop.ts';
import { secondsPerDay } from './shop-clock.ts';
import { streams } from './streams.ts';

/** A customer's orders until the end of the simulation, and when the customer was lost. */
export interface CustomerHistory {
  orders: Order[];
  /** How many of `orders` were meant and not only tried: cancelled and refunded ones count, failed attempts do not. */
  purchases: number;
  /** Last day as a customer: nothing is ordered after it. Null for somebody who is still one at the end. */
  lostOnDay: number | null;
}

/** Shape of the gaps of a regular: the higher, the closer to clockwork; the standard deviation is 1/√shape of the mean. */
const rhythmShape = 7;
/** Shape of one customer's order values around their mean. */
const orderValueShape = 6;
const rates = { leavesAfterRefund: 0.35, failedAttempt: 0.025, guestCheckout: 0.05, otherChannel: 0.12 };

/**
 * Runs one customer from the first purchase to dropout or to the end of `lastDay`. Dropout is exponential with the
 * customer's own rate; a refund sends some away before that.
 */
export function simulateCustomer(seed: number, customer: Customer, lastDay: number): CustomerHistory {
  const { habits, joinedDay } = customer;
  const random = randomFor(seed, streams.purchases, customer.index);
  const orders: Order[] = [];
  let purchases = 0;
  let lost = joinedDay + exponential(random, habits.dropoutsPerYear / 365);
  for (let day = joinedDay; day <= lost && day < lastDay + 1; day = nextPurchase(random, habits, day)) {
    const order = placeOrder(random, customer, day, purchases);
    if (chance(random, rates.failedAttempt)) orders.push(attemptBefore(random, order));
    orders.push(order);
    purchases += 1;
    const refund = refundedAt(order);
    if (refund !== null && chance(random, rates.leavesAfterRefund)) lost = Math.min(lost, refund / secondsPerDay);
  }
  return { orders, purchases, lostOnDay: lost < lastDay + 1 ? Math.floor(lost) : null };
}

/**
 * Day of the next purchase of somebody who stays. Occasional customers buy at random times at their own rate, thinned by
 * season and weekday (Lewis and Shedler 1979); regulars keep their rhythm.
 */
function nextPurchase(random: Random, { kind, purchasesPerYear }: Habits, day: number): number {
  if (kind === 'one_and_done') return Number.POSITIVE_INFINITY;
  const perDay = purchasesPerYear / 365;
  if (kind === 'regular') return day + Math.max(1, gamma(random, rhythmShape) / (rhythmShape * perDay));
  let next = day;
  do next += exponential(random, perDay * peakSeasonality);
  while (!chance(random, seasonality(Math.floor(next)) / peakSeasonality));
  return next;
}

function placeOrder(random: Random, customer: Customer, day: number, purchasesBefore: number): Order {
  const { habits, person } = customer;
  const placedAt = timeOnDay(random, day);
  const channel = chance(random, rates.otherChannel) ? pick(random, channels) : habits.homeChannel;
  const value = (habits.typicalOrderValue * gamma(random, orderValueShape)) / orderValueShape;
  const basket = withDiscount(
    random,
    fillBasket(random, habits.favourite, value, Math.floor(day)),
    habits.couponHunter,
    Math.floor(day),
  );
  const mayBeCancelled = purchasesBefore > 0;
  return {
    placedAt,
    ...basket,
    channel,
    country: person.country,
    buyer: buyerOf(random, customer, channel, { day, purchasesBefore }),
    events: eventsOfPurchase(random, placedAt, basket, { channel, mayBeCancelled }),
  };
}

function buyerOf(
  random: Random,
  { person }: Customer,
  channel: Channel,
  { day, purchasesBefore }: { day: number; purchasesBefore: number },
): Buyer {
  const { phone, firstName, lastName, birthday } = person;
  const isGuestCheckout =
    chance(random, rates.guestCheckout) && channel === 'web' && purchasesBefore > 0 && person.email !== '';
  const account = purchasesBefore >= 2 && person.laterCustomerId !== '' ? person.laterCustomerId : person.customerId;
  const unsubscribed = person.unsubscribedOn !== null && day >= person.unsubscribedOn;
  return {
    customerId: isGuestCheckout ? '' : account,
    email: asTyped(person.email, random),
    phone,
    firstName,
    lastName,
    acceptsMarketing: unsubscribed ? 'no' : person.acceptsMarketing,
    birthday,
  };
}

/** The same basket a few minutes earlier, when the card was refused or a bank transfer was chosen and never made. */
function attemptBefore(random: Random, order: Order): Order {
  const placedAt = order.placedAt - wholeBetween(random, 90, 1_500);
  const status = chance(random, 0.8) ? 'failed' : 'pending';
  return { ...order, placedAt, events: [{ at: placedAt, status, refunded: 0 }] };
}
