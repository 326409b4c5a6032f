import { type RowOf, text, timestamp } from '../lake/column.ts';
import type { identities } from '../lake/tables/curated.ts';

/** Two keys that one customer was seen under, each with its earliest order time. */
export const identityLink = {
  columns: { left_key: text(''), right_key: text(''), left_seen_at: timestamp(''), right_seen_at: timestamp('') },
  key: ['left_key', 'right_key'],
};

type Link = RowOf<typeof identityLink.columns>;

/** Groups of linked keys, each led by the key seen earliest (union by age, with path halving). */
class KeyGroups {
  readonly #index = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #seenAt: bigint[] = [];
  readonly #leader: number[] = [];

  #indexOf(key: string, seenAt: bigint): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const index = this.#keys.push(key) - 1;
    this.#index.set(key, index);
    this.#seenAt.push(seenAt);
    this.#leader.push(index);
    return index;
  }

  #leaderOf(index: number): number {
    const leader = this.#leader;
    let at = index;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at] as number] as number;
      at = leader[at] as number;
    }
    return at;
  }

  #isOlder(a: number, b: number): boolean {
    const [seenA, seenB] = [this.#seenAt[a] as bigint, this.#seenAt[b] as bigint];
    return seenA === seenB ? (this.#keys[a] as string) < (this.#keys[b] as string) : seenA < seenB;
  }

  join(link: Link): void {
    const a = this.#leaderOf(this.#indexOf(link.left_key, link.left_seen_at));
    const b = this.#leaderOf(this.#indexOf(link.right_key, link.right_seen_at));
    if (a === b) return;
    if (this.#isOlder(a, b)) this.#leader[b] = a;
    else this.#leader[a] = b;
  }

  *followers(): Generator<RowOf<typeof identities.columns>> {
    for (const [index, key] of this.#keys.entries()) {
      const leader = this.#leaderOf(index);
      if (leader !== index) yield { identity_key: key, customer_key: this.#keys[leader] as string };
    }
  }
}

/**
 * Resolves keys that belong to one person, directly or through others, to the key of that person: the one seen earliest.
 * @returns the keys that are not themselves a customer key, sorted
 */
export async function resolveIdentities(links: AsyncIterable<Link>): Promise<RowOf<typeof identities.columns>[]> {
  const groups = new KeyGroups();
  for await (const link of links) groups.join(link);
  return [...groups.followers()].sort((a, b) => (a.identity_key < b.identity_key ? -1 : 1));
}
