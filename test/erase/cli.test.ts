import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { winback } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { ada, shopOfTwo } from './shop-of-two.ts';

let folder: string;
const call = (...words: string[]) => winback([...words, '--lake', join(folder, 'lake')], { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-erase-'));
  await writeFile(join(folder, 'a.csv'), shopOfTwo);
  expect((await call('ingest', 'a.csv')).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('erase tells what goes, erases it, and says when nothing is left', { timeout: 60_000 }, async () => {
  const lake = join(folder, 'lake');
  const before = await hashesUnder(lake);
  const tried = await call('erase', ada.email, '--dry-run');
  expect(tried).toMatchObject({ code: 0, err: '' });
  expect(tried.out).toMatch(/Would erase a person known by 4 keys; nothing is changed yet/);
  expect(tried.out).toMatch(/order_versions +3 +1/);
  expect(await hashesUnder(lake)).toEqual(before);

  // what a process left that died while it wrote; another one is writing just now
  const [dead, alive] = ['00000000deadbeef', '00000000a11afeed'].map((name) => join(lake, `.${name}.part`)) as [
    string,
    string,
  ];
  for (const path of [dead, alive]) await writeFile(path, ada.email);
  await utimes(dead, new Date(0), new Date(0));
  const erased = await call('erase', ada.email, '--json');
  expect(erased.code).toBe(0);
  expect(JSON.parse(erased.out)).toMatchObject({ dry_run: false, keys: { length: 4 }, files: [] });
  const after = await hashesUnder(lake);
  expect([...after.keys()].filter((name) => name.endsWith('.part'))).toEqual(['.00000000a11afeed.part']);

  const again = await call('erase', ada.customer);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toMatch(/Nothing was left of a person known by 4 keys/);
});

test('whom the lake does not know is not recorded: exit code 3; nobody and two at once: 2', {
  timeout: 60_000,
}, async () => {
  const before = await hashesUnder(join(folder, 'lake'));
  const unknown = await call('erase', 'eve@mail.example');
  expect([unknown.code, unknown.out]).toEqual([3, '']);
  expect(unknown.err).toMatch(/tells nothing of this person, and nothing was recorded/);
  for (const words of [[], ['a', 'b'], ['guest']]) expect((await call('erase', ...words)).code).toBe(2);
  expect(await hashesUnder(join(folder, 'lake'))).toEqual(before);
  expect((await call('erase', 'eve@mail.example', '--force')).code).toBe(0);
});
