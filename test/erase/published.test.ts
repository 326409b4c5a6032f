import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { csvRecords } from '../../lambdas/erase/csv-records.ts';
import { seek } from '../../lambdas/erase/sought.ts';
import { publishedFolders, type SweptFile, sweepNight } from '../../lambdas/erase/sweep-published.ts';
import { latestManifestKey, publishedPrefix } from '../../lambdas/lake/zones.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { strictCsvRecords } from '../support/strict-csv.ts';

const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map(keyOf) as [string, string, string];
const gone = new Set([ada]);

async function sweepPublished(store: ObjectStore, erased: ReadonlySet<string>, isDry: boolean): Promise<SweptFile[]> {
  const swept: SweptFile[] = [];
  for (const night of await publishedFolders(store))
    swept.push(...(await sweepNight(store, night, seek(erased), isDry)));
  return swept;
}

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = async (key: string, store: ObjectStore = lake.store): Promise<string | null> => {
  const found = await store.read(key);
  return found && new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.body);
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const people = (keys: readonly string[]): string =>
  `\uFEFFposition,first_name,customer_key\r\n${keys.map((key, i) => `${i + 1},"a ""b"",\r\nc",${key}\r\n`).join('')}`;

const folder = (): string => publishedPrefix(lake.night.run);

/** A night that published a list and its upload, an audience of buyers, and a report. */
async function publishNight(known: readonly string[]) {
  const files = {
    [`${folder()}win_back/people.csv`]: people(known),
    [`${folder()}win_back/meta.csv`]: 'email\n0f0f0f\n',
    [`${folder()}exclude/buyers/people.csv`]: people([cleo]),
    [`${folder()}exclude/buyers/google.csv`]: 'Email\n1e1e1e\n',
  };
  const entries = Object.entries(files).map(([key, text]) => ({
    key,
    rows: key.endsWith('win_back/people.csv') ? known.length : 1,
    bytes: bytes(text).byteLength,
    sha256: sha256(text),
  }));
  const report = `${folder()}report.html`;
  const row = (key: string): string =>
    `<tr role="row"><th><abbr title="${key}">${key.slice(0, 10)}…</abbr></th></tr>\n`;
  const manifest = {
    as_of: '2024-06-30',
    run_id: 'test',
    lists: [{ campaign: 'win_back', rows: known.length }],
    files: entries,
    report,
  };
  for (const [file, text] of Object.entries(files)) await lake.store.write(file, bytes(text));
  await lake.store.write(report, bytes(`<table>\n<tr><th>head</th></tr>\n${known.map(row).join('')}</table>`));
  const text = bytes(`${JSON.stringify(manifest, null, 2)}\n`);
  await lake.store.write(`${folder()}manifest.json`, text);
  await lake.store.write(latestManifestKey, text);
}

interface Entry {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

const named = async (key: string, store: ObjectStore): Promise<Entry[]> =>
  (JSON.parse((await textOf(key, store)) ?? '') as { readonly files: Entry[] }).files;

/** What a reader who pulls by a manifest would find wrong. */
async function wrongWith(key: string, store: ObjectStore): Promise<string[]> {
  const wrong: string[] = [];
  for (const { key: file, sha256: hash, bytes: size } of await named(key, store)) {
    const text = await textOf(file, store);
    if (text === null || sha256(text) !== hash || bytes(text).byteLength !== size) wrong.push(file);
  }
  return wrong;
}

const objects = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of lake.store.list('published/')) keys.push(key);
  return keys;
};

