import { expect, test } from 'vitest';
import { mostInOneNight, reconcile } from '../../../lambdas/ingest/reconcile-handler.ts';
import { landedKey } from '../../../lambdas/lake/zones.ts';
import type { LandedObject, Landing } from '../../../lambdas/platform/aws/landing.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { inFolder } from '../../support/files.ts';

/** Deliveries in order of key, the last the newest. */
const delivered = (count: number): LandedObject[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `exports/${String(i).padStart(4, '0')}.csv`,
    etag: `"${i}"`,
    version: `version-${i}`,
    deliveredAt: new Date(Date.UTC(2026, 0, 1) + i * 60_000),
  }));

const landingOf = (objects: readonly LandedObject[], requests: readonly Date[] = []): Landing => ({
  file: () => Promise.reject(new Error('nothing is read')),
  settle: () => Promise.reject(new Error('nothing is written')),
  async *list() {
    yield* objects;
  },
  async *requests() {
    yield* requests.map((deliveredAt) => ({ deliveredAt }));
  },
});

const clock = (): Date => new Date('2026-02-02T02:30:00Z');

test.each([
  ['all of them while one night can take them', mostInOneNight, []],
  ['the newest of more, and the rest is logged', mostInOneNight + 50, [['deliveries_left', { left: 50 }]]],
])('what was delivered and not taken is asked for, newest first: %s', async (_, count, left) => {
  await inFolder(async (folder) => {
    const store = fileStore(folder);
    const all = delivered(count + 1);
    const taken = all.at(-1)!;
    await store.write(landedKey(taken.version), new Uint8Array());
    const logged: unknown[] = [];
    const log = (event: string, fields?: object): void => {
      logged.push([event, fields]);
    };
    const { missing } = await reconcile({ store, log, clock }, landingOf(all));
    const newest = all.slice(0, -1).slice(-mostInOneNight).reverse();
    expect(missing).toEqual(newest.map(({ key }) => ({ key })));
    expect(logged).toEqual([['reconciled', { landed_without_receipt: count }], ...left]);
  });
});

test('requests to erase that have waited for more than a day are told', async () => {
  await inFolder(async (folder) => {
    const logged: unknown[] = [];
    const log = (event: string, fields?: object): void => {
      logged.push([event, fields]);
    };
    const requests = ['2026-02-01T12:00:00Z', '2026-02-01T02:00:00Z', '2026-01-02T00:00:00Z'].map((on) => new Date(on));
    const ports = { store: fileStore(folder), log, clock };
    await reconcile(ports, landingOf([], requests.slice(0, 1)));
    expect(logged).toEqual([['reconciled', { landed_without_receipt: 0 }]]);
    await reconcile(ports, landingOf([], requests));
    expect(logged.at(-1)).toEqual(['erasures_waiting', { waiting: 2 }]);
  });
});
