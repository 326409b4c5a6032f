import type { FileIdentities, Identifiers } from '../identity.ts';
import { absent } from '../records/byte-pool.ts';
import { type Groups, groupBy } from './columns.ts';
import type { OrderBook } from './order-book.ts';
import { noDay, noTime } from './row.ts';

/** One person of a file, in the numbers of the file's pools. The same object is filled again for each. */
export interface Sighting {
  email: number;
  phone: number;
  customer: number;
  firstName: number;
  lastName: number;
  country: number;
  birthday: number;
  consent: number;
  firstSeen: bigint;
  lastSeen: bigint;
  /** When the order that contact data come from was told (`noTime`: with the file). */
  told: bigint;
}

type ContactColumn = Exclude<keyof Sighting, 'firstSeen' | 'lastSeen' | 'told'>;

/** Contact data, with the value for "not stated". */
const contactColumns: readonly (readonly [ContactColumn, number])[] = [
  ['email', absent],
  ['phone', absent],
  ['customer', absent],
  ['firstName', absent],
  ['lastName', absent],
  ['country', absent],
  ['birthday', noDay],
  ['consent', -1],
];

/** A place in the hash table that holds nobody. */
const free = -1;

/** Accepted orders by who placed them, people in order of first appearance; orders of nobody are in no group. */
export function groupByPerson(book: OrderBook, people: FileIdentities): Groups {
  const { email, phone, customer } = book.columns;
  const personOf = new Int32Array(book.size);
  let firstOrders = new Int32Array((1 << 10) + 1);
  let size = 0;
  let slots = new Int32Array(1 << 11).fill(free);

  const hashOf = (order: number): number => {
    const mixed = Math.imul(people.phone.hash(phone[order]!), 0x9e3779b1);
    const own = Math.imul(people.platform.hash(customer[order]!), 0x85ebca6b);
    const hash = Math.imul(people.email.hash(email[order]!) ^ mixed ^ own, 0x2c1b3c6d);
    return hash ^ (hash >>> 15);
  };
  const isSamePerson = (a: number, b: number): boolean =>
    people.email.isSame(email[a]!, email[b]!) &&
    people.phone.isSame(phone[a]!, phone[b]!) &&
    people.platform.isSame(customer[a]!, customer[b]!);
  const slotOf = (order: number): number => {
    const mask = slots.length - 1;
    let slot = hashOf(order) & mask;
    while (slots[slot] !== free && !isSamePerson(firstOrders[slots[slot]!]!, order)) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2).fill(free);
    const wider = new Int32Array((slots.length >> 1) + 1);
    wider.set(firstOrders);
    firstOrders = wider;
    const mask = slots.length - 1;
    for (let person = 0; person < size; person++) {
      let slot = hashOf(firstOrders[person]!) & mask;
      while (slots[slot] !== free) slot = (slot + 1) & mask;
      slots[slot] = person;
    }
  };

  for (let order = 0; order < book.size; order++) {
    personOf[order] = free;
    if (book.columns.rows[order] === 0 || !isSomebody(book, people, order)) continue;
    const slot = slotOf(order);
    if (slots[slot] === free) {
      firstOrders[size] = order;
      slots[slot] = size++;
    }
    personOf[order] = slots[slot]!;
    if (size * 2 > slots.length) grow();
  }
  return groupBy(personOf, book.size, size);
}

/** True where an order says who placed it. */
export function isSomebody({ columns }: OrderBook, people: FileIdentities, order: number): boolean {
  const named = (who: Identifiers, refs: Int32Array): boolean => who.isSomebody(refs[order]!);
  return (
    named(people.email, columns.email) || named(people.phone, columns.phone) || named(people.platform, columns.customer)
  );
}

/**
 * The people of a file, one per distinct set of identifiers; contact data are those of the order told last that states
 * them, and of orders told together those of the latest.
 */
export function* sightings({ columns }: OrderBook, { starts, order: orders }: Groups): Generator<Sighting> {
  const person: Sighting = {
    email: absent,
    phone: absent,
    customer: absent,
    firstName: absent,
    lastName: absent,
    country: absent,
    birthday: noDay,
    consent: -1,
    firstSeen: noTime,
    lastSeen: noTime,
    told: noTime,
  };
  let toldOrder = noTime;

  const open = (order: number): void => {
    for (const [name] of contactColumns) person[name] = columns[name][order]!;
    person.firstSeen = columns.orderedAt[order]!;
    person.lastSeen = person.firstSeen;
    person.told = columns.updatedAt[order]!;
    toldOrder = person.firstSeen;
  };
  const extend = (order: number): void => {
    const at = columns.orderedAt[order]!;
    const told = columns.updatedAt[order]!;
    const isLatest = told > person.told || (told === person.told && at >= toldOrder);
    for (const [name, notStated] of contactColumns) {
      const value = columns[name][order]!;
      if (value !== notStated && (isLatest || person[name] === notStated)) person[name] = value;
    }
    if (isLatest) {
      person.told = told;
      toldOrder = at;
    }
    if (at > person.lastSeen) person.lastSeen = at;
    if (at < person.firstSeen) person.firstSeen = at;
  };

  for (let group = 0; group + 1 < starts.length; group++) {
    open(orders[starts[group]!]!);
    for (let k = starts[group]! + 1; k < starts[group + 1]!; k++) extend(orders[k]!);
    yield person;
  }
}
