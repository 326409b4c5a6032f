import { randomFor } from '../../lambdas/model/random.ts';
import { growingDays } from './calendar.ts';
import { type Customer, createCustomer } from './customers.ts';
import type { Order } from './orders.ts';
import { type CustomerHistory, simulateCustomer } from './purchases.ts';
import { streams } from './streams.ts';
import { simulateTestOrders, simulateUnknownBuyers } from './unknown-buyers.ts';

/** Days are counted from 1970-01-01 on the shop's calendar; both ends are simulated. */
export interface SimulationSettings {
  seed: number;
  customers: number;
  firstDay: number;
  lastDay: number;
}

export interface NumberedOrder extends Order {
  orderId: string;
}

export interface SimulatedCustomer extends CustomerHistory {
  customer: Customer;
}

export interface SimulatedShop {
  /** In the order in which they were placed, which is also that of their ids. */
  orders: NumberedOrder[];
  /** In the order in which they joined. */
  customers: SimulatedCustomer[];
}

const firstOrderNumber = 100_001;

/** The life of the shop: who came when, what they ordered, when they were lost. The same settings give the same shop. */
export function simulateShop({ seed, customers, firstDay, lastDay }: SimulationSettings): SimulatedShop {
  const drawDay = growingDays(firstDay, lastDay);
  const random = randomFor(seed, streams.joining);
  const joinedDays = Float64Array.from({ length: customers }, () => drawDay(random)).sort();
  const simulated = Array.from(joinedDays, (joinedDay, index) => {
    const customer = createCustomer(seed, index, joinedDay);
    return { customer, ...simulateCustomer(seed, customer, lastDay) };
  });
  const orders = [
    ...simulated.flatMap((one) => one.orders),
    ...simulateUnknownBuyers(seed, customers, drawDay),
    ...simulateTestOrders(seed, firstDay, lastDay),
  ];
  orders.sort((a, b) => a.placedAt - b.placedAt);
  return {
    orders: orders.map((order, index) => ({ ...order, orderId: `DR-${firstOrderNumber + index}` })),
    customers: simulated,
  };
}
