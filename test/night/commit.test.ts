import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { latestManifestKey, publishedPrefix, publishedRunsKey } from '../../lambdas/lake/zones.ts';
import { commit, rollback } from '../../lambdas/night/commit.ts';
import { publishedNights } from '../../lambdas/night/published.ts';
import type { StepInput } from '../../lambdas/pipeline.ts';
import { GateFailed, LakeAccessError, PreconditionFailed, UsageError } from '../../lambdas/platform/errors.ts';
import { readJson, writeJson } from '../../lambdas/platform/json-objects.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { inFolder } from '../support/files.ts';
import { deliver } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { nightOf, regularShop, visibleState } from '../support/night.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

/** A night that is finished but for its commit. */
async function finished(asOf: string, runId: string): Promise<StepInput<'commit'>> {
  const run = { asOf: day(asOf), runId, attempt: 1 };
  await writeJson(lake.store, `${publishedPrefix(run)}manifest.json`, { as_of: asOf, run_id: runId });
  return {
    night: { ...lake.night, run },
    horizon: { horizonDays: 90 },
    train: { modelId: `model of ${runId}`, trainedOn: day(asOf) },
  } as StepInput<'commit'>;
}

const current = async () => (await publishedNights(lake.store)).nights.filter((n) => n.is_current).map((n) => n.run_id);
const listsOf = async () => (await readJson<{ run_id: string }>(lake.store, latestManifestKey))?.run_id;

describe('commit', () => {
  test('makes a night current, tables and lists, and keeps the earlier ones', async () => {
    expect(await commit(lake, await finished('2024-06-29', 'a'))).toEqual({ published: true, replacedLater: null });
    expect(await commit(lake, await finished('2024-06-30', 'b'))).toEqual({ published: true, replacedLater: null });
    const { nights } = await publishedNights(lake.store);
    expect(nights).toMatchObject([
      { as_of: day('2024-06-29'), run_id: 'a', is_current: false },
      { as_of: day('2024-06-30'), run_id: 'b', is_current: true, model_id: 'model of b', horizon_days: 90 },
    ]);
    expect(await listsOf()).toBe('b');
  });

  test('a second time changes not a byte', async () => {
    const night = await finished('2024-06-30', 'a');
    await commit(lake, night);
    const before = await visibleState(lake.root);
    expect(await commit(lake, night)).toEqual({ published: false, replacedLater: null });
    expect(await visibleState(lake.root)).toEqual(before);
  });

  test('of another run of the same date replaces it', async () => {
    await commit(lake, await finished('2024-06-30', 'a'));
    await commit(lake, await finished('2024-06-30', 'b'));
    const { nights } = await publishedNights(lake.store);
    expect(nights.map((night) => night.run_id)).toEqual(['b']);
    expect(await listsOf()).toBe('b');
  });

  test('switches all tables by exactly one write, and moves the lists after it', async () => {
    await commit(lake, await finished('2024-06-29', 'a'));
    const night = await finished('2024-06-30', 'b');
    const written: string[] = [];
    const store = {
      ...lake.store,
      write: (...given: Parameters<typeof lake.store.write>) => {
        written.push(given[0]);
        return lake.store.write(...given);
      },
    };
    await commit({ ...lake, store }, night);
    expect(written).toEqual([publishedRunsKey, latestManifestKey]);
  });

  test('that dies between the two is completed by the next', async () => {
    await commit(lake, await finished('2024-06-29', 'a'));
    const night = await finished('2024-06-30', 'b');
    const store = {
      ...lake.store,
      write: (...given: Parameters<typeof lake.store.write>) =>
        given[0] === latestManifestKey ? Promise.reject(new Error('died')) : lake.store.write(...given),
    };
    await expect(commit({ ...lake, store }, night)).rejects.toThrow('died');
    expect([await current(), await listsOf()]).toEqual([['b'], 'a']);
    expect(await commit(lake, night)).toEqual({ published: false, replacedLater: null });
    expect([await current(), await listsOf()]).toEqual([['b'], 'b']);
  });

  test('during which an erasure amends the manifest leaves no list that names what was removed', async () => {
    await commit(lake, await finished('2024-06-29', 'a'));
    const night = await finished('2024-06-30', 'b');
    const manifest = `${publishedPrefix(night.night.run)}manifest.json`;
    const amended = { as_of: '2024-06-30', run_id: 'b', lists: ['lists/people-1234abcd.csv'] };
    for (const moment of ['read', 'write'] as const) {
      let isErased = false;
      const erase = async (): Promise<void> => {
        if (isErased) return;
        isErased = true;
        await writeJson(lake.store, manifest, { ...amended, moment });
      };
      const store: ObjectStore = {
        ...lake.store,
        read: async (key) => {
          const found = await lake.store.read(key);
          if (moment === 'read' && key === latestManifestKey) await erase();
          return found;
        },
        write: async (...given) => {
          if (moment === 'write' && given[0] === latestManifestKey) await erase();
          return lake.store.write(...given);
        },
      };
      await writeJson(lake.store, manifest, { as_of: '2024-06-30', run_id: 'b', lists: ['lists/people.csv'], moment });
      await commit({ ...lake, store }, night);
      expect(isErased).toBe(true);
      expect(await readJson(lake.store, latestManifestKey)).toEqual({ ...amended, moment });
    }
  });

  test('does not overwrite the latest manifest that an erasure wrote after it was read', async () => {
    const night = await finished('2024-06-30', 'a');
    const manifest = `${publishedPrefix(night.night.run)}manifest.json`;
    const amended = { as_of: '2024-06-30', run_id: 'a', lists: [] };
    const written: unknown[] = [];
    const store: ObjectStore = {
      ...lake.store,
      write: async (key, ...given) => {
        if (key === latestManifestKey && written.length === 0) {
          await writeJson(lake.store, manifest, amended);
          await writeJson(lake.store, latestManifestKey, amended);
        }
        if (key === latestManifestKey) written.push(given[1]);
        return lake.store.write(key, ...given);
      },
    };
    await commit({ ...lake, store }, night);
    expect(written).toEqual([{ ifAbsent: true }]);
    expect(await readJson(lake.store, latestManifestKey)).toEqual(amended);
  });

  test('without a manifest publishes nothing', async () => {
    await commit(lake, await finished('2024-06-29', 'a'));
    const night = await finished('2024-06-30', 'b');
    await lake.store.remove(`${publishedPrefix(night.night.run)}manifest.json`);
    await expect(commit(lake, night)).rejects.toBeInstanceOf(LakeAccessError);
    expect([await current(), await listsOf()]).toEqual([['a'], 'a']);
  });

  /** All publish at once, having read the pointer before any of them writes it. @returns the run that won */
  async function race(nights: readonly StepInput<'commit'>[]): Promise<string> {
    let waiting = nights.length;
    let start: () => void;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const store = {
      ...lake.store,
      write: async (...given: Parameters<typeof lake.store.write>) => {
        if (given[0] === publishedRunsKey && --waiting === 0) start();
        if (given[0] === publishedRunsKey) await started;
        return lake.store.write(...given);
      },
    };
    const ended = await Promise.allSettled(nights.map((night) => commit({ ...lake, store }, night)));
    const winners = ended.flatMap((each, i) => (each.status === 'fulfilled' ? [nights[i]!.night.run.runId] : []));
    expect(winners).toHaveLength(1);
    for (const each of ended) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(PreconditionFailed);
    expect([await current(), await listsOf()]).toEqual([winners, winners[0]]);
    return winners[0]!;
  }

  test.each([
    ['the first night', false],
    ['a later night', true],
  ])('of 20 publishers of %s at once one wins, and tables and lists are of the same night', async (_, hasBefore) => {
    if (hasBefore) await commit(lake, await finished('2024-05-31', 'before'));
    const nights = await Promise.all(
      Array.from({ length: 20 }, (_, i) => finished(`2024-06-${String(i + 1).padStart(2, '0')}`, `run-${i}`)),
    );
    await race(nights);
    expect((await publishedNights(lake.store)).nights).toHaveLength(hasBefore ? 2 : 1);
  });

  test('of two publishers of one date one wins, 200 times', async () => {
    for (let round = 0; round < 200; round++) {
      const nights = [await finished('2024-06-30', `a-${round}`), await finished('2024-06-30', `b-${round}`)];
      const winner = await race(nights);
      expect((await publishedNights(lake.store)).nights.map((night) => night.run_id)).toEqual([winner]);
    }
  });
});

