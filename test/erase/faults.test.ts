import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { erase } from '../../lambdas/erase/erase.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { hashesUnder, inFolder } from '../support/files.ts';
import { processOn } from '../support/night.ts';
import { ada, shopOfTwo, take } from './shop-of-two.ts';

class Died extends Error {}

/** The process dies at its nth change of the store: before it happens or right after. Nothing works after that. */
function dyingAt(nth: number, when: 'before' | 'after') {
  let changes = 0;
  let isDead = false;
  const change = async <T>(act: () => Promise<T>): Promise<T> => {
    const isLast = ++changes === nth;
    isDead ||= isLast && when === 'before';
    if (isDead) throw new Died();
    const done = await act();
    isDead ||= isLast;
    if (isDead) throw new Died();
    return done;
  };
  const wrap = (store: ObjectStore): ObjectStore => ({
    ...store,
    write: (...given) => change(() => store.write(...given)),
    remove: (key) => change(() => store.remove(key)),
  });
  return { wrap, changes: () => changes };
}

async function eraseIn(root: string, wrap?: (store: ObjectStore) => ObjectStore) {
  const lake = await processOn(root, {}, wrap);
  try {
    return await erase(lake, { person: ada.otherEmail, isDry: false, isForced: false });
  } finally {
    lake.close();
  }
}

test('an erasure that dies at any change, and is asked for again, is as if nothing had happened', {
  timeout: 120_000,
}, async () => {
  await inFolder(async (folder) => {
    const shop = join(folder, 'shop');
    const lake = await processOn(shop);
    for (const name of ['a.csv', 'b.csv']) await take(lake, name, name === 'a.csv' ? shopOfTwo : `${shopOfTwo}\n`);
    lake.close();
    const calm = join(folder, 'calm');
    await cp(shop, calm, { recursive: true });
    const counter = dyingAt(0, 'before');
    await eraseIn(calm, counter.wrap);
    const expected = await hashesUnder(calm);
    expect(expected).not.toEqual(await hashesUnder(shop));
    // what is recorded, and orders and sightings of both files
    expect(counter.changes()).toBe(5);
    for (let nth = 1; nth <= counter.changes(); nth++) {
      for (const when of ['before', 'after'] as const) {
        const root = join(folder, `${nth}-${when}`);
        await cp(shop, root, { recursive: true });
        await expect(eraseIn(root, dyingAt(nth, when).wrap)).rejects.toThrow(Died);
        await eraseIn(root);
        expect(await hashesUnder(root), `${when} change ${nth}`).toEqual(expected);
      }
    }
  });
});