test('a list loses its record, files of hashes go, and the manifests name what is there', async () => {
  await publishNight([ben, ada, cleo]);
  const swept = await sweepPublished(lake.store, gone, false);
  expect(swept).toEqual([
    { file: `${folder()}report.html`, records: 1 },
    { file: `${folder()}win_back/meta.csv`, records: null },
    { file: `${folder()}win_back/people.csv`, records: 1 },
  ]);
  const manifest = await textOf(`${folder()}manifest.json`);
  expect(await textOf(latestManifestKey)).toBe(manifest);
  const [list, ...others] = await named(latestManifestKey, lake.store);
  expect(others.map(({ key }) => key.slice(folder().length))).toEqual([
    'exclude/buyers/people.csv',
    'exclude/buyers/google.csv',
  ]);
  expect(list?.rows).toBe(2);
  expect(list?.key).toMatch(/win_back\/people-[0-9a-f]{8}\.csv$/);
  expect(await textOf(list?.key ?? '')).toBe(people([ben, ada, cleo]).replace(/2,"a ""b"",\r\nc",\w+\r\n/, ''));
  expect(await wrongWith(latestManifestKey, lake.store)).toEqual([]);
  expect(await objects()).toEqual(
    [
      latestManifestKey,
      `${folder()}manifest.json`,
      `${folder()}report.html`,
      ...[list, ...others].map((file) => file?.key),
    ].sort(),
  );
  for (const key of await objects()) expect(await textOf(key)).not.toContain(ada);
  expect(await textOf(`${folder()}report.html`)).toContain(`title="${ben}"`);
  expect(await sweepPublished(lake.store, gone, false)).toEqual([]);
});

test('a night that did not know the person keeps its files as they are', async () => {
  await publishNight([ben, cleo]);
  const before = await Promise.all((await objects()).map((key) => textOf(key)));
  expect(await sweepPublished(lake.store, gone, false)).toEqual([]);
  expect(await Promise.all((await objects()).map((key) => textOf(key)))).toEqual(before);
});

test('trying changes nothing and tells the same', async () => {
  await publishNight([ben, ada]);
  const before = await objects();
  const tried = await sweepPublished(lake.store, gone, true);
  expect(await objects()).toEqual(before);
  expect(await wrongWith(latestManifestKey, lake.store)).toEqual([]);
  expect(await sweepPublished(lake.store, gone, false)).toEqual(tried);
});

class Died extends Error {}

test('whoever reads a manifest finds its files, wherever the erasure dies; a second one ends it', async () => {
  await publishNight([ada, ben]);
  const start = new Map(await Promise.all((await objects()).map(async (key) => [key, await textOf(key)] as const)));
  let deaths = 0;
  for (let nth = 1; ; nth++) {
    for (const key of await objects()) await lake.store.remove(key);
    for (const [key, text] of start) await lake.store.write(key, bytes(text ?? ''));
    let changes = 0;
    const dies = () => {
      if (++changes >= nth) throw new Died();
    };
    const dying: ObjectStore = {
      ...lake.store,
      write: async (...given) => {
        dies();
        return lake.store.write(...given);
      },
      remove: async (key) => {
        dies();
        return lake.store.remove(key);
      },
    };
    const isDone = await sweepPublished(dying, gone, false).then(
      () => true,
      (error) => {
        if (error instanceof Died) return false;
        throw error;
      },
    );
    expect(await wrongWith(latestManifestKey, lake.store), `latest after ${nth - 1} changes`).toEqual([]);
    expect(await wrongWith(`${folder()}manifest.json`, lake.store), `manifest after ${nth - 1} changes`).toEqual([]);
    if (isDone) break;
    deaths++;
    await sweepPublished(lake.store, gone, false);
    expect(await wrongWith(latestManifestKey, lake.store)).toEqual([]);
    expect(await textOf(latestManifestKey)).toBe(await textOf(`${folder()}manifest.json`));
    for (const key of await objects()) expect(await textOf(key)).not.toContain(ada);
    expect((await objects()).filter((key) => key.includes('meta'))).toEqual([]);
  }
  // report, list, two manifests, two files
  expect(deaths).toBe(6);
});

test('records of a CSV are those of a strict reader, and joined again they are the text', () => {
  const csv = '\uFEFFa,b\r\n1,"x ""y"", z"\r\n"two\r\nlines",\r\n,\r\n"",last';
  const records = [...csvRecords(csv)];
  expect(records.map(({ cells }) => cells)).toEqual([
    ['a', 'b'],
    ['1', 'x "y", z'],
    ['two\r\nlines', ''],
    ['', ''],
    ['', 'last'],
  ]);
  expect(records.map(({ text }) => text).join('')).toBe(csv);
  expect([...csvRecords(people([ada, ben]))].slice(1).map(({ cells }) => cells)).toEqual(
    strictCsvRecords(people([ada, ben])).map((record) => Object.values(record)),
  );
  expect(() => [...csvRecords('a"b,c')]).toThrow(SyntaxError);
});
