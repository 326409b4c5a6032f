import { type Random, randomFor } from '../../lambdas/model/random.ts';
import { fillBasket, withDiscount } from './baskets.ts';
import { chance, gamma, pickWeighted, poisson } from './distributions.ts';
import { type Buyer, eventsOfPurchase, nobody, type Order, timeOnDay } from './orders.ts';
import { type Channel, catalogue, categories, categoryTraits, shopDomain } from './shop.ts';
import { streams } from './streams.ts';

/** Orders of people whom the shop does not know, per known customer. */
const ordersPerCustomer = 0.45;
const orderValues = { shape: 2, mean: 2_200 };
const acrossTheCounter = 0.7;
/** Addresses and ids that tills and plug-ins put where no customer was given, and how often, relative. */
const placeholders: readonly { buyer: Buyer; share: number }[] = [
  { buyer: nobody, share: 93 },
  { buyer: { ...nobody, email: `guest@${shopDomain}` }, share: 4 },
  { buyer: { ...nobody, email: `no-reply@${shopDomain}` }, share: 1.5 },
  { buyer: { ...nobody, customerId: '0' }, share: 1.5 },
];
const testBuyer: Buyer = { ...nobody, email: `checkout-test@${shopDomain}`, firstName: 'Test', lastName: 'Order' };
const daysBetweenTests = 17;

/** Orders without a customer: guests on the web and people across the counter, some under a placeholder. */
export function simulateUnknownBuyers(seed: number, customers: number, drawDay: (random: Random) => number): Order[] {
  const random = randomFor(seed, streams.unknownBuyers);
  return Array.from({ length: poisson(random, customers * ordersPerCustomer) }, () => {
    const channel = chance(random, acrossTheCounter) ? 'pos' : 'web';
    const { buyer } = pickWeighted(random, placeholders, ({ share }) => share);
    return orderOf(random, buyer, channel, drawDay(random));
  });
}

/** Orders with which the shop tries its own checkout: status `test`, the cheapest product, every few weeks. */
export function simulateTestOrders(seed: number, firstDay: number, lastDay: number): Order[] {
  const random = randomFor(seed, streams.tests);
  const product = catalogue.beans[0]!;
  const orders: Order[] = [];
  for (let day = firstDay + daysBetweenTests; day <= lastDay; day += daysBetweenTests) {
    const placedAt = timeOnDay(random, day);
    orders.push({
      placedAt,
      lines: [{ product, quantity: 1 }],
      discount: 0,
      total: product.unitPrice,
      channel: 'web',
      country: 'HU',
      buyer: testBuyer,
      events: [{ at: placedAt, status: 'test', refunded: 0 }],
    });
  }
  return orders;
}

function orderOf(random: Random, buyer: Buyer, channel: Channel, day: number): Order {
  const placedAt = timeOnDay(random, day);
  const category = pickWeighted(random, categories, (one) => categoryTraits[one].alsoBought);
  const value = (gamma(random, orderValues.shape) / orderValues.shape) * orderValues.mean;
  const basket = withDiscount(random, fillBasket(random, category, value, Math.floor(day)), false, Math.floor(day));
  const events = eventsOfPurchase(random, placedAt, basket, { channel, mayBeCancelled: true });
  return { placedAt, ...basket, channel, country: 'HU', buyer, events };
}
