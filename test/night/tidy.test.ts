import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoDate } from '../../lambdas/lake/day.ts';
import { pinKey, publishedRunsKey, type Run, removalKey } from '../../lambdas/lake/zones.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { commit, rollback } from '../../lambdas/night/commit.ts';
import { maturedNights, nightsBefore, nightsToKeep } from '../../lambdas/night/history.ts';
import { type PublishedRun, publishedNights } from '../../lambdas/night/published.ts';
import { tidy } from '../../lambdas/night/tidy.ts';
import type { StepInput } from '../../lambdas/pipeline.ts';
import { erasuresState } from '../../lambdas/platform/erasures.ts';
import { LakeAccessError, UsageError } from '../../lambdas/platform/errors.ts';
import { readJson, writeJson } from '../../lambdas/platform/json-objects.ts';
import { inFolder } from '../support/files.ts';
import { deliver } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import {
  Died,
  dyingAt,
  filesOf,
  leaveRun,
  localLake,
  type OpenLake,
  publishAll,
  rowsLeft,
  runOf,
  s3Lake,
  stateOf,
} from './many-nights.ts';

const asOf = day('2025-12-31');
const keepDays = 30;

/** Nights every ten days of a bit more than two years, the newest current. */
const published = Array.from({ length: 80 }, (_, i) => runOf(asOf - 10 * (79 - i)));
const oldAttempt = runOf(asOf - 40, 'died');
const newAttempt = runOf(asOf - 20, 'died');

async function fill(lake: OpenLake, runs: readonly Run[] = published): Promise<void> {
  for (const run of [...runs, oldAttempt, newAttempt]) await leaveRun(lake, run);
  await publishAll(lake, runs);
}

const listed = async ({ store }: OpenLake): Promise<Set<string>> =>
  new Set((await publishedNights(store)).nights.map((night) => night.run_id));

/** That each run is either published and whole, or gone. */
async function expectWholeOrGone(lake: OpenLake, runs: readonly Run[]): Promise<void> {
  const kept = await listed(lake);
  for (const run of runs) {
    const isKept = kept.has(run.runId);
    expect(await rowsLeft(lake, run), isoDate(run.asOf)).toBe(isKept ? 1 : 0);
    expect((await filesOf(lake.root, run)).length > 0, isoDate(run.asOf)).toBe(isKept);
  }
}

describe.each([
  { name: 'a folder', open: localLake },
  { name: 'S3 and Athena', open: s3Lake },
])('tidying a lake in $name', ({ open }) => {
  const withLake = (use: (lake: OpenLake) => Promise<void>) =>
    inFolder(async (root) => {
      const lake = await open(root, keepDays);
      try {
        await use(lake);
      } finally {
        await lake.close();
      }
    });

  test('removes old nights but those that the watch looks back at, and can be done again', { timeout: 180_000 }, () =>
    withLake(async (lake) => {
      const few = published.slice(-24);
      await fill(lake, few);
      const { nights, runs } = await tidy(lake);
      expect(nights).toBeGreaterThan(5);
      expect(runs).toBe(nights + 1);
      await expectWholeOrGone(lake, few);
      expect(await filesOf(lake.root, oldAttempt)).toEqual([]);
      expect(await rowsLeft(lake, newAttempt)).toBe(1);
      expect(await tidy(lake)).toEqual({ nights: 0, runs: 0 });

      const kept = await listed(lake);
      for (const run of few.filter(({ runId }) => kept.has(runId))) {
        expect(await rollback(lake.store, run.asOf)).toMatchObject({ run_id: run.runId });
      }
      const gone = few.find(({ runId }) => !kept.has(runId)) as Run;
      const error: unknown = await rollback(lake.store, gone.asOf).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ message: expect.stringMatching(/is gone: .*night\.keep_days/) });
      await expect(rollback(lake.store, gone.asOf - 1)).rejects.toThrow(/no night of .* was published/);
    }),
  );
});

