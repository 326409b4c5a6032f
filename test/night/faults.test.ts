import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { inFolder } from '../support/files.ts';
import { deliver } from '../support/ingested.ts';
import { nightOf, regularShop, visibleState } from '../support/night.ts';

const asOf = '2024-06-30';

class Died extends Error {}

/** The process dies at its nth write: before it happens or right after. Whatever it tries then fails as well. */
function dyingAt(nth: number, when: 'before' | 'after') {
  let writes = 0;
  let isDead = false;
  const living =
    <A extends unknown[], R>(act: (...given: A) => R) =>
    (...given: A): R => {
      if (isDead) throw new Died();
      return act(...given);
    };
  return (store: ObjectStore): ObjectStore => ({
    read: async (key) => living(store.read)(key),
    list: living(store.list),
    remove: async (key) => living(store.remove)(key),
    removeAll: async (prefix) => living(store.removeAll)(prefix),
    async write(key, body, condition) {
      if (isDead) throw new Died();
      const isLast = ++writes === nth;
      if (isLast && when === 'before') isDead = true;
      if (isDead) throw new Died();
      const written = await store.write(key, body, condition);
      if (isLast) isDead = true;
      if (isDead) throw new Died();
      return written;
    },
  });
}

/** Counts writes without disturbing any. */
function counting() {
  let writes = 0;
  const wrap = (store: ObjectStore): ObjectStore => ({
    ...store,
    write: (key, body, condition) => {
      writes++;
      return store.write(key, body, condition);
    },
  });
  return { wrap, writes: () => writes };
}

/** A night that dies anywhere and is run again leaves what a night leaves that nothing happened to. */
test('a night that dies at a write and is run again is as if nothing had happened', { timeout: 400_000 }, async () => {
  await inFolder(async (folder) => {
    const shop = join(folder, 'shop');
    await deliver({ store: fileStore(shop) }, { file: 'a.csv', orders: regularShop(12, asOf, 300) });

    const counter = counting();
    await cp(shop, join(folder, 'calm'), { recursive: true });
    await nightOf(join(folder, 'calm'), asOf, {}, counter.wrap);
    const expected = await visibleState(join(folder, 'calm'));
    const total = counter.writes();
    expect(expected.length).toBeGreaterThan(20);

    // a prime step meets every step of the night and, with both ways to die, other writes each time; all of the commit and what follows
    const deaths = [
      ...Array.from({ length: Math.floor(total / 17) }, (_, i) => ({ nth: 1 + 17 * i, when: 'before' as const })),
      ...Array.from({ length: Math.floor(total / 23) }, (_, i) => ({ nth: 4 + 23 * i, when: 'after' as const })),
      ...[0, 1, 2, 3].map((back) => ({ nth: total - back, when: 'before' as const })),
      ...[1, 2, 3, 4].map((back) => ({ nth: total - back, when: 'after' as const })),
    ];
    for (const { nth, when } of deaths) {
      const root = join(folder, `dies-${nth}-${when}`);
      await cp(shop, root, { recursive: true });
      await expect(nightOf(root, asOf, {}, dyingAt(nth, when)), `${when} write ${nth}`).rejects.toThrow();
      const again = await nightOf(root, asOf);
      expect(again.night.run.attempt).toBeGreaterThanOrEqual(1);
      expect(await visibleState(root), `${when} write ${nth} of ${total}`).toEqual(expected);
    }
  });
});

test('a night that dies again and again gets on each time', { timeout: 120_000 }, async () => {
  await inFolder(async (folder) => {
    const shop = join(folder, 'shop');
    await deliver({ store: fileStore(shop) }, { file: 'a.csv', orders: regularShop(12, asOf, 300) });
    const calm = join(folder, 'calm');
    await cp(shop, calm, { recursive: true });
    await nightOf(calm, asOf);

    let deaths = 0;
    for (let isDone = false; !isDone; ) {
      expect(deaths).toBeLessThan(12);
      isDone = await nightOf(shop, asOf, {}, dyingAt(17, 'after')).then(
        () => true,
        () => false,
      );
      if (!isDone) deaths++;
    }
    expect(deaths).toBeGreaterThan(2);
    expect(await visibleState(shop)).toEqual(await visibleState(calm));
  });
});
