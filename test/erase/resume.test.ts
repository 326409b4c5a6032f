import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eraseRequested, type Requested } from '../../lambdas/erase/erase-requested.ts';
import { customers } from '../../lambdas/lake/tables/curated.ts';
import { publishedPrefix, runPrefix, sweepMarkKey } from '../../lambdas/lake/zones.ts';
import { readErasures } from '../../lambdas/platform/erasures.ts';
import { PreconditionFailed } from '../../lambdas/platform/errors.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { hashesUnder, inFolder } from '../support/files.ts';
import { keyOf } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { processOn } from '../support/night.ts';
import { filesWith } from './search.ts';
import { ada, header, orderLine, shopOfTwo, take } from './shop-of-two.ts';

const prefix = '_erasures/';
/** Zoe is in a table of an old night and on its list; no order tells of her. Eve is nowhere. */
const [zoe, eve] = ['zoe', 'eve'].map(keyOf) as [string, string];
const run = { asOf: day('2024-06-30'), runId: '0123456789abcdef', attempt: 1 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hurried = (): boolean => false;
/** Time for some objects a call. */
function some(): () => boolean {
  let objects = 0;
  return () => ++objects % 4 !== 0;
}

/** A lake of two ingests and what an old night left, and requests to erase three people. */
async function fill(root: string): Promise<void> {
  const lake = await processOn(join(root, 'lake'));
  await take(lake, 'a.csv', shopOfTwo);
  await take(lake, 'b.csv', `${shopOfTwo}\n`);
  const nobody = Object.fromEntries(Object.keys(customers.columns).map((name) => [name, null]));
  for (const [part, key] of [zoe, keyOf('ben')].entries()) {
    const rows = [{ ...nobody, customer_key: key, email: `${part}@mail.example` }];
    const kept = {
      ...customers,
      columns: { customer_key: customers.columns.customer_key, email: customers.columns.email },
    };
    await writeTable(lake.store, kept, `${runPrefix(customers, run)}part-${part}.parquet`, rows as never);
  }
  await lake.store.write(`${publishedPrefix(run)}win_back/people.csv`, bytes(`customer_key\r\n${zoe}\r\n`));
  await lake.store.write(`${publishedPrefix(run)}manifest.json`, bytes('{}\n'));
  lake.close();
  const requests = fileStore(join(root, 'landing'));
  await requests.write(`${prefix}1.txt`, bytes(`${ada.email}\n${eve}\n${zoe}\n`));
}

type Wrap = (store: ObjectStore) => ObjectStore;

interface Calls {
  readonly wrap?: Wrap;
  readonly isDry?: boolean;
  readonly calls?: number;
  /** Day of all calls. */
  readonly on?: string;
}

/** Calls until it is done, as the state machine does, or so many times. */
async function callOn(
  root: string,
  hasTime: () => boolean,
  { wrap = (store) => store, isDry = false, calls = Infinity, on = '2026-01-01' }: Calls = {},
): Promise<Requested[]> {
  const opened = await processOn(join(root, 'lake'), {}, wrap);
  const lake = { ...opened, clock: () => new Date(on) };
  const requests = wrap(fileStore(join(root, 'landing')));
  const answers: Requested[] = [];
  try {
    do answers.push(await eraseRequested(lake, requests, prefix, { isDry, isForced: false }, hasTime));
    while (!answers.at(-1)?.is_done && answers.length < calls);
    return answers;
  } finally {
    opened.close();
  }
}

const withCopies = (use: (copy: (name: string) => Promise<string>) => Promise<void>) =>
  inFolder(async (folder) => {
    await fill(join(folder, 'first'));
    await use(async (name) => {
      await cp(join(folder, 'first'), join(folder, name), { recursive: true });
      return join(folder, name);
    });
  });

test('an erasure of many calls leaves what one call leaves, answers the same, and reads objects again only once somebody is recorded', {
  timeout: 60_000,
}, async () => {
  await withCopies(async (copy) => {
    const [calm, pressed] = [await copy('calm'), await copy('pressed')];
    const expected = (await callOn(calm, () => true)).at(-1);
    expect(expected).toMatchObject({ is_done: true, people: 2, unknown: [{ file: 1, line: 2 }], files: 1 });
    const read: string[] = [];
    const counting: Wrap = (store) => ({
      ...store,
      read: (key) => {
        if (/\.(parquet|csv)$/.test(key)) read.push(key);
        return store.read(key);
      },
    });
    const dry = await callOn(pressed, hurried, { wrap: counting, isDry: true });
    expect(dry.at(-1)).toEqual(expected);
    const objects = new Set(read).size;
    expect(read).toHaveLength(objects);
    expect(objects).toBeGreaterThan(6);
    expect(await filesWith(join(pressed, 'lake', 'ledger'), [zoe])).toEqual(new Map([[zoe, []]]));

    const answers = await callOn(pressed, hurried, { wrap: counting });
    expect(answers.at(-1)).toEqual(expected);
    expect(answers.length).toBeGreaterThan(6);
    expect(answers.slice(0, -1).every(({ is_done, rows }) => !is_done && rows <= (expected?.rows ?? 0))).toBe(true);
    // Zoe is met on the first list, which is read again
    expect(read).toHaveLength(2 * objects + 1);
    expect(await hashesUnder(pressed)).toEqual(await hashesUnder(calm));
    const lake = fileStore(join(pressed, 'lake'));
    expect(await lake.read(sweepMarkKey(false))).toBeNull();
    expect((await readErasures(lake)).people.flat()).not.toContain(eve);
  });
});

class Died extends Error {}

/** The process dies at its nth change of a store: before it happens or right after. */
function dyingAt(nth: number, when: 'before' | 'after') {
  let changes = 0;
  const change = async <T>(act: () => Promise<T>): Promise<T> => {
    changes++;
    if (changes > nth || (changes === nth && when === 'before')) throw new Died();
    const done = await act();
    if (changes === nth) throw new Died();
    return done;
  };
  const wrap: Wrap = (store) => ({
    ...store,
    write: (...given) => change(() => store.write(...given)),
    remove: (key) => change(() => store.remove(key)),
  });
  return { wrap, changes: () => changes };
}

test('an erasure of many calls that dies at any change, and is called again, is as if nothing had happened', {
  timeout: 240_000,
}, async () => {
  await withCopies(async (copy) => {
    const calm = await copy('calm');
    const counter = dyingAt(Number.POSITIVE_INFINITY, 'before');
    await callOn(calm, some(), { wrap: counter.wrap });
    const expected = await hashesUnder(calm);
    expect(counter.changes()).toBeGreaterThan(9);
    for (let nth = 1; nth <= counter.changes(); nth++) {
      const when = nth % 2 === 0 ? 'before' : 'after';
      const root = await copy(`${nth}`);
      await expect(callOn(root, some(), { wrap: dyingAt(nth, when).wrap })).rejects.toThrow(Died);
      await callOn(root, some());
      expect(await hashesUnder(root), `${when} change ${nth}`).toEqual(expected);
    }
  });
});

test('a request that comes between two calls has the sweep begin anew', async () => {
  await withCopies(async (copy) => {
    const root = await copy('late');
    expect((await callOn(root, hurried, { calls: 4 })).at(-1)).toMatchObject({ is_done: false });
    await fileStore(join(root, 'landing')).write(`${prefix}2.txt`, bytes('ben@mail.example\n'));
    const answer = (await callOn(root, hurried)).at(-1);
    expect(answer).toMatchObject({ people: 3, unknown: [{ file: 1, line: 2 }] });
    const found = await filesWith(join(root, 'lake', 'personal'), ['ben@mail.example', ada.email]);
    expect([...found.values()].flat()).toEqual([]);
    expect([...(await hashesUnder(join(root, 'landing'))).keys()]).toEqual([]);
  });
});

test('of two erasures at the same time the one that is behind gives up', async () => {
  await withCopies(async (copy) => {
    const root = await copy('two');
    let isFirst = true;
    const other = async (): Promise<void> => {
      if (isFirst) {
        isFirst = false;
        await callOn(root, hurried, { calls: 1 });
      }
    };
    const slow: Wrap = (store) => ({
      ...store,
      write: async (key, ...given) => {
        if (key === sweepMarkKey(false)) await other();
        return store.write(key, ...given);
      },
    });
    await expect(callOn(root, hurried, { wrap: slow })).rejects.toThrow(PreconditionFailed);
    expect((await callOn(root, hurried)).at(-1)).toMatchObject({ is_done: true, people: 2 });
  });
});

test('a dry run that was broken off is gone on with for a day, and then begun anew', async () => {
  await withCopies(async (copy) => {
    const rowsOn = async (on: string): Promise<number | undefined> => {
      const root = await copy(on);
      await callOn(root, hurried, { isDry: true, calls: 4 });
      const lake = await processOn(join(root, 'lake'));
      await take(lake, 'c.csv', [header, orderLine('7', '2024-04-01', '70.00', { email: ada.email })].join('\n'));
      lake.close();
      return (await callOn(root, () => true, { isDry: true, on })).at(-1)?.rows;
    };
    const soon = await rowsOn('2026-01-01T23:00:00Z');
    const late = await rowsOn('2026-01-02T01:00:00Z');
    // orders are looked at no more, or again with the one that came behind
    expect(late).toBe((soon ?? 0) + 1);
  });
});