describe('rollback', () => {
  test('makes an earlier night current again, tables and lists, and may be taken back', async () => {
    await commit(lake, await finished('2024-06-29', 'a'));
    await commit(lake, await finished('2024-06-30', 'b'));
    expect(await rollback(lake.store, day('2024-06-29'))).toMatchObject({ run_id: 'a' });
    expect([await current(), await listsOf()]).toEqual([['a'], 'a']);
    expect((await publishedNights(lake.store)).nights).toHaveLength(2);
    await rollback(lake.store, day('2024-06-30'));
    expect([await current(), await listsOf()]).toEqual([['b'], 'b']);
  });

  test('to a date that was never published names those that were', async () => {
    await expect(rollback(lake.store, day('2024-06-30'))).rejects.toThrow(UsageError);
    await commit(lake, await finished('2024-06-29', 'a'));
    const error = await rollback(lake.store, day('2024-06-30')).catch((thrown: UsageError) => thrown);
    expect(error).toMatchObject({ next: 'Published nights: 2024-06-29.' });
    expect(await current()).toEqual(['a']);
  });
});

test('a night whose gates fail leaves the one before published, byte for byte', async () => {
  await inFolder(async (root) => {
    const store = fileStore(root);
    const orders = regularShop(12, '2024-06-30', 300);
    await deliver({ store }, { file: 'a.csv', orders, receipt: { file_sha256: 'one file' } });
    const first = await nightOf(root, '2024-06-30');
    const before = await visibleState(root);
    const reader = (state: string[]) => state.filter((line) => /^(published\/|runs\/published_runs)/.test(line));

    const half = orders.filter((order, i) => i % 2 === 0 || order.order_id === 'last');
    const receipt = { file_sha256: 'one file', ingested_at: '2025-02-01T00:00:00.000Z' };
    await deliver({ store }, { file: 'half.csv', orders: half, receipt });
    await expect(nightOf(root, '2024-07-01')).rejects.toBeInstanceOf(GateFailed);
    expect(reader(await visibleState(root))).toEqual(reader(before));
    expect((await publishedNights(store)).nights.map((night) => night.run_id)).toEqual([first.night.run.runId]);
  });
});
