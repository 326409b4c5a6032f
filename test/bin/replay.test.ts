import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import type { Ended } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { smallShopSecret, winbackIn, writeOrders } from './small-shop.ts';

let folder: string;
let run: (...words: string[]) => Promise<Ended>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-replay-'));
  run = winbackIn(folder);
  await run('run', '--orders', await writeOrders(folder, 'early.csv', 40), '--lake', 'lake', '--as-of', '2024-04-27');
  await run('run', '--orders', await writeOrders(folder), '--lake', 'lake');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Row {
  readonly name: string;
  readonly published: number | null;
  readonly replayed: number | null;
}

const of = (rows: readonly Row[], name: string): Row => rows.find((row) => row.name === name)!;

describe('winback replay', () => {
  test('computes a night anew as it would be today, and leaves the lake as it was', async () => {
    const before = await hashesUnder(join(folder, 'lake'));
    const told = await run('replay', '2024-06-26', '--lake', 'lake');
    expect([told.code, told.err]).toEqual([0, '']);
    expect(told.out).toContain('Nothing differs from what was published.');
    expect(told.out).toMatch(/buyers +9 +9$/m);
    expect(await hashesUnder(join(folder, 'lake'))).toEqual(before);
  });

  test('shows how the figures differ where orders are known today that were not', async () => {
    await writeFile(
      join(folder, 'late.csv'),
      'order_id,customer_id,email,order_ts,total,currency\n900,c77,c77@shop.example,2024-04-20T10:00:00Z,99.00,EUR\n',
    );
    await run('ingest', 'late.csv', '--lake', 'lake');
    const before = await hashesUnder(join(folder, 'lake'));
    const { code, out } = await run('replay', '2024-04-27', '--lake', 'lake', '--json', '--report', 'then.html');
    const told = JSON.parse(out);
    expect([code, told.as_of]).toEqual([0, '2024-04-27']);
    expect(of(told.figures, 'exports')).toEqual({ name: 'exports', published: 1, replayed: 3 });
    expect(of(told.figures, 'buyers')).toMatchObject({ published: 9, replayed: 10 });
    expect(of(told.figures, 'net_revenue')).toMatchObject({ published: 1180, replayed: 1279 });
    expect(told.lists.map((list: Row) => list.name)).toContain('win_back_high');
    expect(await hashesUnder(join(folder, 'lake'))).toEqual(before);
    expect(await readFile(join(folder, 'then.html'), 'utf8')).toMatch(/^<!doctype html>.*2024-04-27/is);
  });

  test('a date of which no night is published', async () => {
    const { code, out } = await run('replay', '2024-05-15', '--lake', 'lake');
    expect(code).toBe(0);
    expect(out).toContain('No night of 2024-05-15 is published; this is what it would be today.');
    expect(out).toMatch(/^ {2}figure +replayed$/m);
  });

  test('a gate that fails, a date before all orders, and no date are said in a sentence', async () => {
    const before = await hashesUnder(join(folder, 'lake'));
    expect(await run('replay', '2024-12-31', '--lake', 'lake')).toMatchObject({
      code: 4,
      err: expect.stringContaining('freshness'),
    });
    expect(await run('replay', '2023-01-01', '--lake', 'lake')).toMatchObject({ code: 3 });
    expect(await run('replay', '--lake', 'lake')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no date is named/),
    });
    expect(await hashesUnder(join(folder, 'lake'))).toEqual(before);
  });
});

const program = fileURLToPath(new URL('../../bin/winback.js', import.meta.url));

describe.each([
  ['winback replay', ['replay', '2024-05-15']],
  ['winback backtest', ['backtest', '--as-of', '2024-05-15']],
])('%s', (_, words) => {
  test.each(['SIGINT', 'SIGTERM'] as const)('stopped by %s leaves the lake as it was', async (signal) => {
    const before = await hashesUnder(join(folder, 'lake'));
    const env = { ...process.env, NODE_OPTIONS: '', WINBACK_SECRET: smallShopSecret };
    const child = spawn(process.execPath, [program, ...words, '--lake', 'lake'], { cwd: folder, env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    const curated = join(folder, 'lake/runs/orders/as_of=2024-05-15');
    while (!existsSync(curated) && child.exitCode === null) await setTimeout(5);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(await hashesUnder(join(folder, 'lake'))).toEqual(before);
  });
});

describe('winback explain', () => {
  test('takes the beginning of a key, as the report shows it', async () => {
    const key = await run('explain', 'c1', '--lake', 'lake', '--json');
    const { customer_key } = JSON.parse(key.out).customers[0] as { customer_key: string };
    for (const word of [`${customer_key.slice(0, 10)}…`, customer_key.slice(0, 8)]) {
      expect((await run('explain', word, '--lake', 'lake')).out).toContain(`key ${customer_key}`);
    }
    expect((await run('explain', customer_key.slice(0, 7), '--lake', 'lake')).code).toBe(3);
  });

  test('refuses one that is the beginning of several keys, and says of how many', async () => {
    const keys = identityKeys(smallShopSecret);
    const seen = new Map<string, string>();
    const pair: string[] = [];
    for (let n = 0; pair.length === 0; n++) {
      const key = keys.pseudonym('customer', `shop:x${n}`);
      const other = seen.get(key.slice(0, 8));
      if (other !== undefined) pair.push(other, `x${n}`, key.slice(0, 8));
      seen.set(key.slice(0, 8), `x${n}`);
    }
    const [one, other, beginning] = pair as [string, string, string];
    const rows = [one, other].map((id, i) => `${i},${id},2024-01-0${i + 1},5.00,EUR`);
    await writeFile(join(folder, 'twins.csv'), ['order_id,customer_id,order_ts,total,currency', ...rows].join('\n'));
    expect((await run('run', '--orders', 'twins.csv', '--lake', 'twins')).code).toBe(0);
    const { code, err } = await run('explain', beginning, '--lake', 'twins');
    expect([code, err]).toEqual([2, expect.stringContaining(`the keys of 2 buyers begin with ${beginning}`)]);
  });
});
