import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runLedger } from '../../lambdas/lake/tables/runs.ts';
import { ledgerKey, stepResultKey } from '../../lambdas/lake/zones.ts';
import type { Night } from '../../lambdas/pipeline.ts';
import { codeVersion } from '../../lambdas/platform/code-version.ts';
import { GateFailed } from '../../lambdas/platform/errors.ts';
import { decodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { accounted } from '../../lambdas/platform/run-ledger.ts';
import { runStep } from '../../lambdas/platform/run-step.ts';
import { type TestLake, testLake } from '../support/lake.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const attempt = (number: number): Night => ({ ...lake.night, run: { ...lake.night.run, attempt: number } });
const ledger = async (night: Night, step: string) => {
  const found = await lake.store.read(ledgerKey(night.run, step));
  return found && decodeJsonRows(runLedger, found.body);
};

describe('a step', () => {
  test('is done once per run: a second attempt gets the result that was kept', async () => {
    let calls = 0;
    const step = async () => ({ periods: ++calls, cohorts: 5 });
    const input = { night: lake.night, horizon: {} as never };
    const first = await runStep(lake, 'retention', step, input);
    const again = await runStep(lake, 'retention', step, { ...input, night: attempt(2) });
    expect(first).toEqual({ periods: 1, cohorts: 5 });
    expect(again).toEqual(first);
    expect(calls).toBe(1);
    expect(await ledger(attempt(2), 'retention')).toBeNull();
    const [entry] = (await ledger(lake.night, 'retention'))!;
    expect(entry).toMatchObject({
      entry: 'step',
      verdict: 'done',
      rows: 1,
      attempt: 1,
      seconds: 0,
      started_at: '2026-01-01T00:00:00.000Z',
    });
  });

  test('of another run is done for itself', async () => {
    let calls = 0;
    const step = async () => ({ periods: ++calls, cohorts: 5 });
    const other = { ...lake.night, run: { ...lake.night.run, runId: 'another' } };
    await runStep(lake, 'retention', step, { night: lake.night, horizon: {} as never });
    await runStep(lake, 'retention', step, { night: other, horizon: {} as never });
    expect(calls).toBe(2);
  });

  test('that fails says so in the ledger, leaves no result, and is tried again', async () => {
    const failing = async () => {
      throw new Error('the disk is full');
    };
    const input = { night: lake.night, horizon: {} as never };
    await expect(runStep(lake, 'retention', failing, input)).rejects.toThrow('the disk is full');
    expect(await lake.store.read(stepResultKey(lake.night.run, 'retention'))).toBeNull();
    expect(await ledger(lake.night, 'retention')).toMatchObject([
      { entry: 'step', verdict: 'failed', message: 'the disk is full', rows: null },
    ]);
    const done = await runStep(lake, 'retention', async () => ({ periods: 2, cohorts: 1 }), {
      ...input,
      night: attempt(2),
    });
    expect(done.periods).toBe(2);
    expect(await ledger(attempt(2), 'retention')).toMatchObject([{ verdict: 'done', attempt: 2 }]);
  });

  test('costs what its statements scanned and what its function took, at the prices of the settings', async () => {
    const input = { night: lake.night, horizon: {} as never };
    const times = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:10Z'].map((time) => new Date(time));
    let asked = 0;
    const engine = {
      ...lake.engine,
      scanned: () => (asked++ === 0 ? { bytes: 1e6, billedBytes: 1e7 } : { bytes: 5e11, billedBytes: 5e11 + 1e7 }),
    };
    const clock = () => times.shift() ?? new Date(0);
    const context = { ...lake, engine, clock, memoryMb: 2048 };
    await runStep(context, 'retention', async () => ({ periods: 1, cohorts: 1 }), input);
    const [entry] = (await ledger(lake.night, 'retention'))!;
    // half a terabyte at 5, twenty gigabyte-seconds at 0.0000133334
    expect(entry).toMatchObject({ bytes_scanned: 5e11 - 1e6, seconds: 10, cost: 2.500266668 });
    await runStep(lake, 'horizon', async () => ({}) as never, { night: lake.night });
    expect(await ledger(lake.night, 'horizon')).toMatchObject([{ bytes_scanned: null, cost: null }]);
  });

  test('that is done in parts has a line for each, tried again or not', async () => {
    const work = { run: lake.night.run, step: 'score', part: 7 };
    const context = { ...lake, memoryMb: 4096 };
    const died = async () => {
      throw new Error('out of luck');
    };
    await expect(accounted(context, work, died, () => ({ rows: 0 }))).rejects.toThrow('out of luck');
    expect(await ledger(lake.night, 'score-00007')).toMatchObject([{ verdict: 'failed', rows: null, cost: 0 }]);
    expect(
      await accounted(
        context,
        work,
        async () => 12,
        (rows) => ({ rows }),
      ),
    ).toBe(12);
    expect(await ledger(lake.night, 'score-00007')).toMatchObject([
      { step: 'score', entry: 'part:00007', verdict: 'done', rows: 12, seconds: 0 },
    ]);
    expect(await ledger(lake.night, 'score')).toBeNull();
  });

  test('commit looks each time, because what is published may have changed meanwhile', async () => {
    let calls = 0;
    const step = async () => ({ published: ++calls === 1, replacedLater: null });
    const input = { night: lake.night } as never;
    expect(await runStep(lake, 'commit', step, input)).toEqual({ published: true, replacedLater: null });
    expect(await runStep(lake, 'commit', step, input)).toEqual({ published: false, replacedLater: null });
    expect(await lake.store.read(stepResultKey(lake.night.run, 'commit'))).toBeNull();
  });

  test('leaves a ledger entry per gate, whether the night passes or not', async () => {
    const verdicts = [
      { gate: 'sales', verdict: 'passed', message: '12 sales' },
      { gate: 'volume', verdict: 'failed', message: '40 % are left' },
    ] as const;
    const input = { night: lake.night, curate: {} as never };
    const refuse = async () => {
      throw new GateFailed(verdicts);
    };
    await expect(runStep(lake, 'gates', refuse, input)).rejects.toThrow('volume: 40 % are left');
    expect((await ledger(lake.night, 'gates'))!.map((row) => [row.entry, row.verdict])).toEqual([
      ['step', 'failed'],
      ['gate:sales', 'passed'],
      ['gate:volume', 'failed'],
    ]);
    const pass = async () => ({ gates: [verdicts[0]] });
    await runStep(lake, 'gates', pass, { ...input, night: attempt(2) });
    expect((await ledger(attempt(2), 'gates'))!.map((row) => [row.entry, row.verdict, row.message])).toEqual([
      ['step', 'done', null],
      ['gate:sales', 'passed', '12 sales'],
    ]);
  });
});

test('the code version is a hash over every source file of the pipeline, names and bytes', () => {
  const root = fileURLToPath(new URL('../../lambdas/', import.meta.url));
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  const inTreeOrder = (a: string, b: string): number => {
    const [p, q] = [a.split('/'), b.split('/')];
    const at = p.findIndex((part, i) => part !== q[i]);
    return (p[at] ?? '') < (q[at] ?? '') ? -1 : 1;
  };
  const hash = createHash('sha256');
  for (const path of paths.sort(inTreeOrder)) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  expect(codeVersion()).toBe(hash.digest('hex').slice(0, 16));
});