const some = published.slice(-8);

/** Does something to copies of a lake with some nights to remove. */
const withCopies = (use: (copy: (name: string) => Promise<OpenLake>) => Promise<void>) =>
  inFolder(async (folder) => {
    const first = await localLake(join(folder, 'first'), keepDays);
    await fill(first, some);
    await first.close();
    const opened: OpenLake[] = [];
    try {
      await use(async (name) => {
        await cp(join(folder, 'first'), join(folder, name), { recursive: true });
        const lake = await localLake(join(folder, name), keepDays);
        opened.push(lake);
        return lake;
      });
    } finally {
      for (const lake of opened) await lake.close();
    }
  });

test(
  'tidying that dies anywhere leaves published nights whole, and is completed by the next',
  {
    timeout: 240_000,
  },
  () =>
    withCopies(async (copy) => {
      const calm = await copy('calm');
      const counting = dyingAt(calm, Number.POSITIVE_INFINITY, 'before');
      await tidy(counting.dying);
      const expected = await stateOf(calm.root);
      expect(counting.calls()).toBeGreaterThan(60);
      for (let nth = 1; nth <= counting.calls(); nth += 3) {
        const when = nth % 2 === 0 ? 'before' : 'after';
        const lake = await copy(`dies-${nth}`);
        await expect(tidy(dyingAt(lake, nth, when).dying), `${when} call ${nth}`).rejects.toThrow(Died);
        const kept = await listed(lake);
        for (const run of some.filter(({ runId }) => kept.has(runId))) expect(await rowsLeft(lake, run)).toBe(1);
        await tidy(lake);
        expect(await stateOf(lake.root), `${when} call ${nth}`).toEqual(expected);
      }
    }),
);

test('two at once do what one does', () =>
  withCopies(async (copy) => {
    const calm = await copy('calm');
    await tidy(calm);
    const lake = await copy('two');
    await Promise.all([tidy(lake), tidy(lake)]);
    expect(await stateOf(lake.root)).toEqual(await stateOf(calm.root));
  }));

test('a run that was lately begun, and what it builds on, stays until nobody can go on with it', () =>
  withCopies(async (copy) => {
    const calm = await copy('calm');
    await tidy(calm);
    const kept = await listed(calm);
    const second = some.find(({ runId }) => !kept.has(runId)) as Run;
    const lake = await copy('pinned');
    const pinned = pinKey('2025-12-20', oldAttempt.runId);
    await writeJson(lake.store, pinned, { run_ids: [oldAttempt.runId, second.runId] });
    await tidy(lake);
    for (const run of [oldAttempt, second]) expect(await rowsLeft(lake, run)).toBe(1);
    expect((await listed(lake)).has(second.runId)).toBe(false);
    const later = { ...lake, clock: () => new Date('2026-01-06T00:00:00Z') };
    expect(await tidy(later)).toEqual({ nights: 0, runs: 2 });
    for (const run of [oldAttempt, second]) expect(await rowsLeft(lake, run)).toBe(0);
    expect(await readJson(lake.store, pinned)).toBeNull();
  }));

test('a night that is committed while old ones are taken off the list is published', () =>
  withCopies(async (copy) => {
    const lake = await copy('commit');
    const run = runOf(asOf + 1);
    await leaveRun(lake, run);
    let tidied = 0;
    const store: OpenLake['store'] = {
      ...lake.store,
      write: async (key, body, condition) => {
        if (key === publishedRunsKey && tidied++ === 0) expect((await tidy(lake)).nights).toBeGreaterThan(0);
        return lake.store.write(key, body, condition);
      },
    };
    const input = {
      night: { run, erasures: await erasuresState(lake.store) },
      horizon: { horizonDays: 90 },
      train: { modelId: 'm', trainedOn: run.asOf },
    } as StepInput<'commit'>;
    expect(await commit({ ...lake, store }, input)).toMatchObject({ published: true });
    const { nights } = await publishedNights(lake.store);
    expect(nights.find((night) => night.is_current)?.run_id).toBe(run.runId);
    expect(nights.length).toBeLessThan(some.length + 1);
  }));

