import type { Random } from '../../lambdas/model/random.ts';
import { type Basket, valueOfLine } from './baskets.ts';
import { chance, pick, pickWeighted, wholeBetween } from './distributions.ts';
import { type Channel, categoryTraits, hourWeights, openingHour } from './shop.ts';
import { type ShopSeconds, secondsPerDay, secondsPerHour } from './shop-clock.ts';

export type OrderStatus =
  | 'pending'
  | 'paid'
  | 'completed'
  | 'cancelled'
  | 'failed'
  | 'test'
  | 'refunded'
  | 'partially_refunded';

/** From `at` on, the shop's system shows this status and this refunded amount (cents, since the order was placed). */
export interface OrderEvent {
  at: ShopSeconds;
  status: OrderStatus;
  refunded: number;
}

/** The customer fields of an order, as typed or known at the time; empty where not given. */
export interface Buyer {
  customerId: string;
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
  acceptsMarketing: string;
  birthday: string;
}

export interface Order extends Basket {
  placedAt: ShopSeconds;
  buyer: Buyer;
  channel: Channel;
  country: string;
  /** In order of time; the first is at `placedAt`. */
  events: OrderEvent[];
}

export const nobody: Readonly<Buyer> = {
  customerId: '',
  email: '',
  phone: '',
  firstName: '',
  lastName: '',
  acceptsMarketing: '',
  birthday: '',
};

const rates = { byBankTransfer: 0.09, cancelled: 0.018, refundedInFull: 0.4 };
const hours = hourWeights.map((weight, index) => ({ hour: openingHour + index, weight }));

/** A moment of a day, at the hours at which people order. */
export function timeOnDay(random: Random, day: number): ShopSeconds {
  const { hour } = pickWeighted(random, hours, ({ weight }) => weight);
  return Math.floor(day) * secondsPerDay + hour * secondsPerHour + wholeBetween(random, 0, secondsPerHour - 1);
}

/**
 * What becomes of an order that is meant: paid at once or by bank transfer, then completed and perhaps sent back, or
 * cancelled before. Across the counter it is completed at once. Each later event falls on a later day.
 */
export function eventsOfPurchase(
  random: Random,
  placedAt: ShopSeconds,
  basket: Basket,
  { channel, mayBeCancelled }: { channel: Channel; mayBeCancelled: boolean },
): OrderEvent[] {
  const events: OrderEvent[] = [];
  let at = placedAt;
  const follow = (status: OrderStatus, refunded = 0) => events.push({ at, status, refunded });
  if (channel === 'pos') {
    follow('completed');
  } else {
    const byTransfer = chance(random, rates.byBankTransfer);
    follow(byTransfer ? 'pending' : 'paid');
    if (byTransfer) {
      at = daysLater(random, at, 1, 2);
      follow('paid');
    }
    at = daysLater(random, at, 1, 3);
    const isCancelled = mayBeCancelled && chance(random, rates.cancelled);
    follow(isCancelled ? 'cancelled' : 'completed');
    if (isCancelled) return events;
  }
  if (chance(random, categoryTraits[basket.lines[0]!.product.category].returned)) {
    at = daysLater(random, at, 3, 25);
    const refunded = refundedAmount(random, basket);
    follow(refunded === basket.total ? 'refunded' : 'partially_refunded', refunded);
  }
  return events;
}

/** The state of an order at a moment: its last event until then, or undefined before it was placed. */
export function stateAt(order: Order, moment: ShopSeconds): OrderEvent | undefined {
  return order.events.findLast(({ at }) => at <= moment);
}

/** The moment of the first refund, or null. */
export function refundedAt(order: Order): ShopSeconds | null {
  return order.events.find(({ refunded }) => refunded > 0)?.at ?? null;
}

function daysLater(random: Random, moment: ShopSeconds, least: number, most: number): ShopSeconds {
  const day = Math.floor(moment / secondsPerDay) + wholeBetween(random, least, most);
  return day * secondsPerDay + 9 * secondsPerHour + wholeBetween(random, 0, 8 * secondsPerHour);
}

/** Everything, or one line less its share of the discount. */
function refundedAmount(random: Random, { lines, discount, total }: Basket): number {
  if (lines.length === 1 || chance(random, rates.refundedInFull)) return total;
  return Math.round((valueOfLine(pick(random, lines)) * total) / (total + discount));
}
