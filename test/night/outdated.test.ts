import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimKey, pinKey, pinsPrefix, removalKey } from '../../lambdas/lake/zones.ts';
import { giveUp } from '../../lambdas/night/removals.ts';
import { tidy } from '../../lambdas/night/tidy.ts';
import { erasuresState, recordErasure } from '../../lambdas/platform/erasures.ts';
import { writeJson } from '../../lambdas/platform/json-objects.ts';
import { inFolder } from '../support/files.ts';
import { day } from '../support/lake.ts';
import { Died, dyingAt, filesOf, leaveRun, localLake, publishAll, rowsLeft, runOf, stateOf } from './many-nights.ts';

const keepDays = 30;
const night = runOf(day('2025-12-31'));
const died = runOf(day('2025-12-30'), 'died');

test('what a night left in which somebody was erased goes when it has given itself up, or nobody can go on with it', () =>
  inFolder(async (folder) => {
    const first = await localLake(join(folder, 'first'), keepDays);
    for (const run of [night, died]) await leaveRun(first, run);
    await publishAll(first, [night]);
    const pinned = pinKey('2025-12-31', died.runId);
    await writeJson(first.store, pinned, { run_ids: [died.runId] });
    const before = await erasuresState(first.store);
    for (const run of [died, night]) {
      await writeJson(first.store, claimKey(run), { run_id: run.runId, erasures: before });
    }
    await tidy(first);
    await recordErasure(first.store, ['somebody']);
    await tidy(first);
    expect(await rowsLeft(first, died), 'somebody may be at work on it').toBe(1);
    await first.close();

    const calls = async (name: string, nth: number, when: 'before' | 'after') => {
      await cp(first.root, `${first.root}-${name}`, { recursive: true });
      const lake = await localLake(`${first.root}-${name}`, keepDays);
      await giveUp(lake.store, died);
      return { lake, ...dyingAt(lake, nth, when) };
    };
    const calm = await calls('calm', Number.POSITIVE_INFINITY, 'before');
    expect(await tidy(calm.dying)).toEqual({ nights: 0, runs: 1 });
    expect(await filesOf(calm.lake.root, died)).toEqual([]);
    expect(await rowsLeft(calm.lake, night), 'the current night stays').toBe(1);
    const expected = await stateOf(calm.lake.root);
    for (let nth = 1; nth <= calm.calls(); nth += 3) {
      const { lake, dying } = await calls(`${nth}`, nth, nth % 2 === 0 ? 'before' : 'after');
      await expect(tidy(dying), `call ${nth}`).rejects.toThrow(Died);
      await tidy(lake);
      expect(await stateOf(lake.root), `call ${nth}`).toEqual(expected);
      await lake.close();
    }
    await calm.lake.close();
    const late = await calls('late', Number.POSITIVE_INFINITY, 'before');
    await late.lake.store.remove(removalKey(died));
    const fifteenDaysOn = { ...late.lake, clock: () => new Date('2026-01-17T00:00:00Z') };
    expect(await tidy(fifteenDaysOn)).toEqual({ nights: 0, runs: 1 });
    await late.lake.close();
  }));

test.each(['as its removal is noted', 'as pins are read'])('a run that gives itself up %s is removed', (moment) =>
  inFolder(async (root) => {
    const lake = await localLake(root, keepDays);
    for (const run of [night, died]) await leaveRun(lake, run);
    await publishAll(lake, [night]);
    await writeJson(lake.store, pinKey('2025-12-31', died.runId), { run_ids: [died.runId] });
    await writeJson(lake.store, claimKey(died), { run_id: died.runId, erasures: await erasuresState(lake.store) });
    await recordErasure(lake.store, ['somebody']);
    let isOver = false;
    const giveUpOnce = async (): Promise<void> => {
      if (!isOver) await giveUp(lake.store, died);
      isOver = true;
    };
    const store: typeof lake.store = {
      ...lake.store,
      write: async (key, ...given) => {
        if (moment === 'as its removal is noted' && key === removalKey(died)) await giveUpOnce();
        return lake.store.write(key, ...given);
      },
      async *list(prefix) {
        if (moment === 'as pins are read' && prefix === pinsPrefix) await giveUpOnce();
        yield* lake.store.list(prefix);
      },
    };
    await tidy({ ...lake, store });
    expect(isOver).toBe(true);
    await tidy(lake);
    expect(await rowsLeft(lake, died)).toBe(0);
    expect(await filesOf(lake.root, died)).toEqual([]);
    await lake.close();
  }),
);
