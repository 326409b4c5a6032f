import type { FileIdentities } from '../identity.ts';
import { absent } from '../records/byte-pool.ts';
import type { OrderBook } from './order-book.ts';
import { noDay } from './row.ts';

const newColumns = (room: number) => ({
  email: new Int32Array(room),
  phone: new Int32Array(room),
  platform: new Int32Array(room),
  givenEmail: new Int32Array(room),
  givenPhone: new Int32Array(room),
  customer: new Int32Array(room),
  firstName: new Int32Array(room),
  lastName: new Int32Array(room),
  country: new Int32Array(room),
  birthday: new Int32Array(room),
  consent: new Int8Array(room),
  firstSeen: new BigInt64Array(room),
  lastSeen: new BigInt64Array(room),
  /** When the order that contact data come from was told (`noTime`: with the file), and placed. */
  told: new BigInt64Array(room),
  toldOrder: new BigInt64Array(room),
});

/** A place in the hash table that holds no sighting. */
const free = -1;

/** The people of a file, one per distinct set of identifiers, in order of first appearance. */
export interface Sightings {
  readonly size: number;
  readonly columns: ReturnType<typeof newColumns>;
}

/** Contact data as far as the book knows them: [sighting's column, book's column, value for "not stated"]. */
const contactColumns = [
  ['givenEmail', 'email', absent],
  ['givenPhone', 'phone', absent],
  ['customer', 'customer', absent],
  ['firstName', 'firstName', absent],
  ['lastName', 'lastName', absent],
  ['country', 'country', absent],
  ['birthday', 'birthday', noDay],
  ['consent', 'consent', -1],
] as const;

/**
 * Groups the accepted orders of a book by who placed them; contact data are those of the order
 * told last that states them, and of orders told together those of the latest.
 */
export function gatherSightings(book: OrderBook, people: FileIdentities): Sightings {
  const columns = newColumns(book.size);
  let size = 0;
  let slots = new Int32Array(512).fill(free);

  const slotOf = (email: number, phone: number, platform: number): number => {
    const mask = slots.length - 1;
    let hash = Math.imul(email ^ Math.imul(phone, 0x9e3779b1) ^ Math.imul(platform, 0x85ebca6b), 0x2c1b3c6d);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (let i = slots[slot]!; i !== free; i = slots[slot]!) {
      if (columns.email[i] === email && columns.phone[i] === phone && columns.platform[i] === platform) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  };

  const growSlots = (): void => {
    slots = new Int32Array(slots.length * 2).fill(free);
    for (let i = 0; i < size; i++) slots[slotOf(columns.email[i]!, columns.phone[i]!, columns.platform[i]!)] = i;
  };

  const open = (order: number, slot: number, email: number, phone: number, platform: number): void => {
    columns.email[size] = email;
    columns.phone[size] = phone;
    columns.platform[size] = platform;
    for (const [own, theirs] of contactColumns) {
      const value = book.columns[theirs][order]!;
      if (value !== 0) columns[own][size] = value;
    }
    columns.firstSeen[size] = book.columns.orderedAt[order]!;
    columns.lastSeen[size] = book.columns.orderedAt[order]!;
    columns.told[size] = book.columns.updatedAt[order]!;
    columns.toldOrder[size] = book.columns.orderedAt[order]!;
    slots[slot] = size++;
    if (size * 2 > slots.length) growSlots();
  };

  const extend = (sighting: number, order: number): void => {
    const at = book.columns.orderedAt[order]!;
    const told = book.columns.updatedAt[order]!;
    const known = columns.told[sighting]!;
    const isLatest = told > known || (told === known && at >= columns.toldOrder[sighting]!);
    for (const [own, theirs, notStated] of contactColumns) {
      const value = book.columns[theirs][order]!;
      if (value !== notStated && (isLatest || columns[own][sighting] === notStated)) columns[own][sighting] = value;
    }
    if (isLatest) {
      columns.told[sighting] = told;
      columns.toldOrder[sighting] = at;
    }
    if (at > columns.lastSeen[sighting]!) columns.lastSeen[sighting] = at;
    if (at < columns.firstSeen[sighting]!) columns.firstSeen[sighting] = at;
  };

  for (let order = 0; order < book.size; order++) {
    if (book.columns.rows[order] === 0) continue;
    const email = people.email.normal(book.columns.email[order]!);
    const phone = people.phone.normal(book.columns.phone[order]!);
    const platform = people.platform.normal(book.columns.customer[order]!);
    if (email === absent && phone === absent && platform === absent) continue;
    const slot = slotOf(email, phone, platform);
    if (slots[slot] === free) open(order, slot, email, phone, platform);
    else extend(slots[slot]!, order);
  }
  return { size, columns };
}