describe('a claim', () => {
  const order = { order_id: '1', on: isoDate(asOf + 1), email: 'anna' };

  test('that finds a night taken off the list builds on what is left', () =>
    withCopies(async (copy) => {
      const lake = await copy('claims');
      await deliver(lake, { file: 'a.csv', orders: [order] });
      const before = await claim(lake, asOf + 1);
      let tidied = false;
      const store: OpenLake['store'] = {
        ...lake.store,
        write: async (key, body, condition) => {
          if (key.startsWith('runs/pins/') && !tidied) {
            tidied = true;
            await publishAll(lake, some.slice(0, -1));
          }
          return lake.store.write(key, body, condition);
        },
      };
      const after = await claim({ ...lake, store }, asOf + 1);
      expect(before.previous?.runId).toBe(some.at(-1)?.runId);
      expect(after.previous?.runId).toBe(some.at(-2)?.runId);
      expect(after.run.runId).not.toBe(before.run.runId);
    }));

  test('of a run that is being removed is refused', () =>
    withCopies(async (copy) => {
      const lake = await copy('refused');
      await deliver(lake, { file: 'a.csv', orders: [order] });
      const { run } = await claim(lake, asOf + 1);
      await writeJson(lake.store, removalKey(run), { is_done: false });
      await expect(claim(lake, asOf + 1)).rejects.toThrow(LakeAccessError);
      await writeJson(lake.store, removalKey(run), { is_done: true });
      expect((await claim(lake, asOf + 1)).run).toEqual({ ...run, attempt: 2 });
    }));
});

describe('of any history', () => {
  const nightsOf = (dates: readonly number[], horizonDays: number): PublishedRun[] =>
    dates.map((date, i) => ({
      as_of: date,
      run_id: `run ${date}`,
      is_current: i === dates.length - 1,
      model_id: 'm',
      horizon_days: horizonDays,
      trained_on: date,
    }));
  const history = fc.record({
    gaps: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 200 }),
    horizonDays: fc.integer({ min: 7, max: 400 }),
    keep: fc.integer({ min: 30, max: 500 }),
  });

  test('what the current night builds on is kept, and keeping is done once', () => {
    fc.assert(
      fc.property(history, ({ gaps, horizonDays, keep }) => {
        let date = 10_000;
        const nights = nightsOf(
          gaps.map((gap) => (date += gap)),
          horizonDays,
        );
        const kept = nightsToKeep(nights, keep);
        const earlier = (all: readonly PublishedRun[]) => nightsBefore(all, date);
        expect(earlier(kept).at(-1)).toEqual(earlier(nights).at(-1));
        expect(maturedNights(earlier(kept), date)).toEqual(maturedNights(earlier(nights), date));
        expect(nightsToKeep(kept, keep)).toEqual(kept);
        expect(kept.length).toBeLessThanOrEqual(keep + 60);
      }),
    );
  });

  test('nightly tidying leaves the watch a night in eight weeks for a year', () => {
    let nights: PublishedRun[] = [];
    const horizonDays = 60;
    for (let date = 10_000; date < 10_700; date++) {
      const runs = [...nights.map((night) => night.as_of), date];
      nights = nightsToKeep(nightsOf(runs, horizonDays), 30);
      if (date < 10_500) continue;
      const matured = maturedNights(nightsBefore(nights, date), date).map((night) => night.asOf);
      expect(date - (matured[0] ?? 0)).toBeLessThan(horizonDays + 28);
      for (const [i, older] of matured.slice(1).entries()) expect((matured[i] ?? 0) - older).toBeLessThan(56);
      expect(date - (matured.at(-1) ?? 0)).toBeGreaterThan(330);
      expect(nights.length).toBeLessThan(75);
    }
  });
});
