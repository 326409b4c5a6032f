import { csvLine, moneyText } from './csv.ts';
import { dateOfDay } from './shop-clock.ts';
import type { SimulatedCustomer } from './simulate-shop.ts';

/**
 * Columns of `truth.csv`, one row per known customer: what no export tells.
 * - `customer_id`, `other_customer_id`, `email`: as in the exports, `email` in its plain form; the second id only where used
 * - `kind`: `regular` (own rhythm), `occasional` (random times) or `one_and_done`
 * - `first_order_date`: day of the first purchase, whatever became of it
 * - `lost_on`: last day as a customer; empty while still one at the end
 * - `purchases`: orders that were meant, so without failed attempts; cancelled and refunded ones count
 * - `purchases_per_year`, `dropouts_per_year`: true rates while alive, before season and refunds; empty for `one_and_done`
 * - `typical_order_value`: what the baskets aim at, on average
 */
const columns = [
  'customer_id',
  'other_customer_id',
  'email',
  'kind',
  'first_order_date',
  'lost_on',
  'purchases',
  'purchases_per_year',
  'dropouts_per_year',
  'typical_order_value',
];

/** The text of `truth.csv`, in the order in which the customers joined. */
export function* truthText(customers: readonly SimulatedCustomer[]): Generator<string> {
  yield csvLine(columns);
  for (const { customer, orders, purchases, lostOnDay } of customers) {
    const { person, habits } = customer;
    const later = orders.find(({ buyer }) => buyer.customerId === person.laterCustomerId);
    const isOneAndDone = habits.kind === 'one_and_done';
    yield csvLine([
      person.customerId,
      later?.buyer.customerId ?? '',
      person.email,
      habits.kind,
      dateOfDay(customer.joinedDay),
      lostOnDay === null ? '' : dateOfDay(lostOnDay),
      String(purchases),
      isOneAndDone ? '' : habits.purchasesPerYear.toFixed(4),
      isOneAndDone ? '' : habits.dropoutsPerYear.toFixed(4),
      moneyText(Math.round(habits.typicalOrderValue)),
    ]);
  }
}
